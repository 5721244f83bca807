import { Status } from '@tandem/core';
import type { Hasher } from '@tandem/identity';
import type { Asker, Origin } from '../scheduling/fair-queue.ts';
import { type UseScale, type Waiting, WaitingPlaces } from '../scheduling/waiting-places.ts';

/** A hasher, as far as a queue of secrets needs it. */
export type SecretHasher = Pick<Hasher, 'hash' | 'verify' | 'close'>;

interface WaitingSecret extends Waiting {
  /** Has the secret hashed. Resolves when that is over, and never rejects. */
  readonly begin: () => Promise<void>;
}

// The use of a connection is how many of its secrets were hashed. One queue: addresses take turns, and use
// counts only among the connections of one. A login is one secret, a change of a secret two.
const use: UseScale = { halfLifeMs: 10_000, refusal: 1, queues: [], levels: [2, 8, 32] };

/**
 * Has secrets hashed, one at a time, while others wait. {@link WaitingPlaces} says whose is next, and who
 * loses a place when too many wait: addresses take turns, and so do the connections of each.
 */
export class SecretQueue {
  readonly #hasher: SecretHasher;
  readonly #waitingMax: number;
  readonly #places = new WaitingPlaces<WaitingSecret>(use);
  #hashing = false;
  /** True while it is known in this turn of the event loop who has asked for most. */
  #ordered = false;

  /** @param waitingMax how many secrets may wait, the one that is worked on included */
  constructor(hasher: SecretHasher, waitingMax: number) {
    this.#hasher = hasher;
    this.#waitingMax = waitingMax;
  }

  /** The number of secrets that wait, the one that is worked on included. */
  get waiting(): number {
    return this.#places.length + Number(this.#hashing);
  }

  /**
   * Hashes a secret; see {@link Hasher.hash}. Resolves with 123 when it lost its place because too many
   * wait, and when its client was gone before its turn. Rejects when the hasher does.
   */
  hash(secret: string, asker: Asker): Promise<string | undefined | typeof Status.tooBusy> {
    return this.#ask(asker, () => this.#hasher.hash(secret));
  }

  /** Tells if a secret is that of a hash; see {@link Hasher.verify}. Resolves with 123 as {@link hash} does. */
  verify(
    secret: string,
    phc: string | undefined,
    asker: Asker,
  ): Promise<boolean | typeof Status.tooBusy> {
    return this.#ask(asker, () => this.#hasher.verify(secret, phc));
  }

  /** Closes the hasher, which rejects what waits. May be called twice. */
  close(): Promise<void> {
    return this.#hasher.close();
  }

  #ask<Result>(asker: Asker, work: () => Promise<Result>): Promise<Result | typeof Status.tooBusy> {
    const { origin } = asker;
    const full = this.waiting >= this.#waitingMax;
    if (full && !this.#makeRoom(origin)) return Promise.resolve(Status.tooBusy);
    return new Promise((resolve, reject) => {
      this.#places.add({
        origin,
        isGone: () => asker.isGone(),
        resolve: () => resolve(Status.tooBusy),
        begin: () => work().then(resolve, reject),
      });
      if (!this.#hashing) void this.#run();
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

  /** Hashes one secret after the other until none waits. */
  async #run(): Promise<void> {
    this.#hashing = true;
    for (let next = this.#places.next(); next !== undefined; next = this.#places.next()) {
      if (next.isGone()) {
        next.resolve(undefined);
        continue;
      }
      this.#places.charge(next.origin, 1);
      await next.begin();
    }
    this.#hashing = false;
  }
}
