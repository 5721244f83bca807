import type { Resumption } from '@tandem/core';
import type { Transport } from '../history/event.ts';
import type { Step } from '../plan/plan.ts';

/** The means to resume a session, and the id of the login or resume that began it. */
export interface SessionResumption extends Resumption {
  readonly session: string;
}

/** A user behind the last step, and the sessions of theirs that may be resumed. */
export interface LeftUser {
  readonly user: string;
  readonly resumptions: readonly SessionResumption[];
}

/** An actor, as a client process is told of it. */
export interface ActorOrder {
  /** Begins every id that the actor makes up; no other life of any actor has it. */
  readonly name: string;
  readonly transport: Transport;
  /** Where it connects to. */
  readonly host: string;
  readonly port: number;
  readonly steps: readonly Step[];
  /** The session that an earlier life of the actor had when it was killed. */
  readonly resumption: SessionResumption | undefined;
  /** Whose mailboxes it empties, and which accounts it deletes, behind its steps. */
  readonly cleansUp: readonly LeftUser[];
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
