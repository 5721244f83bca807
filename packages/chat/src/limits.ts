import { mailboxMessagesMax, windowBytesMax, windowMessagesMax } from '@tandem/core';
import type { TryRates } from '@tandem/identity';

/** The limits of the service; everything that a client can make grow has an entry. */
export interface ChatLimits {
  /** Accounts in all; a register beyond them is answered 123. */
  readonly accountsMax: number;
  /** Messages in one mailbox; a send beyond them is answered 28. [P-4.4] */
  readonly mailboxMessagesMax: number;
  /** Messages pushed to a session and not yet acknowledged. [P-5.3] */
  readonly windowMessagesMax: number;
  /** Bytes of those messages. [P-5.3] */
  readonly windowBytesMax: number;
  /** Searches that wait for their turn; one beyond them is answered 123. */
  readonly searchesWaitingMax: number;
  /** Secrets that wait to be hashed; beyond them one of whoever has most waiting is answered 123. [P-4.7] */
  readonly secretsWaitingMax: number;
  /** The time that all searches together may take of one turn of the event loop, in milliseconds. */
  readonly searchSliceMs: number;
}

/** The limits of `tandem serve` without options. */
export const defaultChatLimits: ChatLimits = {
  accountsMax: 5_000_000,
  mailboxMessagesMax,
  windowMessagesMax,
  windowBytesMax,
  searchesWaitingMax: 1_000,
  // Three seconds of work: who waits longer may as well come again.
  secretsWaitingMax: 64,
  searchSliceMs: 4,
};

/** The default settings of identity: anybody makes accounts. */
export const defaultIdentitySettings: {
  readonly accounts: 'open';
  readonly tries: TryRates;
  readonly refusalHeldMs: number;
  readonly resumeMs: number;
} = {
  accounts: 'open',
  tries: {
    perAccount: { burst: 10, perSecond: 1 / 60 },
    perAddress: { burst: 50, perSecond: 1 / 12 },
  },
  refusalHeldMs: 2_000,
  resumeMs: 7 * 24 * 3_600_000,
};
