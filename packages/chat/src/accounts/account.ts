import type { StoredMessage } from '../store/store.ts';

/** The session of a user, as far as others act on it. */
export interface OpenSession {
  /** Takes a message that has come into the mailbox. */
  offer(message: StoredMessage): void;
  /** Ends the session. */
  end(): void;
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
}

/** Returns an account without a session. */
export function newAccount(username: string, stored: number): Account {
  return { username, stored, removing: 0, session: undefined };
}

/** Returns how many messages are sent and not acknowledged. */
export function unreadOf(account: Account): number {
  return Math.max(0, account.stored - account.removing);
}
