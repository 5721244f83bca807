import type { MemoryAccount } from '@tandem/core';

/** What bounds the answers of a connection that wait. */
interface WaitingAnswersOptions {
  /** What the connection may hold. */
  readonly account: Pick<MemoryAccount, 'take' | 'give'>;
  readonly drainTimeoutMs: number;
  /** Called when none of them has left for too long: the connection is to be cut. */
  readonly onStuck: () => void;
}

/**
 * The long unary answers of one connection that wait for their client to read them, and those of
 * its logins. A unary answer cannot be made page by page as the client drains, so a client that asks
 * for many and reads none is refused, and cut when it goes on reading none. [P-5.1]
 */
export class WaitingAnswers {
  readonly #options: WaitingAnswersOptions;
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WaitingAnswersOptions) {
    this.#options = options;
  }

  /**
   * Makes room for an answer of so many bytes until the returned function is called, when it has
   * left or never will. Undefined when there is no room.
   */
  hold(bytes: number): (() => void) | undefined {
    const { account, drainTimeoutMs, onStuck } = this.#options;
    if (!account.take(bytes)) return undefined;
    this.#count++;
    this.#timer ??= setTimeout(onStuck, drainTimeoutMs);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      account.give(bytes);
      this.#left();
    };
  }

  #left(): void {
    this.#count--;
    if (this.#count > 0) {
      this.#timer?.refresh();
    } else {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }
}
