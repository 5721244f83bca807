import { Fifo } from '../fifo.ts';
import type { Message } from '../rules/limits.ts';

type Waiter = (result: IteratorResult<Message, undefined>) => void;

/**
 * Holds the incoming messages of a client until its consumer takes them. It is the
 * {@link ChatClient.messages} of every client, and counts the messages that were taken, so that the
 * client can acknowledge them.
 *
 * A message is taken when the consumer asks for the next one, not when it gets the message: a message
 * that a consumer had in hand when it failed is unread. The inbox has no limit of its own. The
 * server's window and the mailbox limit bound what can arrive unacknowledged. [P-5.3]
 */
export class Inbox implements AsyncIterableIterator<Message, undefined> {
  readonly #onTaken: () => void;
  readonly #waiting = new Fifo<Message>();
  readonly #waiters = new Fifo<Waiter>();
  #inHand: Message[] = [];
  #taken = 0;
  #held = false;
  #ended = false;

  /** @param onTaken called each time that {@link taken} has grown */
  constructor(onTaken: () => void) {
    this.#onTaken = onTaken;
  }

  /** The number of messages that the consumer has taken in this session: the count to acknowledge. */
  get taken(): number {
    return this.#taken;
  }

  /** Adds a message that arrived. */
  deliver(message: Message): void {
    if (this.#ended) return;
    const waiter = this.#held ? undefined : this.#waiters.shift();
    if (waiter === undefined) this.#waiting.push(message);
    else this.#handOut(message, waiter);
  }

  /** Hands nothing out until {@link resume} or {@link startSession}, as the session may be about to end. */
  hold(): void {
    this.#held = true;
  }

  /** Hands out the held messages, since the session did not end. */
  resume(): void {
    this.#held = false;
    while (this.#waiting.length > 0 && this.#waiters.length > 0) {
      this.#handOut(this.#waiting.shift() as Message, this.#waiters.shift() as Waiter);
    }
  }

  /** Forgets the messages of the previous session. The server still has them. */
  startSession(): void {
    this.#waiting.clear();
    this.#inHand = [];
    this.#taken = 0;
    this.#held = false;
  }

  /** Ends the iteration. Messages that were not handed out are unread. */
  end(): void {
    this.#ended = true;
    this.#waiting.clear();
    this.#dismissWaiters();
  }

  next(): Promise<IteratorResult<Message, undefined>> {
    // The message in hand is taken after the end, too: a resume names it as taken.
    this.#takeWhatIsInHand();
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => {
      const message = this.#held ? undefined : this.#waiting.shift();
      if (message === undefined) this.#waiters.push(resolve);
      else this.#handOut(message, resolve);
    });
  }

  /**
   * Puts back what a consumer had in hand that leaves its loop early, and ends each `next` that still
   * waits: a message for a consumer that has left would be lost.
   */
  return(): Promise<IteratorResult<Message, undefined>> {
    this.#dismissWaiters();
    for (const message of this.#inHand.reverse()) this.#waiting.unshift(message);
    this.#inHand = [];
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #handOut(message: Message, waiter: Waiter): void {
    this.#inHand.push(message);
    waiter({ done: false, value: message });
  }

  #dismissWaiters(): void {
    for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift()) {
      waiter({ done: true, value: undefined });
    }
  }

  #takeWhatIsInHand(): void {
    if (this.#inHand.length === 0) return;
    this.#taken += this.#inHand.length;
    this.#inHand = [];
    if (!this.#ended) this.#onTaken();
  }
}
