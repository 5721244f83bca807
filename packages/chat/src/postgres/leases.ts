/** A lease of a node, as a look at all of them finds it. */
export interface Lease {
  readonly node: number;
  /** The number of its renewals, which only the node itself raises. */
  readonly renewals: string;
  /** True when it is known without waiting that the node is gone. */
  readonly died: boolean;
}

/**
 * The leases of other nodes, as this node sees them by its own clock. A node is dead when look after look
 * finds its lease as it was, each of them in time: while this node is paused, others may be as well.
 */
export class Leases {
  readonly #liveMs: number;
  #seen = new Map<number, { readonly renewals: string; readonly sinceMs: number }>();
  #lookedMs = Number.NEGATIVE_INFINITY;

  /** @param liveMs the time for which a lease lasts that is not renewed, in milliseconds */
  constructor(liveMs: number) {
    this.#liveMs = liveMs;
  }

  /**
   * Returns the nodes that are dead.
   *
   * @param askedMs the time before the look. When the answer is read says nothing of when it was given.
   */
  dead(leases: readonly Lease[], askedMs: number): readonly number[] {
    const isInTime = askedMs - this.#lookedMs <= this.#liveMs / 2;
    const before = isInTime ? this.#seen : new Map<number, never>();
    this.#lookedMs = askedMs;
    this.#seen = new Map();
    const dead: number[] = [];
    for (const { node, renewals, died } of leases) {
      const seen = before.get(node);
      const sinceMs = seen?.renewals === renewals ? seen.sinceMs : askedMs;
      this.#seen.set(node, { renewals, sinceMs });
      if (died || askedMs - sinceMs > this.#liveMs) dead.push(node);
    }
    return dead;
  }
}
