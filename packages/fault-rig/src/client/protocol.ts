import type { Resumption } from '@tandem/core';
import type { Transport } from '../history/event.ts';
import type { Step } from '../plan/plan.ts';

/** The means to resume a session, and the id of the login or resume that began it. */
export interface SessionResumption extends Resumption {
  readonly session: string;
}

/** A user after the last step, and their sessions that may be resumed. */
export interface LeftUser {
  readonly user: string;
  readonly resumptions: readonly SessionResumption[];
}

/** The orders for one actor of a client process. */
export interface ActorOrder {
  /** The prefix of every id that the actor makes; no other life of any actor has it. */
  readonly name: string;
  readonly transport: Transport;
  /** The host that it connects to. */
  readonly host: string;
  readonly port: number;
  /** The fingerprint of the server's certificate, to speak TLS; undefined to speak none. */
  readonly fingerprint: string | undefined;
  readonly steps: readonly Step[];
  /** The session that an earlier life of the actor had when it was killed. */
  readonly resumption: SessionResumption | undefined;
  /** The users whose mailboxes it empties, or whose accounts it deletes, after its steps. */
  readonly cleansUp: readonly LeftUser[];
}

/** The orders of a client process, which are sent once. */
export interface ClientOrders {
  readonly kind: 'start';
  readonly journalPath: string;
  /** The beginning of the round, on the machine's monotonic clock. */
  readonly startedAtMs: number;
  /** No step begins later in the round. */
  readonly durationMs: number;
  readonly actors: readonly ActorOrder[];
}

/** A message to a client process. After a stop it begins no further step, and ends. */
export type ToClient = ClientOrders | { readonly kind: 'stop' };

/** A message from a client process. */
export type FromClient =
  | { readonly kind: 'ready' }
  /** Every actor has finished. */
  | { readonly kind: 'done'; readonly troubles: readonly string[] };
