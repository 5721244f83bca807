import { Fifo } from '@tandem/core';

interface Pending<Expected> {
  readonly expected: Expected;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The operations of one connection that wait for their responses, in the order in which they left. */
export class PendingOperations<Expected> {
  readonly #pending = new Fifo<Pending<Expected>>();
  #error: Error | undefined;

  /** Sends an operation. Resolves when {@link completed} is called for it; rejects once it has failed. */
  start(expected: Expected, send: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#error !== undefined) {
        reject(this.#error);
        return;
      }
      this.#pending.push({ expected, resolve, reject });
      send();
    });
  }

  /** The operation whose response comes next; undefined when none waits. */
  get expected(): Expected | undefined {
    return this.#pending.peek()?.expected;
  }

  /** Ends the oldest operation: with success, or with the error in its response. */
  completed(wrong?: string): void {
    const oldest = this.#pending.shift();
    if (wrong === undefined) oldest?.resolve();
    else oldest?.reject(new Error(wrong));
  }

  /** Rejects all pending and later operations with the first error. */
  fail(error: Error): void {
    this.#error ??= error;
    for (let one = this.#pending.shift(); one !== undefined; one = this.#pending.shift()) {
      one.reject(this.#error);
    }
  }
}
