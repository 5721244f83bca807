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
  readonly #accounts: Limiter;
  readonly #addresses: Limiter;

  /** @param now the clock, in milliseconds */
  constructor({ perAccount, perAddress }: TryRates, now?: () => number) {
    const options = now === undefined ? {} : { now };
    this.#accounts = new Limiter(perAccount, options);
    this.#addresses = new Limiter(perAddress, options);
  }

  /** The limiters, for whoever shares them with others. */
  get limiters(): { readonly triesPerAccount: Limiter; readonly triesPerAddress: Limiter } {
    return { triesPerAccount: this.#accounts, triesPerAddress: this.#addresses };
  }

  /** Begins a try. Returns 0 when it may go on, else after how many milliseconds to come again. */
  begin(username: string, address: string): number {
    const addressWaitMs = this.#addresses.take(address);
    if (addressWaitMs > 0) return addressWaitMs;
    const accountWaitMs = this.#accounts.take(username);
    if (accountWaitMs > 0) this.#addresses.giveBack(address);
    return accountWaitMs;
  }

  /** The try was right, or was not made after all. */
  takeBack(username: string, address: string): void {
    this.#addresses.giveBack(address);
    this.#accounts.giveBack(username);
  }
}
