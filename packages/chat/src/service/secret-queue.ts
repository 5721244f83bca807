import { Status } from '@tandem/core';
import type { Hasher } from '@tandem/identity';
import type { Asker, Origin } from '../scheduling/fair-queue.ts';
import { OneByOne } from '../scheduling/one-by-one.ts';
import type { UseScale } from '../scheduling/waiting-places.ts';

/** A hasher, as far as a queue of secrets needs it. */
export type SecretHasher = Pick<Hasher, 'hash' | 'verify' | 'close'>;

// The use of a connection is how many of its secrets were hashed. One queue: addresses take turns, and use
// counts only among the connections of one. A login is one secret, a change of a secret two.
const use: UseScale = { halfLifeMs: 10_000, refusal: 1, queues: [], levels: [2, 8, 32] };

/** Has secrets hashed, one at a time, while others wait; {@link OneByOne} says whose is next. */
export class SecretQueue {
  readonly #hasher: SecretHasher;
  readonly #line: OneByOne;

  /**
   * @param waitingMax how many secrets may wait, the one that is worked on included
   * @param isUser tells whether somebody is logged in on a connection
   */
  constructor(hasher: SecretHasher, waitingMax: number, isUser: (origin: Origin) => boolean) {
    this.#hasher = hasher;
    this.#line = new OneByOne(use, waitingMax, isUser);
  }

  /** The number of secrets that wait, the one that is worked on included. */
  get waiting(): number {
    return this.#line.waiting;
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

  async #ask<Result>(
    asker: Asker,
    work: () => Promise<Result>,
  ): Promise<Result | typeof Status.tooBusy> {
    const done = await this.#line.ask(asker, async () => ({ result: await work() }));
    return done === undefined ? Status.tooBusy : done.result;
  }
}
