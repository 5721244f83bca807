import type { Operation } from '../history/history.ts';
import type { Evidence, SessionRecord } from './evidence.ts';
import { applied, mayHaveApplied } from './outcome.ts';
import type { Violation } from './violation.ts';

/** Checks that a message with the response 24 or 25 is delivered, or still in its mailbox. [P-5.2] */
export function checkLost(evidence: Evidence): Violation[] {
  return [...evidence.sends.values()].filter(applied).flatMap((send) => {
    const witness = shortest(
      evidence.sessionsOf(send.to ?? '').filter((session) => lacks(evidence, session, send)),
    );
    if (witness === undefined) return [];
    const what = `${send.message} was answered ${send.status}, and ${send.to} logged in later without it`;
    return [{ rule: 'lost', what, operations: [send, witness.login], takings: witness.takings }];
  });
}

/** Returns true if this session shows a mailbox that lacks the message. */
function lacks(evidence: Evidence, session: SessionRecord, send: Operation): boolean {
  const { login, takings } = session;
  if (login.startMs <= send.endMs || takings.length < (login.unread ?? 0)) return false;
  const taken = evidence.takingsOf(send.message ?? '').some(({ session }) => {
    const other = evidence.sessions.get(session)?.login;
    return other === undefined || other.startMs <= login.endMs;
  });
  return !taken && !deletedBetween(evidence, send, login);
}

function deletedBetween(evidence: Evidence, send: Operation, login: Operation): boolean {
  return evidence
    .deletesOf(login.user)
    .some((d) => mayHaveApplied(d) && d.endMs > send.startMs && d.startMs < login.endMs);
}

// Returns the session that shows it with the fewest messages.
function shortest(sessions: readonly SessionRecord[]): SessionRecord | undefined {
  return sessions.toSorted((a, b) => a.takings.length - b.takings.length)[0];
}
