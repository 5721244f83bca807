import { Fifo, type Message, messageBytes } from '@tandem/core';
import type { Account } from './account.ts';
import type { ChatLimits } from './limits.ts';
import type { Store, StoredMessage } from './store.ts';

/** Where a session's messages go: the transport's side. Its methods return at once and do not throw. */
export interface Receiver {
  /** Sends one message to the client. At most a window of them is ever unacknowledged. */
  push(message: Message): void;
  /** The session cannot go on (its mailbox cannot be read): the transport ends the connection. */
  fail(error: unknown): void;
}

/** A message that went to the client and is not yet acknowledged. */
interface InFlight {
  readonly id: number;
  readonly bytes: number;
}

// How many messages one read of the store brings when a session catches up.
const messagesPerRead = 256;

/**
 * A logged-in user on one connection: what was delivered to it, and what it acknowledged. [P-5]
 *
 * Its life: `opening` (the transport asks for what was unread at login, page by page), `live` (after
 * {@link goLive}: messages are pushed as they come while the window has room), `ended`.
 *
 * The mailbox in the store is the one queue. A message is pushed straight from its send only while
 * nothing older waits; otherwise it stays in the mailbox and the session catches up from there.
 */
export class Session {
  readonly username: string;
  /** How many messages were unread when the session began. */
  readonly unread: number;
  readonly #account: Account;
  readonly #store: Store;
  readonly #limits: ChatLimits;
  readonly #receiver: Receiver;
  readonly #inFlight = new Fifo<InFlight>();
  #state: 'opening' | 'live' | 'ended' = 'opening';
  #inFlightBytes = 0;
  #delivered = 0;
  #lastDeliveredId = 0;
  /** Messages in the mailbox that did not go to the client yet. */
  #behind: number;
  #catchingUp = false;

  constructor(account: Account, store: Store, limits: ChatLimits, receiver: Receiver) {
    this.username = account.username;
    this.unread = account.unread;
    this.#behind = account.unread;
    this.#account = account;
    this.#store = store;
    this.#limits = limits;
    this.#receiver = receiver;
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /**
   * The next of the messages that were unread at login, at most `messagesMax`; none when all were
   * read. They count as delivered, whatever the window says. [P-5.3]
   */
  async readUnread(messagesMax: number): Promise<readonly Message[]> {
    const left = this.ended ? 0 : Math.max(0, this.unread - this.#delivered);
    if (left === 0) return [];
    const messages = await this.#read(Math.min(left, messagesMax));
    if (this.ended) return [];
    for (const message of messages) this.#record(message);
    this.#behind = Math.max(0, this.#behind - messages.length);
    return messages;
  }

  /** The login is answered: from now on messages are pushed. */
  goLive(): void {
    if (this.#state !== 'opening') return;
    this.#state = 'live';
    this.#catchUp();
  }

  /** A message came into the mailbox. Returns whether it was pushed at once. */
  offer(message: StoredMessage): boolean {
    if (this.#state === 'live' && this.#behind === 0 && this.#hasRoom(message)) {
      this.#record(message);
      this.#receiver.push(message);
      return true;
    }
    this.#behind++;
    return false;
  }

  /** A message that was offered, and not pushed, did not come into the mailbox after all. */
  withdraw(): void {
    if (this.#behind > 0) this.#behind--;
  }

  /**
   * The client says that it has taken `count` messages in this session. Returns undefined when that
   * is more than were delivered; otherwise the id up to which the mailbox can be emptied, and how
   * many messages that is. [P-5.2]
   */
  acknowledge(
    count: number,
  ): { readonly throughId: number; readonly messages: number } | undefined {
    if (count > this.#delivered) return undefined;
    const acknowledged = this.#delivered - this.#inFlight.length;
    const messages = Math.max(0, count - acknowledged);
    let throughId = 0;
    for (let i = 0; i < messages; i++) {
      const message = this.#inFlight.shift() as InFlight;
      this.#inFlightBytes -= message.bytes;
      throughId = message.id;
    }
    if (messages > 0) this.#catchUp();
    return { throughId, messages };
  }

  /** Ends the session. What is not acknowledged is unread again. May be called twice. [P-5.1] */
  end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    if (this.#account.session === this) this.#account.session = undefined;
  }

  #hasRoom(message: Message): boolean {
    return (
      this.#inFlight.length < this.#limits.windowMessagesMax &&
      this.#inFlightBytes + messageBytes(message) <= this.#limits.windowBytesMax
    );
  }

  /** Counts a message as delivered; it is in flight until it is acknowledged. */
  #record(message: StoredMessage): void {
    const bytes = messageBytes(message);
    this.#inFlight.push({ id: message.id, bytes });
    this.#inFlightBytes += bytes;
    this.#delivered++;
    this.#lastDeliveredId = message.id;
  }

  #read(messagesMax: number): Promise<StoredMessage[]> {
    return this.#store.readMessages(this.username, this.#lastDeliveredId, messagesMax);
  }

  #catchUp(): void {
    if (this.#catchingUp || this.#state !== 'live' || this.#behind === 0) return;
    this.#pushFromMailbox().catch((error: unknown) => this.#receiver.fail(error));
  }

  async #pushFromMailbox(): Promise<void> {
    this.#catchingUp = true;
    try {
      while (this.#state === 'live' && this.#behind > 0) {
        const messages = await this.#read(messagesPerRead);
        // A store that has less than was offered lost a write, and the sender was told so.
        if (messages.length === 0) this.#behind = 0;
        for (const message of messages) {
          if (this.ended || !this.#hasRoom(message)) return;
          this.#behind--;
          this.#record(message);
          this.#receiver.push(message);
        }
      }
    } finally {
      // Here and not in a later microtask: an acknowledgement may come in between, and must find it.
      this.#catchingUp = false;
    }
  }
}
