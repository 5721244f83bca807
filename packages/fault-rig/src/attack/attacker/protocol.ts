import type { ServerPorts } from '../../server/server-process.ts';

/** The work of an attacker process. */
export interface AttackerOrder {
  /** The name of the attack. */
  readonly attack: string;
  readonly host: string;
  readonly ports: ServerPorts;
  /** The number of this process among those of the attack, from 0. */
  readonly part: number;
  /** The number of processes. */
  readonly parts: number;
  /** The users whose long mailboxes are read, and to whom messages are sent. */
  readonly victims: readonly string[];
  /** The duration of the attack, in milliseconds, if nothing stops it before. */
  readonly forMs: number;
}

/** A message to an attacker process: to prepare, to attack or to stop. The process replies to the first two. */
export type ToAttacker =
  | { readonly kind: 'prepare'; readonly order: AttackerOrder }
  | { readonly kind: 'attack' }
  | { readonly kind: 'stop' };

/** The name of the count of the connections that the server holds when an attack ends. */
export const heldAtEnd = 'held at the end';

/** The counts of an attack by name: connections, calls, and the responses to them. */
export type AttackCounts = Readonly<Record<string, number>>;

/** A message from an attacker process. */
export interface FromAttacker {
  readonly counts: AttackCounts;
}
