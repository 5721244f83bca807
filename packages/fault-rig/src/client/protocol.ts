import type { Transport } from '../history/event.ts';
import type { Step } from '../plan/plan.ts';

/** An actor, as a client process is told of it. */
export interface ActorOrder {
  /** Begins every id that the actor makes up; no other life of any actor has it. */
  readonly name: string;
  readonly transport: Transport;
  /** Where it connects to. */
  readonly host: string;
  readonly port: number;
  readonly steps: readonly Step[];
  /** Whose mailboxes it empties, and which accounts it deletes, behind its steps. */
  readonly cleansUp: readonly string[];
}

/** What a client process is told, once. */
export interface ClientOrders {
  readonly kind: 'start';
  readonly journalPath: string;
  /** When the round began, on the machine's monotonic clock. */
  readonly startedAtMs: number;
  /** No step begins later in the round. */
  readonly durationMs: number;
  readonly actors: readonly ActorOrder[];
}

/** What the rig says to a client process. To stop is to begin no other step, and leave. */
export type ToClient = ClientOrders | { readonly kind: 'stop' };

/** What a client process says to the rig. */
export type FromClient =
  | { readonly kind: 'ready' }
  /** Every actor is through. */
  | { readonly kind: 'done'; readonly troubles: readonly string[] };
