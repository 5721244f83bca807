import type { Operation, Taking } from '../history/history.ts';
import type { Evidence } from './evidence.ts';
import type { Violation } from './violation.ts';

/** Messages from one user to another arrive in the order in which they were sent. [P-6.6] */
export function checkOrder(evidence: Evidence): Violation[] {
  return [...evidence.users].flatMap((recipient) => {
    const appearances = evidence.sessionsOf(recipient).map(({ takings }) => takings);
    const first = firstAppearances(appearances.flat());
    // By first appearance across sessions, and again within each: what comes again comes in order.
    return [first, ...appearances].flatMap((takings) => checkSequence(evidence, takings));
  });
}

function firstAppearances(takings: readonly Taking[]): Taking[] {
  const seen = new Set<string>();
  return takings.filter(({ message }) => {
    const isFirst = !seen.has(message);
    seen.add(message);
    return isFirst;
  });
}

function checkSequence(evidence: Evidence, takings: readonly Taking[]): Violation[] {
  const violations: Violation[] = [];
  for (const fromOne of Map.groupBy(takings, ({ sender }) => sender).values()) {
    const wrong = firstInversion(evidence, fromOne);
    if (wrong !== undefined) violations.push(wrong);
  }
  return violations;
}

function firstInversion(evidence: Evidence, takings: readonly Taking[]): Violation | undefined {
  for (const [i, earlier] of takings.entries()) {
    const sent = evidence.sends.get(earlier.message);
    if (sent === undefined) continue;
    for (const later of takings.slice(i + 1)) {
      const other = evidence.sends.get(later.message);
      if (other !== undefined && certainlyBefore(evidence, other, sent)) {
        return inversion(evidence, [other, sent], [earlier, later]);
      }
    }
  }
  return undefined;
}

/** Whether the server took the one send before the other, of the same sender. */
function certainlyBefore(evidence: Evidence, a: Operation, b: Operation): boolean {
  if (a.endMs < b.startMs) return true;
  // Unary calls that overlap have no order among themselves.
  if (a.session === b.session) return a.transport !== 'unary' && a.startMs < b.startMs;
  // The earlier session was over when the later began, and nothing is sent in one that is over.
  const [inA, inB] = [evidence.sessions.get(a.session), evidence.sessions.get(b.session)];
  return inA !== undefined && inB !== undefined && inA.login.endMs < inB.login.startMs;
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
