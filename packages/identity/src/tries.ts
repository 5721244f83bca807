import { Limiter, type Rate } from './limiter.ts';

/** The limits of tries with a wrong secret. */
export interface TryRates {
  /** For one account, from wherever. */
  readonly perAccount: Rate;
  /** From one address, for whatever account. */
  readonly perAddress: Rate;
}

/**
 * Counts tries of secrets, before anything is hashed: a guesser gets so many and no more, however many
 * connections there are. A try that turns out right does not count.
 */
export class Tries {
  readonly #accounts: TriesOfEach;
  readonly #addresses: TriesOfEach;

  /** @param now the clock, in milliseconds */
  constructor({ perAccount, perAddress }: TryRates, now?: () => number) {
    const options = now === undefined ? {} : { now };
    this.#accounts = new TriesOfEach(new Limiter(perAccount, options));
    this.#addresses = new TriesOfEach(new Limiter(perAddress, options));
  }

  /** The limiters, for whoever shares them with others. */
  get limiters(): { readonly triesPerAccount: Limiter; readonly triesPerAddress: Limiter } {
    return { triesPerAccount: this.#accounts.limiter, triesPerAddress: this.#addresses.limiter };
  }

  /**
   * Begins a try. Returns 0 when it may go on, until {@link end}; else after how many milliseconds to come
   * again.
   */
  begin(username: string, address: string): number {
    const addressWaitMs = this.#addresses.begin(address);
    if (addressWaitMs > 0) return addressWaitMs;
    const accountWaitMs = this.#accounts.begin(username);
    if (accountWaitMs > 0) this.#addresses.end(address, false);
    return accountWaitMs;
  }

  /** Tells if one more could begin if all that are under way were right. */
  couldBegin(username: string, address: string): boolean {
    return this.#addresses.couldBegin(address) && this.#accounts.couldBegin(username);
  }

  /** Ends a try. @param counts false when it was right, or was not made after all */
  end(username: string, address: string, counts: boolean): void {
    this.#addresses.end(address, counts);
    this.#accounts.end(username, counts);
  }
}

/** The tries of each account, or of each address. */
class TriesOfEach {
  readonly limiter: Limiter;
  /** The number of those of each that are under way, where there are any. */
  readonly #underWay = new Map<string, number>();

  constructor(limiter: Limiter) {
    this.limiter = limiter;
  }

  begin(key: string): number {
    const waitMs = this.limiter.take(key);
    if (waitMs === 0) this.#underWay.set(key, this.#underWayOf(key) + 1);
    return waitMs;
  }

  couldBegin(key: string): boolean {
    return this.limiter.waitMs(key, 1 - this.#underWayOf(key)) === 0;
  }

  end(key: string, counts: boolean): void {
    const left = this.#underWayOf(key) - 1;
    if (left > 0) this.#underWay.set(key, left);
    else this.#underWay.delete(key);
    if (!counts) this.limiter.giveBack(key);
  }

  #underWayOf(key: string): number {
    return this.#underWay.get(key) ?? 0;
  }
}
