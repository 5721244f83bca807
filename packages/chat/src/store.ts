import type { Message } from '@tandem/core';

/** A message in a mailbox. Ids ascend in the order in which the messages were sent. */
export interface StoredMessage extends Message {
  readonly id: number;
}

/** An account as {@link Store.load} finds it. */
export interface StoredAccount {
  readonly username: string;
  /** How many messages its mailbox holds. */
  readonly unread: number;
}

/** What a store holds when it is opened. */
export interface StoredState {
  readonly accounts: Iterable<StoredAccount>;
  /** No message in any mailbox has a higher id; 0 for none. New messages get higher ones. */
  readonly lastMessageId: number;
}

/**
 * Where accounts and mailboxes live.
 *
 * Writes take effect in the order of the calls. A write resolves when it is durable, so that an
 * answer may say it; until then a read made later sees it already. A write that rejects has had no
 * effect. Callers keep the rules (a username is added once, ids ascend); a store keeps the data.
 */
export interface Store {
  /** Reads what there is. Called once, before anything else. */
  load(): Promise<StoredState>;
  /** Adds an account with an empty mailbox, whatever a write that failed has left under that name. */
  addAccount(username: string): Promise<void>;
  /**
   * Removes the account, if there is one, and its mailbox. Messages that its user sent stay in
   * others' mailboxes.
   */
  removeAccount(username: string): Promise<void>;
  addMessage(recipient: string, message: StoredMessage): Promise<void>;
  /** Removes the recipient's messages up to and including `throughId`; resolves with how many. */
  removeMessages(recipient: string, throughId: number): Promise<number>;
  /** The recipient's messages with an id above `afterId`, in order, at most `messagesMax` of them. */
  readMessages(recipient: string, afterId: number, messagesMax: number): Promise<StoredMessage[]>;
  /** Resolves when every write before it is durable or has failed, and the store is closed. */
  close(): Promise<void>;
}
