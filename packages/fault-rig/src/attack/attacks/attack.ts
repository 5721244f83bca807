import type { Attacker } from '../attacker/attacker.ts';
import type { HonestKind } from '../honest/protocol.ts';

/** Groups of attacks; the name of one stands for all that are in it. */
export const families = [
  'http2',
  'calls',
  'answers',
  'searches',
  'connections',
  'secrets',
  'writes',
  'encryption',
  'bytes',
] as const;

/** One of the groups, or what does several attacks at once. */
type Family = (typeof families)[number] | 'together';

/** Memory that a server may take for an attack unless it says so, in bytes. */
export const peakBytesDefault = 200_000_000;

/** The accounts and mailboxes that an attack needs on the server. */
export interface Population {
  /** Accounts whose names have 50 letters, so that a search for `*` is long. */
  readonly names?: number;
  /** Messages that wait in each of the victims' mailboxes. */
  readonly unread?: number;
  /** Accounts that the attackers send to or log in as. */
  readonly victims?: number;
}

/** An attack by its name: what it does to a server, and who has to be served meanwhile. */
export interface Attack {
  readonly name: string;
  readonly family: Family;
  /** A description, in a few words. */
  readonly does: string;
  /** The part of the server that withstands it. */
  readonly heldBy: string;
  /** Processes that attack together: 1 unless told. */
  readonly processes?: number;
  /** Addresses that each process comes from: unless told 1, which is that of the honest clients. */
  readonly addresses?: number;
  /** Honest clients beside those that send over sockets and over Converse. */
  readonly honest?: readonly HonestKind[];
  /** Of these, clients that may be refused, since the attack takes all that there is. */
  readonly mayBeRefused?: readonly HonestKind[];
  readonly needs?: Population;
  /** Memory that the server may take for it at the peak, in bytes: 200 MB unless told. */
  readonly peakBytesMax?: number;
  /** The server speaks TLS to whoever wants it, and honest clients do. */
  readonly tls?: boolean;
  /** Descriptors that the server may have; what the system allows unless told. */
  readonly descriptors?: number;
  /** Wrong secrets that the server may look into, by its own figures. */
  readonly tries?: { readonly atOnce: number; readonly perSecond: number };
  /** Attacks until `attacker.over`; what it leaves open ends with its process. */
  run(attacker: Attacker): Promise<void>;
}
