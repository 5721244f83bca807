import type { ServerPorts } from '../../server/server-process.ts';

/** What an attacker process is to do. */
export interface AttackerOrder {
  /** The name of the attack. */
  readonly attack: string;
  readonly host: string;
  readonly ports: ServerPorts;
  /** Which of the attack's processes this is, from 0. */
  readonly part: number;
  /** How many processes there are. */
  readonly parts: number;
  /** Whose long mailbox there is to read, and the name of somebody to send to. */
  readonly victims: readonly string[];
  /** How long it attacks, in milliseconds, unless it is stopped before. */
  readonly forMs: number;
}

/** What an attacker process is told: to get ready, to attack, to stop. Only the first two are answered. */
export type ToAttacker =
  | { readonly kind: 'prepare'; readonly order: AttackerOrder }
  | { readonly kind: 'attack' }
  | { readonly kind: 'stop' };

/** What came of an attack, by what it is: connections, calls, and what they were answered. */
export type AttackCounts = Readonly<Record<string, number>>;

/** What an attacker process answers. */
export interface FromAttacker {
  readonly counts: AttackCounts;
}
