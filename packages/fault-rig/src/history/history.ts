import type { CallEvent, FaultEvent, HistoryEvent, TookEvent } from './event.ts';

/** A request and its outcome. */
export interface Operation extends Omit<CallEvent, 'kind' | 'atMs'> {
  readonly startMs: number;
  /** The time of the response; infinite without one, since the server may carry it out at any time. */
  readonly endMs: number;
  /** The status; undefined without a response. */
  readonly status: number | undefined;
  readonly unread: number | undefined;
  /** The token to resume the session with; undefined where none was given. */
  readonly token: string | undefined;
}

/** A message that a consumer took. */
export type Taking = Omit<TookEvent, 'kind'>;

/** All requests, responses and received messages, in the order of time. */
export interface History {
  readonly operations: readonly Operation[];
  readonly takings: readonly Taking[];
  /** The faults that the rig caused meanwhile. */
  readonly faults: readonly FaultEvent[];
}

/** Puts the journals of several processes together. */
export function historyOf(events: Iterable<HistoryEvent>): History {
  const operations = new Map<string, Operation>();
  const takings: Taking[] = [];
  const faults: FaultEvent[] = [];
  for (const event of [...events].sort((a, b) => a.atMs - b.atMs)) {
    switch (event.kind) {
      case 'call':
        operations.set(event.id, begun(event));
        break;
      case 'response':
        operations.set(event.id, {
          ...operationOf(operations, event.id),
          endMs: event.atMs,
          status: event.status,
          unread: event.unread,
          token: event.token,
        });
        break;
      case 'broken':
        break;
      case 'took':
        takings.push(event);
        break;
      case 'fault':
        faults.push(event);
    }
  }
  return { operations: [...operations.values()], takings, faults };
}

function begun({ kind: _, atMs, ...call }: CallEvent): Operation {
  const open = {
    endMs: Number.POSITIVE_INFINITY,
    status: undefined,
    unread: undefined,
    token: undefined,
  };
  return { ...call, startMs: atMs, ...open };
}

function operationOf(operations: ReadonlyMap<string, Operation>, id: string): Operation {
  const operation = operations.get(id);
  if (operation === undefined) throw new Error(`a response to ${id}, which nobody asked`);
  return operation;
}
