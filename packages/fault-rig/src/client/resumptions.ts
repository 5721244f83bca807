import type { HistoryEvent } from '../history/event.ts';
import type { SessionResumption } from './protocol.ts';

/**
 * Returns the sessions that actors had when their process was killed, by the actor, as far as the journal of the
 * process shows them. A message that the journal has as taken may not be acknowledged.
 *
 * @param events of all lives of the process, in their order
 */
export function resumptionsIn(
  events: readonly HistoryEvent[],
): ReadonlyMap<string, SessionResumption> {
  const byActor = new Map<string, SessionResumption>();
  const users = new Map<string, string>();
  const taken = new Map<string, number>();
  for (const event of events) {
    if (event.kind === 'call') {
      users.set(event.id, event.user);
      // The server may have carried it out.
      if (event.name === 'logout' || event.name === 'delete') byActor.delete(actorOf(event.id));
    } else if (event.kind === 'response' && event.token !== undefined) {
      const { id: session, token } = event;
      byActor.set(actorOf(session), {
        username: users.get(session) ?? '',
        token,
        taken: 0,
        session,
      });
    } else if (event.kind === 'took') {
      // Messages may come before the response.
      taken.set(event.session, (taken.get(event.session) ?? 0) + 1);
    }
  }
  for (const [actor, known] of byActor) {
    byActor.set(actor, { ...known, taken: taken.get(known.session) ?? 0 });
  }
  return byActor;
}

// An id begins with the number of its actor and of the actor's life.
function actorOf(id: string): string {
  return /^c\d+/.exec(id)?.[0] ?? '';
}
