import type { Transport } from '../../history/event.ts';

/**
 * The requests that an honest client repeats:
 *
 * - `send`: one message to itself
 * - `search`: a search that finds one name
 * - `long-search`: a search that finds all names
 * - `connect`: a connection, one search, and good-bye
 */
export type Task = 'send' | 'search' | 'long-search' | 'connect';

/** The kind of an honest client: its transport and its request. */
export type HonestKind = `${Transport} ${Task}`;

/** The work of an honest client. */
export interface HonestOrder {
  readonly kind: HonestKind;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** The fingerprint of the server's certificate, to speak TLS; undefined to speak none. */
  readonly fingerprint: string | undefined;
  /** The fewest names that a search for all of them finds. */
  readonly names: number;
  /** The time after which a request counts as not served, in milliseconds; undefined for that of a user. */
  readonly patienceMs: number | undefined;
}

/** The observations of an honest client in one period. Delays count from the time at which a request was due. */
export interface HonestRecord {
  readonly asked: number;
  /** The number of responses of success. */
  readonly served: number;
  /** The number of refusals, by status. */
  readonly refused: Readonly<Record<string, number>>;
  /** The number of failures without a response, by the error's code; `unanswered` when none came in time. */
  readonly errors: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
  /**
   * The part of the worst delay, in milliseconds, in which its own process was ready and had no
   * processor: the machine's share, and not the server's.
   */
  readonly worstOwnMs: number;
}

/** A message to an honest process, which replies to each, in order. */
export type ToHonest =
  /** Connect, log in, and begin; the reply comes after that. */
  | { readonly kind: 'start'; readonly order: HonestOrder }
  /** Forget the earlier observations. */
  | { readonly kind: 'measure' }
  /** Report the observations since then. */
  | { readonly kind: 'collect' }
  /** End in order. */
  | { readonly kind: 'leave' };

/** A message from an honest process. */
export interface FromHonest {
  /** For `collect`. */
  readonly record?: HonestRecord | undefined;
  /** The faults of the server, in words: messages lost, doubled or out of order. */
  readonly troubles?: readonly string[] | undefined;
}
