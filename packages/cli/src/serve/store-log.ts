import type { Logger } from 'pino';

const quietMs = 10_000;

/**
 * What the log says of a store that refuses to write: the first refusal at once, then, while it lasts,
 * how many there were, at most every ten seconds; thousands of writes may be refused in one.
 */
export class StoreLog {
  readonly #logger: Logger;
  readonly #now: () => number;
  #quietUntil = Number.NEGATIVE_INFINITY;
  #untold = 0;
  #refusing = false;

  /** @param now milliseconds that ascend */
  constructor(logger: Logger, now = () => performance.now()) {
    this.#logger = logger;
    this.#now = now;
  }

  /** A write was refused, and whoever asked for it is told so. */
  refused(error: unknown): void {
    this.#untold++;
    if (this.#now() < this.#quietUntil) return;
    this.#logger.error({ err: error, writes: this.#untold }, 'the store refuses to write');
    this.#untold = 0;
    this.#refusing = true;
    this.#quietUntil = this.#now() + quietMs;
  }

  /** Writes succeed again. Told once for each refusal that was told. */
  recovered(): void {
    if (!this.#refusing) return;
    this.#refusing = false;
    this.#logger.info('the store writes again');
  }
}
