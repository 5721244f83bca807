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
  /** A port for each server: each connection goes to the next one. */
  readonly ports: readonly number[];
  /** The fingerprint of the server's certificate, to speak TLS; undefined to speak none. */
  readonly fingerprint: string | undefined;
  readonly steps: readonly Step[];
  /** The session that an earlier life of the actor had when it was killed. */
  readonly resumption: SessionResumption | undefined;
  /** The users whose mailboxes it empties, or whose accounts it deletes, after its steps. */
  readonly cleansUp: readonly LeftUser[];
}

/** The orders of a client process for a round. */
export interface ClientOrders {
  readonly kind: 'start';
  readonly journalPath: string;
  /** The beginning of the round, on the machine's monotonic clock. */
  readonly startedAtMs: number;
  /** No step begins later in the round. */
  readonly durationMs: number;
  readonly actors: readonly ActorOrder[];
}

/**
 * A message to a client process. It replies to the first two: when it is ready, and when every actor has finished. After
 * a stop it begins no further step, and it ends when it is told to leave.
 */
export type ToClient =
  | { readonly kind: 'prepare' }
  | ClientOrders
  | { readonly kind: 'stop' }
  | { readonly kind: 'leave' };

/** A reply of a client process. */
export interface FromClient {
  readonly troubles: readonly string[];
}
