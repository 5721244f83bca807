import {
  isValidUsername,
  type Refusal,
  refusalOfSecret,
  Status,
  type TriesOutcome,
} from '@tandem/core';
import { Hasher, secretsAreSupported, Tries, type TryRates } from '@tandem/identity';
import type { Asker, Origin } from '../scheduling/fair-queue.ts';
import { type SecretHasher, SecretQueue } from './secret-queue.ts';

/** The rule for new accounts: from anybody, only with a secret, or only from the operator. [P-4.1] */
export type AccountsMode = 'open' | 'protected' | 'closed';

/** The settings by which a service identifies users. */
export interface IdentitySettings {
  readonly accounts: AccountsMode;
  /** The limits of tries with a wrong secret. [P-4.7] */
  readonly tries: TryRates;
  /**
   * The longest time for which the refusal of one try too many is held back, in milliseconds; at least
   * half of it, at random. So a guesser who waits for responses makes few requests. [P-4.7]
   */
  readonly refusalHeldMs: number;
  /** The time for which a token resumes a session, in milliseconds. [P-4.9] */
  readonly resumeMs: number;
  /** Hashes secrets; undefined where none are taken. The service closes it. */
  readonly hasher: SecretHasher | undefined;
}

/** The client who tries a secret, and may have to wait for the refusal. */
export interface Trier extends Asker {
  /** Resolves after so many milliseconds, or as soon as the client is gone. */
  pause(ms: number): Promise<void>;
}

/** The account or session whose secret was tried is not whose it is. */
export type WrongSecret = { readonly status: typeof Status.wrongSecret };

/**
 * Tries and hashes secrets, one at a time ({@link SecretQueue}), and says which accounts anybody may make.
 * It knows no account, so it serves whatever decides about them.
 */
export class Secrets {
  readonly #accounts: AccountsMode;
  readonly #tries: Tries;
  readonly #refusalHeldMs: number;
  /** Undefined where no secrets are taken. */
  readonly #queue: SecretQueue | undefined;

  /**
   * @param waitingMax how many secrets may wait to be hashed
   * @param isUser tells whether somebody is logged in on a connection
   */
  constructor(settings: IdentitySettings, waitingMax: number, isUser: (origin: Origin) => boolean) {
    const { accounts, tries, refusalHeldMs, hasher } = settings;
    this.#accounts = accounts;
    this.#refusalHeldMs = refusalHeldMs;
    this.#tries = new Tries(tries);
    this.#queue = hasher && new SecretQueue(hasher, waitingMax, isUser);
  }

  /** True when accounts may have secrets. */
  get areTaken(): boolean {
    return this.#queue !== undefined;
  }

  /** True when an account may be without a secret. */
  get mayBeMissing(): boolean {
    return this.#accounts === 'open';
  }

  /** The number of secrets that wait to be hashed, the one that is worked on included. */
  get waiting(): number {
    return this.#queue?.waiting ?? 0;
  }

  /** Tells if anybody may make such an account. */
  takesAccount(withSecret: boolean): boolean {
    return this.#accounts === 'open' || (this.#accounts === 'protected' && withSecret);
  }

  /**
   * Returns why there can be no account of this name with this secret; undefined when there can. [P-5.4]
   *
   * @param secret undefined for none
   */
  refusalOf(
    username: string,
    secret: string | undefined,
  ): ReturnType<typeof refusalOfSecret> | typeof Status.noSecrets | typeof Status.invalidContent {
    if (secret !== undefined && !this.areTaken) return Status.noSecrets;
    if (!isValidUsername(username)) return Status.invalidContent;
    return secret === undefined ? undefined : refusalOfSecret(username, secret);
  }

  /** The limiters of tries, for whoever shares them with others. */
  get limiters(): Tries['limiters'] {
    return this.#tries.limiters;
  }

  /** Hashes a secret, or returns the refusal: too many wait, or the secret is common. Rejects when the thread failed. */
  async hash(
    secret: string,
    asker: Asker,
  ): Promise<string | typeof Status.tooBusy | typeof Status.secretTooWeak> {
    const hashed = await (this.#queue?.hash(secret, asker) ?? Status.tooBusy);
    return hashed ?? Status.secretTooWeak;
  }

  /**
   * Tries a secret. Returns undefined when it is that of the hash. Rejects when the thread failed.
   *
   * @param phc the hash; undefined for a user who does not exist, or has no secret, and is told the same
   */
  async try(
    username: string,
    secret: string,
    phc: string | undefined,
    asker: Trier,
  ): Promise<WrongSecret | TriesOutcome | { readonly status: Refusal } | undefined> {
    const { address } = asker.origin;
    const waitMs = this.#tries.begin(username, address);
    const refusal = waitMs > 0 ? await this.#beginLater(username, asker, waitMs) : undefined;
    if (refusal !== undefined) return refusal;
    let isWrong = false;
    try {
      const verified = await (this.#queue?.verify(secret, phc, asker) ?? Status.tooBusy);
      if (verified === Status.tooBusy) return { status: Status.tooBusy };
      isWrong = !verified;
      return isWrong ? { status: Status.wrongSecret } : undefined;
    } finally {
      this.#tries.end(username, address, isWrong);
    }
  }

  /** Begins a try a while later, as there is none left now; returns the refusal if there is none then either. */
  async #beginLater(
    username: string,
    asker: Trier,
    waitMs: number,
  ): Promise<TriesOutcome | { readonly status: Refusal } | undefined> {
    // At random: what a thousand guessers begin together would end in one turn of the event loop.
    const heldMs = (Math.min(waitMs, this.#refusalHeldMs) * (1 + Math.random())) / 2;
    await asker.pause(heldMs);
    if (asker.isGone()) return { status: Status.tooBusy };
    const { address } = asker.origin;
    // Those that were under way may have been right.
    const leftMs = this.#tries.begin(username, address);
    if (leftMs === 0) return undefined;
    if (this.#tries.couldBegin(username, address)) return { status: Status.tooBusy };
    return { status: Status.tooManyTries, retryAfterS: Math.ceil(leftMs / 1_000) };
  }

  /** Ends the thread of secrets. */
  async close(): Promise<void> {
    await this.#queue?.close();
  }
}

/** Returns what hashes secrets; undefined where Node.js cannot. */
export function newHasher(): Hasher | undefined {
  return secretsAreSupported ? new Hasher() : undefined;
}
