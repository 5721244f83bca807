import { randomInt } from 'node:crypto';
import { type Message, messageBytes } from '@tandem/core';
import { inFlightMemoryBytes, type MemoryAccount } from '@tandem/core/server';
import { type Account, type OpenSession, unreadOf } from '../accounts/account.ts';
import type { ChatLimits } from '../limits.ts';
import type { Origin } from '../scheduling/fair-queue.ts';
import type { Scheduler } from '../scheduling/scheduler.ts';
import type { Mailboxes, Place, Reached, Store, StoredMessage } from '../store/store.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { InFlight } from './in-flight.ts';

/** The receiver of a session's messages, in the transport. Its methods return at once and do not throw. */
export interface Receiver {
  /** Sends one message to the client. At most a window of them is ever unacknowledged. */
  push(message: Message): void;
  /** Ends the connection, as the session cannot go on: its mailbox cannot be read. */
  mailboxFailed(error: unknown): void;
  /** The session goes on elsewhere: the transport ends its connection, over gRPC its stream. [P-4.9] */
  resumedElsewhere(): void;
  /** The operator has ended the session: the transport does the same. [P-5.1] */
  dismissed(): void;
}

/**
 * The number of messages that are read from a mailbox at once. What they cost hardly depends on their length, so
 * a page of a login has no more of them either.
 */
export const messagesPerRead = 256;

/** The options of a session. */
export interface SessionOptions {
  readonly account: Account;
  readonly store: Mailboxes;
  readonly limits: Pick<ChatLimits, 'windowMessagesMax' | 'windowBytesMax'>;
  readonly receiver: Receiver;
  /** The highest id given to a message so far. */
  readonly lastMessageId: number;
  /** True when the ids of its mailbox have no gaps: the mailbox alone tells where it ends. False by default. */
  readonly hasAllIds?: boolean;
  /** Called when an acknowledgement could not be stored. */
  readonly onStoreError: (error: unknown) => void;
  /** The origin of its login; unknown by default. */
  readonly origin?: Origin;
  /** Told of its beginning and its end on the connection of its origin; nobody is by default. */
  readonly scheduler?: Pick<Scheduler, 'sessionBegan' | 'sessionEnded'>;
  /** Counts its messages; by default those of this session alone. */
  readonly counts?: MessageCounts;
  /** Called once, at its end. */
  readonly onEnd?: () => void;
}

/** A session, as an operator sees it. */
export interface SessionSummary {
  readonly username: string;
  /** The network that it was begun from, see `networkOf`; empty when that is not known. */
  readonly address: string;
  /** The time since it began, in milliseconds. */
  readonly ms: number;
  /** The messages in the mailbox that the user has not acknowledged. */
  readonly unread: number;
  /** Those of them that went to the client. */
  readonly inFlight: number;
  /** True when messages wait until the client acknowledges those before. */
  readonly windowFull: boolean;
}

/** The numbers of messages that a service has handled since it was opened, as plain numbers. */
export interface MessageCounts {
  /** Messages that came into a mailbox. */
  stored: number;
  /** Messages that went to a session; one that was not acknowledged goes to the next one again. */
  delivered: number;
  /** Messages that a session has acknowledged. */
  acknowledged: number;
}

/** Returns counts of nothing yet. */
export function noMessages(): MessageCounts {
  return { stored: 0, delivered: 0, acknowledged: 0 };
}

// As many as `randomInt` has: no two sessions of a user have the same number.
const sessionNumbers = 2 ** 48 - 1;

/**
 * A logged-in user on one connection: the messages that were delivered, and those acknowledged. [P-5]
 *
 * Its states: `opening` (the transport reads the messages that were unread at login, page by page),
 * `live` (after {@link goLive}: messages are pushed as they come while the window has room), `ended`.
 *
 * The mailbox in the store is the only queue. A message is pushed at its send only while nothing older
 * waits; otherwise it stays in the mailbox, and the session catches up from there.
 */
export class Session implements OpenSession {
  readonly username: string;
  /** The number of messages that were unread when the session began. */
  readonly unread: number;
  readonly #account: Account;
  readonly #store: Mailboxes;
  readonly #limits: SessionOptions['limits'];
  readonly #receiver: Receiver;
  readonly #acknowledgements: Acknowledgements;
  readonly #inFlight = new InFlight();
  #state: 'opening' | 'live' | 'ended' = 'opening';
  #delivered = 0;
  /** The highest id that was given before the session began. */
  readonly #unreadThroughId: number;
  /** The highest id in the mailbox. */
  #lastId: number;
  /** The id up to which the mailbox went to the client. */
  #deliveredThroughId: number;
  #catchingUp = false;
  readonly #hasAllIds: boolean;
  /** True when it was told of messages since its last read began. */
  #toldMeanwhile = false;
  /** The number by which the store knows it; undefined before it has a token. */
  #number: number | undefined;
  /** The count that covers the newest message in the mailbox, or a higher one; known while it has a number. */
  #newestCount = 0;
  #remembers = true;
  #onEnded: (() => void) | undefined;
  readonly #counts: MessageCounts;
  readonly #onEnd: (() => void) | undefined;
  readonly #scheduler: SessionOptions['scheduler'];
  /** Gives back what {@link payFrom} has charged. */
  #giveBack: (() => void) | undefined;
  /** The origin of its login; undefined when that is not known. */
  readonly origin: Origin | undefined;
  readonly #beginMs = performance.now();

