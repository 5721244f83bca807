import type { MemoryAccount } from '@tandem/core/server';

/** The limits of the pending responses of a connection. */
interface PendingResponsesOptions {
  /** The memory account of the connection. */
  readonly account: Pick<MemoryAccount, 'take' | 'give'>;
  readonly drainTimeoutMs: number;
  /** Called when no response, and no part of one, has left for too long: the connection is to be cut. */
  readonly onStuck: () => void;
}

/**
 * The long unary responses of one connection that wait for their client to read them, and those of its
 * logins. A unary response cannot be made page by page, so a client that asks for many and reads none is
 * refused, and cut when it still reads none. [P-5.1]
 */
export class PendingResponses {
  readonly #options: PendingResponsesOptions;
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PendingResponsesOptions) {
    this.#options = options;
  }

  /**
   * Takes memory for a response until the returned function is called, when it has left or never will.
   * Returns undefined when there is no room.
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

  /** Notes that a part of one has left. */
  took(): void {
    this.#timer?.refresh();
  }

  #left(): void {
    this.#count--;
    if (this.#count > 0) {
      this.took();
    } else {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }
}
