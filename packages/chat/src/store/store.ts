import type { Message } from '@tandem/core';

/** The place of a message among those of a session, which a count of taken messages refers to. [P-4.9] */
export interface Place {
  /** The number of the session, which no other session has. */
  readonly session: number;
  /**
   * The least count that covers the message. It is too high where a message before it could not be stored,
   * and never too low: a count covers nothing that was not taken.
   */
  readonly count: number;
}

/** The place up to which a session knew its mailbox when a token was given. [P-4.9] */
export interface Reached extends Place {
  /** The highest id that there was. Messages that came later to the session have places of their own. */
  readonly throughId: number;
}

/** A message in a mailbox. Ids ascend in the order in which the messages were sent. */
export interface StoredMessage extends Message {
  readonly id: number;
  /** Its place in the session that it came to; undefined where no token needs it. A read may leave it out. */
  readonly place?: Place | undefined;
}

/** The secret and the token of an account, as they are stored. */
export interface Credentials {
  /** The hash of the secret, a PHC string. [P-2.4] */
  readonly secret: string;
  /** The tokens that resume the last session; undefined for none. */
  readonly tokens: StoredTokens | undefined;
}

/** The tokens of an account, as their hashes. [P-4.9] */
export interface StoredTokens {
  /** Of the token that was given last. */
  readonly last: string;
  /** The hash of the token that asked for it, since its response may not have come. */
  readonly before: string | undefined;
  /** The time at which they end, in milliseconds since 1970. */
  readonly endMs: number;
  /** The place that the session of the last one had reached; undefined when it is not known, as after a {@link Store.load}. */
  readonly reached?: Reached | undefined;
}

/** An account with credentials or blocks, as {@link Store.load} finds it. */
export interface StoredAccount {
  readonly username: string;
  /** The number of messages in its mailbox. */
  readonly unread: number;
  /** Undefined for an account without a secret. */
  readonly credentials?: Credentials | undefined;
  /** Whom the user blocks; undefined for nobody. */
  readonly blocked?: readonly string[] | undefined;
}

/** Accounts that are next to each other in the order of their names, as {@link Store.load} finds them. */
export interface StoredAccounts {
  /** The names in lexicographic order, each with its end; see {@link textOfNames}. */
  readonly names: string;
  /** The number of names. */
  readonly count: number;
  /** Those of them with credentials or blocks. */
  readonly identified: readonly StoredAccount[];
  /** Numbers of unread messages, each with how many of the other accounts have as many. */
  readonly sizes: ReadonlyMap<number, number>;
}

/** The content of a store when it is opened. */
export interface StoredState {
  /** All accounts, in the order of their names. To be read to its end before anything else is asked of the store. */
  readonly accounts: Iterable<StoredAccounts>;
  /** No message in a mailbox has a higher id, nor does a token know one; 0 for none. New messages get higher ones. */
  readonly lastMessageId: number;
}

/** The result of a removal of messages: what is done, and what is still to be done. */
export interface Removal {
  /**
   * The number of messages that are gone for good, whatever fails from now on: they need not become
   * durable, and their `addMessage` resolves.
   */
  readonly gone: number;
  /**
   * Resolves with how many others are removed once that is durable; undefined when there are none.
   * When removals of one mailbox become durable together, the first is told them all.
   */
  readonly durable: Promise<number> | undefined;
}

/** The part of a store, or of what stands for one, that a session needs. */
export type Mailboxes = Pick<Store, 'readMessages' | 'removeMessages' | 'flush'>;

/**
 * A store of accounts and mailboxes.
 *
 * Writes take effect in the order of the calls. A write resolves when it is durable; a later read sees
 * it before that. A write that rejects has had no effect, unless it has ended the store: then the data
 * is in doubt. Callers keep the rules (a username is added once, ids ascend); a store keeps the data.
 */
export interface Store {
  /** Reads what there is. Called once, before anything else. */
  load(): Promise<StoredState>;
  /**
   * Adds an account with an empty mailbox, whatever a write that failed has left under that name.
   *
   * @param secret the hash of its secret; undefined for none
   */
  addAccount(username: string, secret?: string): Promise<void>;
  /**
   * Removes the account, if there is one, with its mailbox, its credentials and its blocks. Messages that
   * its user sent stay in others' mailboxes.
   */
  removeAccount(username: string): Promise<void>;
  /** Sets what shows who may act as the user of an account that there is; undefined for anybody. */
  setCredentials(username: string, credentials: Credentials | undefined): Promise<void>;
  /** Sets if the user of an existing account blocks another user. */
  setBlocked(username: string, name: string, blocked: boolean): Promise<void>;
  /**
   * Adds a message. Also resolves when the message is removed before it is durable: it was taken. No promise
   * when it is stored at once.
   */
  addMessage(recipient: string, message: StoredMessage): Promise<void> | undefined;
  /**
   * Removes the recipient's messages up to and including `throughId`. The removal may wait for another
   * write, or for {@link flush}, before it becomes durable.
   */
  removeMessages(recipient: string, throughId: number): Removal;
  /** Makes removals become durable, or fail, as soon as other writes do, as somebody waits for them. */
  flush(): void;
  /**
   * Begins to make durable what is due at the end of this turn of the event loop, and not later: other
   * work of the turn is still to come. A store whose writes wait for nothing has none.
   */
  commitDue?(): void;
  /** The recipient's messages with an id above `afterId`, in order, at most `messagesMax` of them. */
  readMessages(recipient: string, afterId: number, messagesMax: number): Promise<StoredMessage[]>;
  /**
   * Returns the number of the recipient's messages with an id above `afterId`. 0 when the store cannot be
   * read, which has ended it: no write that rests on the response is taken.
   */
  countMessages(recipient: string, afterId: number): number;
  /**
   * Returns the id up to which a client has taken the mailbox that has taken so many messages of the
   * session to which this token was given; 0 for none. It covers no message that has a higher place in
   * that session, or that did not come to it. 0 also for a token that is not the last one, when nothing
   * is known of its session, and when the store cannot be read, as for {@link countMessages}.
   *
   * @param token the hash of the token
   */
  takenThroughId(username: string, token: string, taken: number): number;
  /**
   * Returns the bytes of a sender's messages in all mailboxes, the sender's name in each included. A
   * message counts from its `addMessage` until it failed or was taken out, which may be some turns after
   * its removal. Those that were there at a {@link load} may be counted later, in the background.
   */
  bytesFrom(sender: string): number;
  /** Resolves when every write before it is durable or has failed, and the store is closed. */
  close(): Promise<void>;
}
