import { Tally } from '@tandem/core/server';
import type { Logger } from 'pino';

/**
 * Logs the refusals of a store to write: the first at once, then, while they go on, their number
 * at most every ten seconds. Thousands of writes may be refused in one second.
 */
export class StoreLog {
  readonly #logger: Logger;
  readonly #refusals: Tally<'writes', unknown>;
  #refusing = false;

  constructor(logger: Logger) {
    this.#logger = logger;
    this.#refusals = new Tally((counts, error) => {
      this.#refusing = true;
      logger.error({ err: error, ...counts }, 'the store refuses to write');
    });
  }

  /** A write was refused, and whoever asked for it is told so. */
  refused(error: unknown): void {
    this.#refusals.add('writes', error);
  }

  /** Writes succeed again. Told once for each refusal that was told, with the number of those that were not. */
  recovered(): void {
    if (!this.#refusing) return;
    this.#refusing = false;
    this.#logger.info({ ...this.#refusals.take() }, 'the store writes again');
  }

  /** Tells what was not told yet. */
  flush(): void {
    this.#refusals.flush();
  }
}
