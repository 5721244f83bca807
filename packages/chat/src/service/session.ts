import { Fifo, type Message, messageBytes } from '@tandem/core';
import { type Account, type OpenSession, unreadOf } from '../accounts/account.ts';
import type { ChatLimits } from '../limits.ts';
import type { Store, StoredMessage } from '../store/store.ts';
import { Acknowledgements } from './acknowledgements.ts';

/** Where a session's messages go: the transport's side. Its methods return at once and do not throw. */
export interface Receiver {
  /** Sends one message to the client. At most a window of them is ever unacknowledged. */
  push(message: Message): void;
  /** The session cannot go on (its mailbox cannot be read): the transport ends the connection. */
  mailboxFailed(error: unknown): void;
}

/** A message that went to the client and is not yet acknowledged. */
interface InFlight {
  readonly id: number;
  readonly bytes: number;
}

/** What a session is made of. */
export interface SessionOptions {
  readonly account: Account;
  readonly store: Store;
  readonly limits: ChatLimits;
  readonly receiver: Receiver;
  /** The highest id given to a message so far. */
  readonly lastMessageId: number;
  /** Told when an acknowledgement could not be stored. */
  readonly onStoreError: (error: unknown) => void;
}

// How many messages one read of the store brings, at most, when a session catches up.
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
export class Session implements OpenSession {
  readonly username: string;
  /** How many messages were unread when the session began. */
  readonly unread: number;
  readonly #account: Account;
  readonly #store: Store;
  readonly #limits: ChatLimits;
  readonly #receiver: Receiver;
  readonly #acknowledgements: Acknowledgements;
  readonly #inFlight = new Fifo<InFlight>();
  #state: 'opening' | 'live' | 'ended' = 'opening';
  #inFlightBytes = 0;
  #delivered = 0;
  /** What was unread when the session began has ids up to this one. */
  readonly #unreadThroughId: number;
  /** What is in the mailbox has ids up to this one. */
  #lastId: number;
  /** What is in the mailbox up to this id went to the client. */
  #deliveredThroughId: number;
  #catchingUp = false;

  constructor({ account, store, limits, receiver, lastMessageId, onStoreError }: SessionOptions) {
    this.username = account.username;
    this.unread = unreadOf(account);
    this.#account = account;
    this.#store = store;
    this.#limits = limits;
    this.#receiver = receiver;
    this.#acknowledgements = new Acknowledgements(account, store, onStoreError);
    this.#unreadThroughId = lastMessageId;
    this.#lastId = lastMessageId;
    this.#deliveredThroughId = account.stored === 0 ? lastMessageId : 0;
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /**
   * The next of the messages that were unread at login, at most `messagesMax`; none when all were
   * read. They count as delivered, whatever the window says. [P-5.3]
   */
  async readUnread(messagesMax: number): Promise<readonly Message[]> {
    const wanted = Math.min(this.unread - this.#delivered, messagesMax);
    if (this.ended || wanted <= 0 || this.#deliveredThroughId >= this.#unreadThroughId) return [];
    const read = await this.#read(wanted);
    if (this.ended) return [];
    const messages = read.filter(({ id }) => id <= this.#unreadThroughId);
    for (const message of messages) this.#record(message);
    return messages;
  }

  /** The login is answered: from now on messages are pushed. */
  goLive(): void {
    if (this.#state !== 'opening') return;
    this.#state = 'live';
    this.#catchUp();
  }

  /** A message comes into the mailbox. It is pushed at once if nothing older waits. */
  offer(message: StoredMessage): void {
    const waiting = this.#behind;
    this.#lastId = message.id;
    if (this.#state !== 'live' || waiting || !this.#hasRoom(message)) return;
    this.#record(message);
    this.#receiver.push(message);
  }

  /**
   * The client says that it has taken `count` messages in this session; they leave the mailbox.
   * Returns false when that is more than were delivered. [P-5.2]
   */
  acknowledge(count: number): boolean {
    if (!Number.isInteger(count) || count < 0 || count > this.#delivered) return false;
    const acknowledged = this.#delivered - this.#inFlight.length;
    const messages = Math.max(0, count - acknowledged);
    if (messages === 0) return true;
    let throughId = 0;
    for (let i = 0; i < messages; i++) {
      const message = this.#inFlight.shift() as InFlight;
      this.#inFlightBytes -= message.bytes;
      throughId = message.id;
    }
    this.#acknowledgements.add(throughId, messages);
    this.#catchUp();
    return true;
  }

  /**
   * Resolves when all acknowledgements so far are durable, also after the end of the session;
   * undefined when they are. Rejects when the store failed to make them so; ask again to try again.
   */
  acknowledged(): Promise<void> | undefined {
    return this.#acknowledgements.confirm();
  }

  /** Resolves when all acknowledgements so far are durable or have failed; undefined when they are. */
  settled(): Promise<void> | undefined {
    return this.#acknowledgements.settled();
  }

  /** Ends the session. What is not acknowledged is unread again. May be called twice. [P-5.1] */
  end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#inFlight.clear();
    this.#account.session = undefined;
  }

  /** Whether the mailbox may hold messages that did not go to the client. */
  get #behind(): boolean {
    return this.#deliveredThroughId < this.#lastId;
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
    this.#deliveredThroughId = message.id;
  }

  #read(messagesMax: number): Promise<StoredMessage[]> {
    return this.#store.readMessages(this.username, this.#deliveredThroughId, messagesMax);
  }

  #catchUp(): void {
    if (this.#catchingUp || this.#state !== 'live' || !this.#behind) return;
    this.#pushFromMailbox().catch((error: unknown) => {
      if (!this.ended) this.#receiver.mailboxFailed(error);
    });
  }

  async #pushFromMailbox(): Promise<void> {
    this.#catchingUp = true;
    try {
      while (this.#state === 'live' && this.#behind) {
        const wanted = Math.min(
          this.#limits.windowMessagesMax - this.#inFlight.length,
          messagesPerRead,
        );
        if (wanted <= 0) return;
        const lastId = this.#lastId;
        const messages = await this.#read(wanted);
        for (const message of messages) {
          if (this.ended || !this.#hasRoom(message)) return;
          this.#record(message);
          this.#receiver.push(message);
        }
        // All there was when the read began: what came since is read in another round.
        if (messages.length < wanted) {
          this.#deliveredThroughId = Math.max(this.#deliveredThroughId, lastId);
        }
      }
    } finally {
      // Here and not in a later microtask: an acknowledgement may come in between, and must find it.
      this.#catchingUp = false;
    }
  }
}
