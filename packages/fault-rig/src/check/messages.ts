import type { Operation, Taking } from '../history/history.ts';
import type { Evidence } from './evidence.ts';
import { applied, confirms, mayHaveApplied } from './outcome.ts';
import type { Violation } from './violation.ts';

/** Checks that each received message was sent: by that user, to this one, and not refused. [P-4.4] */
export function checkInvented(evidence: Evidence): Violation[] {
  return evidence.takings.flatMap((taking) => {
    const send = evidence.sends.get(taking.message);
    const reason = whyInvented(taking, send);
    if (reason === undefined) return [];
    const what = `${taking.user} received ${taking.message} from ${taking.sender}: ${reason}`;
    const operations = send === undefined ? [] : [send];
    return [{ rule: 'invented', what, operations, takings: [taking] }];
  });
}

function whyInvented(taking: Taking, send: Operation | undefined): string | undefined {
  if (send === undefined) return 'nobody sent it';
  if (send.user !== taking.sender) return `${send.user} sent it`;
  if (send.to !== taking.user) return `it was sent to ${send.to}`;
  if (send.startMs > taking.atMs) return 'it was sent later';
  return mayHaveApplied(send) ? undefined : `its send was answered ${send.status}`;
}

/** Checks that a session has each message once. */
export function checkRepeated(evidence: Evidence): Violation[] {
  return [...evidence.sessions.values()].flatMap(({ login, takings, user }) => {
    const seen = new Map<string, Taking>();
    return takings.flatMap((taking) => {
      const first = seen.get(taking.message);
      seen.set(taking.message, taking);
      if (first === undefined) return [];
      const what = `${user} received ${taking.message} twice in one session`;
      return [{ rule: 'repeated', what, operations: [login], takings: [first, taking] }];
    });
  });
}

/**
 * Checks that an acknowledged message does not come again, once a response has confirmed the
 * acknowledgement. [P-5.2]
 */
export function checkReturned(evidence: Evidence): Violation[] {
  return evidence.takings.flatMap((again) => {
    const into = evidence.sessions.get(again.session)?.login;
    const others = evidence.takingsOf(again.message);
    if (into === undefined || others.length < 2) return [];
    for (const taking of others) {
      const session = evidence.sessions.get(taking.session);
      const confirmation = session?.operations.find(
        (operation) => operation.startMs > taking.atMs && confirms(operation),
      );
      if (session === undefined || confirmation === undefined) continue;
      if (confirmation.endMs >= into.startMs) continue;
      const what = `${again.user} received ${again.message} again, though it was acknowledged`;
      const operations = [session.login, confirmation, into];
      return [{ rule: 'returned', what, operations, takings: [taking, again] }];
    }
    return [];
  });
}

/** Checks that a mailbox is deleted with its account, and the next user of the name has an empty one. [P-4.6] */
export function checkDeleted(evidence: Evidence): Violation[] {
  return [...evidence.sessions.values()].flatMap(({ login, user, takings }) => {
    const deletion = evidence
      .deletesOf(user)
      .findLast((other) => applied(other) && other.endMs < login.startMs);
    if (deletion === undefined) return [];
    const kept = takings.flatMap((taking) => keptMessage(evidence, deletion, login, taking));
    return [...kept, ...tooManyUnread(evidence, deletion, login)];
  });
}

function keptMessage(
  evidence: Evidence,
  deletion: Operation,
  login: Operation,
  taking: Taking,
): Violation[] {
  const send = evidence.sends.get(taking.message);
  const earlier = evidence.takingsOf(taking.message).find(({ atMs }) => atMs < deletion.startMs);
  const wasThere = send !== undefined && applied(send) && send.endMs < deletion.startMs;
  if (!wasThere && earlier === undefined) return [];
  const what = `${login.user} received ${taking.message}, which was in a mailbox that was deleted`;
  const operations = [...(wasThere ? [send] : []), deletion, login];
  const takings = [...(wasThere || earlier === undefined ? [] : [earlier]), taking];
  return [{ rule: 'deleted-kept', what, operations, takings }];
}

function tooManyUnread(evidence: Evidence, deletion: Operation, login: Operation): Violation[] {
  const since = evidence
    .sendsTo(login.user)
    .filter((s) => mayHaveApplied(s) && s.endMs > deletion.startMs && s.startMs < login.endMs);
  const unread = login.unread ?? 0;
  if (unread <= since.length) return [];
  const what = `${login.user} had ${unread} unread, of which at most ${since.length} were sent after the deletion`;
  const operations = [deletion, ...since, login].sort((a, b) => a.startMs - b.startMs);
  return [{ rule: 'deleted-kept', what, operations, takings: [] }];
}
