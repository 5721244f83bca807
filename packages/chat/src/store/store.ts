import type { Message } from '@tandem/core';

/** A message in a mailbox. Ids ascend in the order in which the messages were sent. */
export interface StoredMessage extends Message {
  readonly id: number;
}

/** An account as {@link Store.load} finds it. */
export interface StoredAccount {
  readonly username: string;
  /** The number of messages in its mailbox. */
  readonly unread: number;
}

/** The content of a store when it is opened. */
export interface StoredState {
  /** To be read to its end before anything else is asked of the store. */
  readonly accounts: Iterable<StoredAccount>;
  /** No message in any mailbox has a higher id; 0 for none. New messages get higher ones. */
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
  /** Adds an account with an empty mailbox, whatever a failed write has left under that name. */
  addAccount(username: string): Promise<void>;
  /**
   * Removes the account, if there is one, and its mailbox. Messages that its user sent stay in
   * others' mailboxes.
   */
  removeAccount(username: string): Promise<void>;
  /** Adds a message. Also resolves when the message is removed before it is durable: it was taken. */
  addMessage(recipient: string, message: StoredMessage): Promise<void>;
  /**
   * Removes the recipient's messages up to and including `throughId`. The removal may wait for another
   * write, or for {@link flush}, before it becomes durable.
   */
  removeMessages(recipient: string, throughId: number): Removal;
  /** Makes removals become durable, or fail, as soon as other writes do, as somebody waits for them. */
  flush(): void;
  /** The recipient's messages with an id above `afterId`, in order, at most `messagesMax` of them. */
  readMessages(recipient: string, afterId: number, messagesMax: number): Promise<StoredMessage[]>;
  /** Resolves when every write before it is durable or has failed, and the store is closed. */
  close(): Promise<void>;
}
