import type { Logger } from 'pino';

const quietMs = 10_000;

/**
 * What the log says of a store that fails: the first failure at once, then, while it lasts, how many
 * there were, every ten seconds. Thousands of writes may fail in a second.
 */
export class StoreLog {
  readonly #logger: Logger;
  readonly #now: () => number;
  #quietUntil = Number.NEGATIVE_INFINITY;
  #untold = 0;

  constructor(logger: Logger, now = () => performance.now()) {
    this.#logger = logger;
    this.#now = now;
  }

  /** A write has failed, and whoever asked for it is refused. */
  failed(error: unknown): void {
    this.#untold++;
    const now = this.#now();
    if (now < this.#quietUntil) return;
    this.#logger.error({ err: error, writes: this.#untold }, 'the store refuses to write');
    this.#untold = 0;
    this.#quietUntil = now + quietMs;
  }

  /** Writes succeed again. */
  recovered(): void {
    this.#logger.info({ writes: this.#untold }, 'the store writes again');
    this.#untold = 0;
    this.#quietUntil = Number.NEGATIVE_INFINITY;
  }

  /** Nothing can be read or written any more. */
  ended(error: unknown): void {
    this.#logger.fatal({ err: error }, 'the store has failed');
  }
}