  constructor(options: SessionOptions) {
    const { account, store, limits, receiver, lastMessageId, onStoreError } = options;
    this.#counts = options.counts ?? noMessages();
    this.#onEnd = options.onEnd;
    this.origin = options.origin;
    this.#scheduler = options.scheduler;
    this.username = account.username;
    this.unread = unreadOf(account);
    this.#account = account;
    this.#store = store;
    this.#limits = limits;
    this.#receiver = receiver;
    this.#acknowledgements = new Acknowledgements(account, store, onStoreError);
    this.#hasAllIds = options.hasAllIds ?? false;
    this.#unreadThroughId = lastMessageId;
    this.#lastId = lastMessageId;
    this.#deliveredThroughId = account.stored === 0 ? lastMessageId : 0;
    if (this.origin !== undefined) this.#scheduler?.sessionBegan(this.origin);
  }

  /** The highest id that it knows in the mailbox. */
  get lastId(): number {
    return this.#lastId;
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /**
   * Returns the next messages that were unread at login, at most `messagesMax`; none when all were read.
   * They count as delivered, whatever the window. [P-5.3]
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

  /**
   * Has an account pay, until the session ends, for the messages that were unread at its login: the client may
   * never acknowledge them. Does nothing when it has ended. To be called once.
   */
  payFrom(account: Pick<MemoryAccount, 'charge' | 'give'>): void {
    if (this.ended) return;
    const bytes = this.unread * inFlightMemoryBytes;
    // Before the charge, which may end the session.
    this.#giveBack = () => account.give(bytes);
    account.charge(bytes);
  }

  /** Pushes messages from now on, as the login has its response. */
  goLive(): void {
    if (this.#state !== 'opening') return;
    this.#state = 'live';
    this.#catchUp();
  }

  /**
   * Returns what the session has reached, for a token that it is given now, and gives places to what
   * comes from now on. [P-4.9]
   *
   * @param store counts what waits
   */
  reached(store: Pick<Store, 'countMessages'>): Reached {
    this.#number ??= randomInt(sessionNumbers);
    const waiting = this.#behind()
      ? store.countMessages(this.username, this.#deliveredThroughId)
      : 0;
    // Never lower than before: what is being removed comes back if that fails.
    this.#newestCount = Math.max(this.#newestCount, this.#delivered + waiting);
    return { session: this.#number, count: this.#newestCount, throughId: this.#lastId };
  }

  /**
   * Returns the place of the next message that comes into the mailbox; undefined before the session has a
   * token. Called before {@link offer}.
   */
  nextPlace(): Place | undefined {
    if (this.#number === undefined) return undefined;
    // Of those that wait, some may not be stored in the end: their counts are lower then than it seems.
    this.#newestCount = 1 + (this.#behind() ? this.#newestCount : this.#delivered);
    return { session: this.#number, count: this.#newestCount };
  }

  /** Takes a message that comes into the mailbox, and pushes it at once if nothing older waits. */
  offer(message: StoredMessage): void {
    const waiting = this.#behind();
    this.#lastId = message.id;
    if (this.#state !== 'live' || waiting || !this.#hasRoom(message)) return;
    this.#record(message);
    this.#receiver.push(message);
  }

  /**
   * Is told that the mailbox has messages up to this id, and pushes those that it does not know. Needs
   * `hasAllIds`: what is not there is forgotten.
   */
  learn(lastId: number): void {
    this.#toldMeanwhile = true;
    if (this.#know(lastId)) this.#catchUp();
  }

  /**
   * Acknowledges the first `count` messages of this session: they leave the mailbox. Returns false when
   * fewer were delivered. [P-5.2]
   */
  acknowledge(count: number): boolean {
    if (!Number.isInteger(count) || count < 0 || count > this.#delivered) return false;
    const acknowledged = this.#delivered - this.#inFlight.length;
    const messages = Math.max(0, count - acknowledged);
    if (messages === 0) return true;
    this.#counts.acknowledged += messages;
    this.#acknowledgements.add(this.#inFlight.take(messages), messages);
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

  /** Ends the session. Messages that are not acknowledged are unread again. May be called twice. [P-5.1] */
  end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#remembers =
      this.#onEnded !== undefined && this.#inFlight.length <= this.#limits.windowMessagesMax;
    if (!this.#remembers) this.#inFlight.clear();
    this.#account.session = undefined;
    if (this.origin !== undefined) this.#scheduler?.sessionEnded(this.origin);
    this.#giveBack?.();
    this.#onEnded?.();
    this.#onEnd?.();
  }

  /** Ends the session, and its connection or stream, as the operator wants it. */
  dismiss(): void {
    if (this.ended) return;
    this.end();
    this.#receiver.dismissed();
  }

  /** Returns what an operator may see of it. */
  summary(): SessionSummary {
    return {
      username: this.username,
      address: this.origin?.address ?? '',
      ms: performance.now() - this.#beginMs,
      unread: unreadOf(this.#account),
      inFlight: this.#inFlight.length,
      windowFull: this.windowFull,
    };
  }

  /** True while messages wait in the mailbox since the client has not acknowledged those before. [P-5.3] */
  get windowFull(): boolean {
    return this.#state === 'live' && this.#behind() && this.#inFlight.length > 0;
  }

  /** Ends the session, whose mailbox cannot be reached any more, and its connection or stream. */
  fail(error: unknown): void {
    if (this.ended) return;
    this.end();
    this.#receiver.mailboxFailed(error);
  }

  /** Ends the session, which is resumed elsewhere, and its connection or stream. [P-4.9] */
  giveWay(): void {
    if (this.ended) return;
    this.end();
    this.#receiver.resumedElsewhere();
  }

  /** Keeps the record of what it was sent after its end, too, if that is at most a window. [P-4.9] */
  rememberWhenEnded(onEnded: () => void): void {
    this.#onEnded = onEnded;
  }

  /** True until it has ended, and then if what it was sent was no more than a window. [P-4.9] */
  get remembers(): boolean {
    return this.#remembers;
  }

  /** True when the mailbox may hold messages that did not go to the client. */
  #behind(): boolean {
    return this.#deliveredThroughId < this.#lastId;
  }

  #hasRoom(message: Message): boolean {
    return (
      this.#inFlight.length < this.#limits.windowMessagesMax &&
      this.#inFlight.bytes + messageBytes(message) <= this.#limits.windowBytesMax
    );
  }

  /** Counts a message as delivered; it is in flight until it is acknowledged. */
  #record(message: StoredMessage): void {
    this.#inFlight.push({ id: message.id, bytes: messageBytes(message) });
    this.#delivered++;
    this.#counts.delivered++;
    this.#deliveredThroughId = message.id;
  }

  #read(messagesMax: number): Promise<StoredMessage[]> {
    return this.#store.readMessages(this.username, this.#deliveredThroughId, messagesMax);
  }

  /** Knows of messages up to this id. Returns false when it does already. */
  #know(lastId: number): boolean {
    if (lastId <= this.#lastId) return false;
    this.#account.stored += lastId - this.#lastId;
    this.#lastId = lastId;
    return true;
  }

  /** Forgets messages that it was told of, and that are not there. */
  #forgetBeyond(): void {
    this.#account.stored -= this.#lastId - this.#deliveredThroughId;
    this.#lastId = this.#deliveredThroughId;
  }

  #catchUp(): void {
    if (this.#catchingUp || this.#state !== 'live' || !this.#behind()) return;
    this.#pushFromMailbox().catch((error: unknown) => {
      if (!this.ended) this.#receiver.mailboxFailed(error);
    });
  }

  async #pushFromMailbox(): Promise<void> {
    this.#catchingUp = true;
    try {
      while (this.#state === 'live' && this.#behind()) {
        const wanted = Math.min(
          this.#limits.windowMessagesMax - this.#inFlight.length,
          messagesPerRead,
        );
        if (wanted <= 0) return;
        const lastId = this.#lastId;
        this.#toldMeanwhile = false;
        const messages = await this.#read(wanted);
        for (const message of messages) {
          if (this.ended || !this.#hasRoom(message)) return;
          this.#record(message);
          this.#receiver.push(message);
          // A mailbox that others fill may have more than was told: that must not come again when it is told.
          if (this.#hasAllIds) this.#know(message.id);
        }
        // The read had all messages of its time; later ones are read in another round.
        if (messages.length < wanted) {
          if (!this.#hasAllIds) {
            this.#deliveredThroughId = Math.max(this.#deliveredThroughId, lastId);
          } else if (!this.#toldMeanwhile && lastId === this.#lastId) this.#forgetBeyond();
        }
      }
    } finally {
      // Not in a later microtask: an acknowledgement that comes in between has to find it.
      this.#catchingUp = false;
    }
  }
}
