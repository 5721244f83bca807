import type { Operation, Taking } from '../history/history.ts';
import type { Evidence } from './evidence.ts';
import type { Violation } from './violation.ts';

/**
 * Checks that messages from one user to another arrive in the order of their sends: within each session,
 * and from one session to the next. [P-6.6]
 */
export function checkOrder(evidence: Evidence): Violation[] {
  return [...evidence.users].flatMap((recipient) => {
    const takings = evidence.sessionsOf(recipient).flatMap((session) => session.takings);
    const bySender = Map.groupBy(takings, ({ sender }) => sender).values();
    return [...bySender].flatMap((fromOne) => firstInversion(evidence, fromOne) ?? []);
  });
}

function firstInversion(evidence: Evidence, takings: readonly Taking[]): Violation | undefined {
  for (const [i, taking] of takings.entries()) {
    const sent = evidence.sends.get(taking.message);
    if (sent === undefined) continue;
    // Takings are in the order of their sessions, so later messages come after it in the list.
    for (const other of takings.slice(i + 1)) {
      const before = evidence.sends.get(other.message);
      if (before === undefined || !certainlySentBefore(evidence, before, sent)) continue;
      if (cameOnlyAfter(evidence, other, taking)) {
        return inversion(evidence, [before, sent], [taking, other]);
      }
    }
  }
  return undefined;
}

/** Returns true if the server certainly took one send before the other, of the same sender. */
function certainlySentBefore(evidence: Evidence, a: Operation, b: Operation): boolean {
  if (a.endMs < b.startMs) return true;
  // Unary calls that overlap have no order among themselves.
  if (a.session === b.session) return a.transport !== 'unary' && a.startMs < b.startMs;
  return certainlyEarlier(evidence, a.session, b.session);
}

/**
 * Returns whether it came after `taking`, which is before it in the list, and had not come before
 * in another session.
 */
function cameOnlyAfter(evidence: Evidence, other: Taking, taking: Taking): boolean {
  if (other.session === taking.session) return true;
  return evidence
    .takingsOf(other.message)
    .every(({ session }) => certainlyEarlier(evidence, taking.session, session));
}

/** Returns true if one session was over when the other began; a user has one at a time. */
function certainlyEarlier(evidence: Evidence, a: string, b: string): boolean {
  const [loginA, loginB] = [evidence.sessions.get(a)?.login, evidence.sessions.get(b)?.login];
  return loginA !== undefined && loginB !== undefined && loginA.endMs < loginB.startMs;
}

function inversion(
  evidence: Evidence,
  sends: readonly [Operation, Operation],
  takings: readonly [Taking, Taking],
): Violation {
  const sessions = [...sends, ...takings].map(
    ({ session }) => evidence.sessions.get(session)?.login,
  );
  const operations = new Set([...sessions, ...sends].filter((part) => part !== undefined));
  const [first, second] = sends;
  return {
    rule: 'out-of-order',
    what: `${first.user} sent ${first.message} to ${first.to} before ${second.message}, and it came after`,
    operations: [...operations].sort((a, b) => a.startMs - b.startMs),
    takings,
  };
}
