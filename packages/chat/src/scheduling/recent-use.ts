import type { Origin } from './fair-queue.ts';

interface Use {
  amount: number;
  atMs: number;
}

/** The use that each connection has made of something lately: what it has used counts half after a time. */
export class RecentUse {
  readonly #halfLifeMs: number;
  readonly #uses = new WeakMap<Origin, Use>();

  /** @param halfLifeMs the time after which a use counts half, in milliseconds */
  constructor(halfLifeMs: number) {
    this.#halfLifeMs = halfLifeMs;
  }

  /** Adds to the use of a connection. */
  add(origin: Origin, amount: number, nowMs = performance.now()): void {
    const use = this.#uses.get(origin);
    if (use === undefined) {
      this.#uses.set(origin, { amount, atMs: nowMs });
    } else {
      use.amount = this.#faded(use, nowMs) + amount;
      use.atMs = nowMs;
    }
  }

  /** Returns the use of a connection. */
  of(origin: Origin, nowMs = performance.now()): number {
    const use = this.#uses.get(origin);
    return use === undefined ? 0 : this.#faded(use, nowMs);
  }

  /** Returns the number of bounds, in ascending order, that the use of a connection has reached. */
  rank(origin: Origin, bounds: readonly number[]): number {
    if (bounds.length === 0) return 0;
    const used = this.of(origin);
    const rank = bounds.findIndex((bound) => used < bound);
    return rank === -1 ? bounds.length : rank;
  }

  #faded({ amount, atMs }: Use, nowMs: number): number {
    return amount * 2 ** ((atMs - nowMs) / this.#halfLifeMs);
  }
}
