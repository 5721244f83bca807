import { Fifo } from '@tandem/core';

/** The owner of a queue of responses. */
export interface ResponseQueueOwner<Response> {
  /** Called when the response that is first in the queue is ready. */
  responseReady(response: Response): void;
  /** Called when the queue has become shorter. */
  owesLess(): void;
}

interface Slot<Response> {
  response: Response | undefined;
  ready: boolean;
}

/**
 * The responses that a conversation owes. They are written in the order of the requests, whatever the
 * order in which they become ready. [P-6.6]
 */
export class ResponseQueue<Response> {
  readonly #owner: ResponseQueueOwner<Response>;
  readonly #slots = new Fifo<Slot<Response>>();
  #onEmpty: (() => void) | undefined;

  constructor(owner: ResponseQueueOwner<Response>) {
    this.#owner = owner;
  }

  /** The number of responses that are owed. */
  get length(): number {
    return this.#slots.length;
  }

  /** Resolves when no response is owed. For one caller at a time. */
  whenEmpty(): Promise<void> {
    if (this.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  /** Adds a response that is owed; for undefined, nothing is written. The promise never rejects. */
  add(response: Promise<Response | undefined>): void {
    this.addOf(response, itself);
  }

  /** Adds a response that is owed, and is made of an outcome when that is known; see {@link add}. */
  addOf<Outcome>(
    outcome: Promise<Outcome>,
    responseOf: (outcome: Outcome) => Response | undefined,
  ): void {
    const slot: Slot<Response> = { response: undefined, ready: false };
    this.#slots.push(slot);
    void outcome.then((known) => {
      slot.response = responseOf(known);
      slot.ready = true;
      if (this.#slots.peek() === slot) this.#writeReady();
    });
  }

  #writeReady(): void {
    for (let slot = this.#slots.peek(); slot?.ready === true; slot = this.#slots.peek()) {
      this.#slots.shift();
      if (slot.response !== undefined) this.#owner.responseReady(slot.response);
    }
    if (this.length === 0) this.#onEmpty?.();
    this.#owner.owesLess();
  }
}

function itself<T>(response: T): T {
  return response;
}
