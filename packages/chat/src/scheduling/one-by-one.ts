import type { Asker, Origin } from './fair-queue.ts';
import { type UseScale, type Waiting, WaitingPlaces } from './waiting-places.ts';

interface WaitingWork extends Waiting {
  /** Does the work. Resolves when that is over, and never rejects. */
  readonly begin: () => Promise<void>;
}

/**
 * Has work done, one piece at a time, while other work waits. {@link WaitingPlaces} says whose is next, and
 * who loses a place when too many wait: addresses take turns, and so do the connections of each.
 */
export class OneByOne {
  readonly #waitingMax: number;
  readonly #places: WaitingPlaces<WaitingWork>;
  #working = false;
  /** True while it is known in this turn of the event loop who has asked for most. */
  #ordered = false;

  /**
   * @param scale the measure of what connections use: each piece counts one
   * @param waitingMax how many may wait, the one that is worked on included
   * @param isUser tells whether somebody is logged in on a connection
   */
  constructor(scale: UseScale, waitingMax: number, isUser: (origin: Origin) => boolean) {
    this.#places = new WaitingPlaces<WaitingWork>(scale, isUser);
    this.#waitingMax = waitingMax;
  }

  /** The number of pieces that wait, the one that is worked on included. */
  get waiting(): number {
    return this.#places.length + Number(this.#working);
  }

  /**
   * Does a piece of work when its turn comes. Resolves with undefined when it lost its place because too
   * many wait, and when its client was gone before its turn. Rejects when the work does.
   */
  ask<Result>(asker: Asker, work: () => Promise<Result>): Promise<Result | undefined> {
    const { origin } = asker;
    const full = this.waiting >= this.#waitingMax;
    if (full && !this.#makeRoom(origin)) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#places.add({
        origin,
        isGone: () => asker.isGone(),
        resolve,
        begin: () => work().then(resolve, reject),
      });
      if (!this.#working) void this.#run();
    });
  }

  #makeRoom(newcomer: Origin): boolean {
    if (!this.#ordered) {
      this.#ordered = true;
      setImmediate(() => {
        this.#ordered = false;
        this.#places.newSlice();
      });
    }
    return this.#places.makeRoom(newcomer);
  }

  async #run(): Promise<void> {
    this.#working = true;
    for (let next = this.#places.next(); next !== undefined; next = this.#places.next()) {
      if (next.isGone()) {
        next.resolve(undefined);
        continue;
      }
      this.#places.charge(next.origin, 1);
      await next.begin();
    }
    this.#working = false;
  }
}
