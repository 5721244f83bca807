import { FairQueue, type Origin } from '@tandem/chat';

/**
 * Shares out the event loop among the connections that make it work: all of them together get so
 * much of each turn, and then others come in. Those who wait take turns, by address and then by connection.
 *
 * One connection can be held back by its own socket. Many that are not would each do little and
 * together hold everybody up: 64 clients that read long lists as fast as they come, say.
 */
export class Pacer {
  readonly #sliceMs: number;
  readonly #waiting = new FairQueue<() => void>();
  #spentMs = 0;
  #scheduled = false;

  /** @param sliceMs how much of a turn of the event loop may be spent, in milliseconds */
  constructor(sliceMs: number) {
    this.#sliceMs = sliceMs;
  }

  /**
   * Does work that returns at once: now if this turn has time for it, else in a later one.
   *
   * @param origin whose turn it takes
   * @param leastMs what it is charged at if it takes less, since more work follows from it
   */
  run<Result>(origin: Origin, work: () => Result | Promise<Result>, leastMs = 0): Promise<Result> {
    if (this.#hasTime()) return Promise.resolve(this.#charge(work, leastMs));
    return new Promise((resolve) => {
      this.#waiting.push(origin, () => resolve(this.#charge(work, leastMs)));
    });
  }

  #hasTime(): boolean {
    return this.#waiting.length === 0 && this.#spentMs < this.#sliceMs;
  }

  #charge<Result>(work: () => Result, leastMs: number): Result {
    this.#endSliceWithTurn();
    const begin = performance.now();
    const result = work();
    this.#spentMs += Math.max(leastMs, performance.now() - begin);
    return result;
  }

  #endSliceWithTurn(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#spentMs = 0;
      while (this.#spentMs < this.#sliceMs) {
        const next = this.#waiting.shift();
        if (next === undefined) return;
        next();
      }
    });
  }
}
