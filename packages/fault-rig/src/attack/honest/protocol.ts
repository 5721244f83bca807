import type { Transport } from '../../history/event.ts';

/**
 * What an honest client does, over and over:
 *
 * - `send`: one message to itself
 * - `search`: a search that finds one name
 * - `long-search`: a search that finds all names
 * - `connect`: a connection, one search, and good-bye
 */
export type Task = 'send' | 'search' | 'long-search' | 'connect';

/** An honest client: what it does, and over which transport. */
export type HonestKind = `${Transport} ${Task}`;

/** What an honest client is to do. */
export interface HonestOrder {
  readonly kind: HonestKind;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** Names that a search for all of them finds, at least. */
  readonly names: number;
}

/** What an honest client saw from one moment to another. Delays count from when it meant to ask. */
export interface HonestRecord {
  readonly asked: number;
  /** Answers that say that it was done. */
  readonly served: number;
  /** Answers that refuse, by status. */
  readonly refused: Readonly<Record<string, number>>;
  /** What broke instead of an answer, by the error's code; `unanswered` if none came in time. */
  readonly errors: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
  /** How late it asked at worst because its own process had no turn: the machine's share of a delay. */
  readonly latestMs: number;
}

/** What an honest process is told. Each is answered, in order. */
export type ToHonest =
  /** Connect, log in, and begin; answered when it is so far. */
  | { readonly kind: 'start'; readonly order: HonestOrder }
  /** Forget what was seen before. */
  | { readonly kind: 'measure' }
  /** Say what was seen since. */
  | { readonly kind: 'collect' }
  /** End in order. */
  | { readonly kind: 'leave' };

/** What an honest process answers. */
export interface FromHonest {
  /** For `collect`. */
  readonly record?: HonestRecord | undefined;
  /** What is wrong with what the server did, in words: messages lost, doubled or out of order. */
  readonly troubles?: readonly string[] | undefined;
}
