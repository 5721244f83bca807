import type { Credentials, Place, StoredMessage } from '../store/store.ts';

/** The session of a user, as far as others act on it. */
export interface OpenSession {
  /** True while it knows what it was sent: always until it has ended. */
  readonly remembers: boolean;
  /** Returns the place of the next message that comes into the mailbox; undefined where no token needs it. */
  nextPlace(): Place | undefined;
  /** Takes a message that has come into the mailbox. */
  offer(message: StoredMessage): void;
  /** Ends the session. */
  end(): void;
  /** Ends the session, which goes on elsewhere: its connection has to end, too. [P-4.9] */
  giveWay(): void;
  /** Ends the session, as the operator wants it: its connection has to end, too. */
  dismiss(): void;
  /** Forgets the first messages that were sent, also when it has ended. Returns false for more than all. */
  acknowledge(count: number): boolean;
  /** Resolves when all that was acknowledged is durable; rejects when that failed. Undefined when it is. */
  acknowledged(): Promise<void> | undefined;
}

/** A user, as the running service knows them. */
export interface Account {
  readonly username: string;
  /** Messages in the mailbox, those included whose removal is under way: never less than there are. */
  stored: number;
  /** Messages whose removal is under way. */
  removing: number;
  /** The one session that the user may have. [P-5.1] */
  session: OpenSession | undefined;
  /** The credentials of the user; undefined when anybody may act as the user. */
  credentials: Credentials | undefined;
  /** The session that the last token was given to, and the hash of that; undefined when it is not known. */
  resumable: { readonly session: OpenSession; readonly token: string } | undefined;
  /** Whom the user blocks; undefined for nobody. [P-4.11] */
  blocked: Set<string> | undefined;
}

/** Returns an account without a session. */
export function newAccount(
  username: string,
  stored: number,
  credentials?: Credentials,
  blocked?: readonly string[],
): Account {
  return {
    username,
    stored,
    removing: 0,
    session: undefined,
    credentials,
    resumable: undefined,
    blocked: blocked && new Set(blocked),
  };
}

/** Returns how many messages are sent and not acknowledged. */
export function unreadOf(account: Account): number {
  return Math.max(0, account.stored - account.removing);
}
