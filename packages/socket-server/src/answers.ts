import { Fifo } from '@tandem/core';

/** Who owes the answers. */
export interface AnswersOwner {
  /** An answer is ready, and it is its turn. */
  answered(bytes: Uint8Array): void;
  /** Fewer answers are owed than before. */
  owesLess(): void;
}

interface Slot {
  bytes: Uint8Array | undefined;
  ready: boolean;
}

/**
 * The answers that a connection owes, written in the order of the requests however they become
 * ready. [P-6.6]
 */
export class Answers {
  readonly #owner: AnswersOwner;
  readonly #slots = new Fifo<Slot>();
  #onEmpty: (() => void) | undefined;

  constructor(owner: AnswersOwner) {
    this.#owner = owner;
  }

  /** How many answers are owed. */
  get length(): number {
    return this.#slots.length;
  }

  /** Resolves when no answer is owed. For one caller at a time. */
  whenEmpty(): Promise<void> {
    if (this.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  /** Owes an answer; undefined bytes say nothing in its place. The promise never rejects. */
  add(answer: Promise<Uint8Array | undefined>): void {
    const slot: Slot = { bytes: undefined, ready: false };
    this.#slots.push(slot);
    void answer.then((bytes) => {
      slot.bytes = bytes;
      slot.ready = true;
      if (this.#slots.peek() === slot) this.#writeReady();
    });
  }

  #writeReady(): void {
    for (let slot = this.#slots.peek(); slot?.ready === true; slot = this.#slots.peek()) {
      this.#slots.shift();
      if (slot.bytes !== undefined) this.#owner.answered(slot.bytes);
    }
    if (this.length === 0) this.#onEmpty?.();
    this.#owner.owesLess();
  }
}
