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

/** A message to a client process. A stop means that it begins no other step, and leaves. */
export type ToClient = ClientOrders | { readonly kind: 'stop' };

/** A message from a client process. */
export type FromClient =
  | { readonly kind: 'ready' }
  /** Every actor is through. */
  | { readonly kind: 'done'; readonly troubles: readonly string[] };
