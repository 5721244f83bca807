import { Fifo } from '@tandem/core';

/** Who owes the answers. */
export interface AnswersOwner<Answer> {
  /** An answer is ready, and it is its turn. */
  answered(answer: Answer): void;
  /** Fewer answers are owed than before. */
  owesLess(): void;
}

interface Slot<Answer> {
  answer: Answer | undefined;
  ready: boolean;
}

/**
 * The answers that a conversation owes, written in the order of the requests however they become
 * ready. [P-6.6]
 */
export class Answers<Answer> {
  readonly #owner: AnswersOwner<Answer>;
  readonly #slots = new Fifo<Slot<Answer>>();
  #onEmpty: (() => void) | undefined;

  constructor(owner: AnswersOwner<Answer>) {
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

  /** Owes an answer; an undefined one says nothing in its place. The promise never rejects. */
  add(promise: Promise<Answer | undefined>): void {
    const slot: Slot<Answer> = { answer: undefined, ready: false };
    this.#slots.push(slot);
    void promise.then((answer) => {
      slot.answer = answer;
      slot.ready = true;
      if (this.#slots.peek() === slot) this.#writeReady();
    });
  }

  #writeReady(): void {
    for (let slot = this.#slots.peek(); slot?.ready === true; slot = this.#slots.peek()) {
      this.#slots.shift();
      if (slot.answer !== undefined) this.#owner.answered(slot.answer);
    }
    if (this.length === 0) this.#onEmpty?.();
    this.#owner.owesLess();
  }
}
