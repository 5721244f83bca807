import {
  type BlockOutcome,
  type ChangeSecretOutcome,
  type Refusal,
  Status,
  type TriesOutcome,
} from '@tandem/core';
import { makeToken, Tries, type TryRates, tokenHash, tokenMatches } from '@tandem/identity';
import type { Account } from '../accounts/account.ts';
import { CredentialChanges } from '../accounts/account-changes.ts';
import type { Directory } from '../accounts/directory.ts';
import type { Asker } from '../scheduling/fair-queue.ts';
import type { Credentials, Store } from '../store/store.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { type SecretHasher, SecretQueue } from './secret-queue.ts';
import type { Session } from './session.ts';

/** The rule for new accounts: from anybody, only with a secret, or only from the administrator. [P-4.1] */
export type AccountsMode = 'open' | 'protected' | 'closed';

/** The settings by which a service identifies users. */
export interface IdentitySettings {
  readonly accounts: AccountsMode;
  /** The limits of tries with a wrong secret. [P-4.7] */
  readonly tries: TryRates;
  /** The time for which a token resumes a session, in milliseconds. [P-4.9] */
  readonly resumeMs: number;
  /** Hashes secrets; undefined where none are taken. The service closes it. */
  readonly hasher: SecretHasher | undefined;
}

/** The account or session whose secret was tried is not whose it is. */
type WrongSecret = { readonly status: typeof Status.wrongSecret };

/** The outcome of a change of a secret, with the new token if there is a secret. */
export type ChangeSecretResult = ChangeSecretOutcome & { readonly token?: string };

// A user's blocks are in memory. [P-4.11]
const blocksMax = 1_000;

// Ended sessions of which it is known what they were sent, each of at most a window. [P-4.9]
const endedSessionsMax = 1_000;

/**
 * Secrets, tokens and blocks of accounts: who may act as a user, and whom users do not want to hear.
 *
 * Secrets are tried and hashed one at a time ({@link SecretQueue}), so what needs one decides later than
 * the call, and looks again then.
 */
export class Identity {
  readonly #directory: Directory;
  readonly #store: Store;
  readonly #settings: IdentitySettings;
  readonly #tries: Tries;
  /** Undefined where no secrets are taken. */
  readonly #secrets: SecretQueue | undefined;
  readonly #credentials: CredentialChanges;
  readonly #onStoreError: (error: unknown) => void;
  readonly #ended = new Set<Account>();

  /**
   * @param secretsWaitingMax how many secrets may wait to be hashed
   * @param onStoreError told of writes that failed
   */
  constructor(
    directory: Directory,
    store: Store,
    settings: IdentitySettings,
    secretsWaitingMax: number,
    onStoreError: (error: unknown) => void,
  ) {
    this.#directory = directory;
    this.#store = store;
    this.#settings = settings;
    this.#tries = new Tries(settings.tries);
    this.#secrets = settings.hasher && new SecretQueue(settings.hasher, secretsWaitingMax);
    this.#credentials = new CredentialChanges(store, onStoreError);
    this.#onStoreError = onStoreError;
  }

  /** True when accounts may have secrets. */
  get takesSecrets(): boolean {
    return this.#secrets !== undefined;
  }

  /** True when an account may be without a secret. */
  get allowsNoSecret(): boolean {
    return this.#settings.accounts === 'open';
  }

  /** The number of secrets that wait to be hashed, the one that is worked on included. */
  get secretsWaiting(): number {
    return this.#secrets?.waiting ?? 0;
  }

  /** Tells if anybody may make such an account. */
  takesAccount(withSecret: boolean): boolean {
    const { accounts } = this.#settings;
    return accounts === 'open' || (accounts === 'protected' && withSecret);
  }

