import type { Operation, Taking } from '../history/history.ts';

/** A rule that a history can break. Each is a promise of `docs/RELIABILITY.md`. */
export type Rule =
  | 'lost'
  | 'invented'
  | 'returned'
  | 'repeated'
  | 'deleted-kept'
  | 'out-of-order'
  | 'two-sessions'
  | 'resumed-again'
  | 'session-lost'
  | 'account-lost'
  | 'account-twice'
  | 'account-returned';

/** A promise that was broken, with the smallest history that shows it. */
export interface Violation {
  readonly rule: Rule;
  /** In words. */
  readonly what: string;
  /** The operations that show it, in the order of time. */
  readonly operations: readonly Operation[];
  /** The received messages that show it, in the order of time. */
  readonly takings: readonly Taking[];
}
