import type { Attacker } from '../attacker/attacker.ts';
import type { HonestKind } from '../honest/protocol.ts';

/** The groups of attacks; the name of a group means all attacks in it. */
export const families = [
  'control',
  'http2',
  'calls',
  'responses',
  'searches',
  'connections',
  'secrets',
  'writes',
  'encryption',
  'bytes',
] as const;

/** One of the groups; `together` is for several attacks at once. */
type Family = (typeof families)[number] | 'together';

/** The memory that a server may take for an attack by default, in bytes. */
export const peakBytesDefault = 200_000_000;

/** The accounts and mailboxes that an attack needs on the server. */
export interface Population {
  /** Accounts whose names have 50 letters, so that a search for `*` is long. */
  readonly names?: number;
  /** Messages that wait in each of the victims' mailboxes. */
  readonly unread?: number;
  /** Accounts that the attackers send to or log in as. */
  readonly victims?: number;
  /** Accounts with a secret, which the attackers guess. */
  readonly guarded?: number;
}

/** Returns the name of one of the accounts with a secret, counted from 0. */
export function guardedName(index: number): string {
  return `guarded${index}`;
}

/** An attack by its name: its actions against a server, and the honest clients that must be served meanwhile. */
export interface Attack {
  readonly name: string;
  readonly family: Family;
  /** A description, in a few words. */
  readonly does: string;
  /** The part of the server that withstands it. */
  readonly heldBy: string;
  /** The number of processes that attack together; 1 by default. */
  readonly processes?: number;
  /** The number of addresses of each process; by default 1, that of the honest clients. */
  readonly addresses?: number;
  /** Honest clients in addition to those that send over sockets and over Converse. */
  readonly honest?: readonly HonestKind[];
  /** Those clients that may be refused, since the attack takes all of a resource. */
  readonly mayBeRefused?: readonly HonestKind[];
  readonly needs?: Population;
  /** The memory that the server may take for it at the peak, in bytes; 200 MB by default. */
  readonly peakBytesMax?: number;
  /** True if the server offers TLS and honest clients use it. */
  readonly tls?: boolean;
  /**
   * The number of descriptors that the server may have; the system's limit by default, and where the system
   * allows no more.
   */
  readonly descriptors?: number;
  /** The number of wrong secrets that the server may check, by its own figures. */
  readonly tries?: { readonly atOnce: number; readonly perSecond: number };
  /** Attacks until `attacker.over`; connections that it leaves open end with its process. */
  run(attacker: Attacker): Promise<void>;
}