  /** Hashes a secret, or returns the refusal: too many wait, or the secret is common. Rejects when the thread failed. */
  async hash(
    secret: string,
    asker: Asker,
  ): Promise<string | typeof Status.tooBusy | typeof Status.secretTooWeak> {
    const hashed = await (this.#secrets?.hash(secret, asker) ?? Status.tooBusy);
    return hashed ?? Status.secretTooWeak;
  }

  /**
   * Tries the secret of a user who may not exist, or have none. Returns undefined when it is right. The
   * account that there is then has the same secret still. Rejects when the thread failed.
   */
  async trySecret(
    username: string,
    secret: string,
    asker: Asker,
  ): Promise<WrongSecret | TriesOutcome | { readonly status: Refusal } | undefined> {
    const { address } = asker.origin;
    const waitMs = this.#tries.begin(username, address);
    if (waitMs > 0) {
      return { status: Status.tooManyTries, retryAfterS: Math.ceil(waitMs / 1_000) };
    }
    const account = this.#directory.get(username);
    const phc = account?.credentials?.secret;
    const verified = await (this.#secrets?.verify(secret, phc, asker) ?? Status.tooBusy);
    if (verified === false) return { status: Status.wrongSecret };
    this.#tries.takeBack(username, address);
    if (verified === Status.tooBusy) return { status: Status.tooBusy };
    const same = this.#directory.get(username) === account && account?.credentials?.secret === phc;
    return same ? undefined : { status: Status.wrongSecret };
  }

  /**
   * Gives a session a new token, which is durable when this resolves; undefined for one that has ended,
   * of an account without a secret, or when it could not be kept.
   *
   * @param before the hash of the token that the session was resumed with, which goes on to be good
   */
  async giveToken(session: Session, before?: string): Promise<string | undefined> {
    const account = this.#directory.get(session.username);
    const secret = account?.credentials?.secret;
    if (account === undefined || secret === undefined || account.session !== session) return;
    const token = this.#newToken(account, session, secret, before);
    const kept = await this.#credentials.set(account, token.credentials).catch(() => false);
    return kept === false ? undefined : token.text;
  }

  /**
   * Tells whose session a token resumes, having forgotten what was taken of it; or why it does not.
   * `forgotten` resolves when that is durable. [P-4.9]
   */
  resume(
    username: string,
    token: string,
    count: number,
  ):
    | {
        readonly account: Account;
        readonly used: string;
        readonly forgotten: Promise<void> | undefined;
      }
    | typeof Status.notResumable
    | typeof Status.badOperation {
    const account = this.#directory.get(username);
    const tokens = account?.credentials?.tokens;
    if (account === undefined || tokens === undefined || tokens.endMs <= Date.now()) {
      return Status.notResumable;
    }
    const { last, before = '' } = tokens;
    const used = [last, before].find((hash) => tokenMatches(token, hash));
    if (used === undefined) return Status.notResumable;
    const { resumable } = account;
    const session = resumable?.token === used ? resumable.session : undefined;
    if (session?.acknowledge(count) === false) return Status.badOperation;
    const forgotten = session?.remembers
      ? session.acknowledged()
      : this.#forgetTaken(account, used, count);
    return { account, used, forgotten };
  }

  /**
   * Forgets what was taken in the session of this token, which is known from the store alone. Resolves
   * when that is durable; undefined when it is.
   *
   * @param token the hash of the token
   */
  #forgetTaken(account: Account, token: string, taken: number): Promise<void> | undefined {
    const { username } = account;
    const throughId = this.#store.takenThroughId(username, token, taken);
    if (throughId === 0) return undefined;
    const unread = this.#store.countMessages(username, 0);
    const left = this.#store.countMessages(username, throughId);
    const acknowledgements = new Acknowledgements(account, this.#store, this.#onStoreError);
    acknowledgements.add(throughId, unread - left);
    return acknowledgements.confirm();
  }

  /** Makes the tokens of a session's user worthless. Resolves when that is durable; undefined for none. */
  forgetTokens(session: Session): Promise<void> | undefined {
    const account = this.#directory.get(session.username);
    return account && this.forgetTokensOf(account);
  }

  /** Does the same for an account. */
  forgetTokensOf(account: Account): Promise<void> | undefined {
    if (account.credentials?.tokens === undefined) return undefined;
    account.resumable = undefined;
    return this.#credentials.set(account, { ...account.credentials, tokens: undefined });
  }

  /**
   * Gives an account another secret, whoever knows the one before, and ends its session. Rejects when it
   * could not be kept.
   *
   * @param secret valid; undefined for none
   */
  async resetSecret(
    account: Account,
    secret: string | undefined,
    asker: Asker,
  ): Promise<
    | typeof Status.secretChanged
    | typeof Status.notRegistered
    | typeof Status.secretTooWeak
    | typeof Status.tooBusy
  > {
    const phc = secret === undefined ? '' : await this.hash(secret, asker);
    if (typeof phc === 'number') return phc;
    if (this.#directory.get(account.username) !== account) return Status.notRegistered;
    account.session?.dismiss();
    account.resumable = undefined;
    const credentials = phc === '' ? undefined : { secret: phc, tokens: undefined };
    await this.#credentials.set(account, credentials);
    return Status.secretChanged;
  }

  /**
   * Changes the secret of a session's user, or removes it. What was said is valid. [P-4.10]
   *
   * @param current empty for none
   * @param secret empty to remove it
   */
  async changeSecret(
    session: Session,
    current: string,
    secret: string,
    asker: Asker,
  ): Promise<ChangeSecretResult> {
    const account = this.#directory.get(session.username);
    const known = account?.credentials?.secret;
    if ((known === undefined) !== (current === '')) return { status: Status.wrongCurrentSecret };
    if (known !== undefined) {
      const refusal = await this.trySecret(session.username, current, asker);
      if (refusal?.status === Status.wrongSecret) return { status: Status.wrongCurrentSecret };
      if (refusal !== undefined) return session.ended ? { status: Status.notLoggedIn } : refusal;
    }
    const phc = secret === '' ? '' : await this.hash(secret, asker);
    if (account === undefined || account.session !== session) return { status: Status.notLoggedIn };
    if (typeof phc === 'number') return { status: phc };
    if (account.credentials?.secret !== known) return { status: Status.wrongCurrentSecret };
    if (phc === '') {
      account.resumable = undefined;
      if (known !== undefined) await this.#credentials.set(account, undefined);
      return { status: Status.secretChanged };
    }
    const { text, credentials } = this.#newToken(account, session, phc);
    await this.#credentials.set(account, credentials);
    return { status: Status.secretChanged, token: text };
  }

  /** Blocks or unblocks a user for the user of a session. Resolves when that is durable. [P-4.11] */
  async setBlocked(session: Session, name: string, blocked: boolean): Promise<BlockOutcome> {
    const account = this.#directory.get(session.username) as Account;
    account.blocked ??= new Set();
    const all = account.blocked;
    const before = all.has(name);
    if (blocked && this.#directory.get(name) === undefined) return { status: Status.nobodyToBlock };
    if (blocked && !before && all.size >= blocksMax) return { status: Status.tooManyBlocked };
    set(all, name, blocked);
    try {
      await this.#store.setBlocked(session.username, name, blocked);
    } catch (error) {
      set(all, name, before);
      throw error;
    }
    return { status: blocked ? Status.blocked : Status.unblocked };
  }

  /** Ends the thread of secrets. */
  async close(): Promise<void> {
    await this.#secrets?.close();
  }

  #newToken(
    account: Account,
    session: Session,
    secret: string,
    before?: string,
  ): { readonly text: string; readonly credentials: Credentials } {
    const text = makeToken();
    const last = tokenHash(text);
    const endMs = Date.now() + this.#settings.resumeMs;
    const reached = session.reached();
    account.resumable = { session, token: last };
    session.rememberWhenEnded(() => this.#remember(account));
    return { text, credentials: { secret, tokens: { last, before, endMs, reached } } };
  }

  /** A session has ended that can be resumed: what it was sent is known until many others have ended. */
  #remember(account: Account): void {
    this.#ended.delete(account);
    this.#ended.add(account);
    if (this.#ended.size <= endedSessionsMax) return;
    const [oldest] = this.#ended as Set<Account> & [Account];
    this.#ended.delete(oldest);
    if (oldest.session === undefined) oldest.resumable = undefined;
  }
}

function set(names: Set<string>, name: string, present: boolean): void {
  if (present) names.add(name);
  else names.delete(name);
}
