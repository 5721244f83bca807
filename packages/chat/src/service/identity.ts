import {
  type BlockOutcome,
  type ChangeSecretOutcome,
  type Refusal,
  Status,
  type TriesOutcome,
} from '@tandem/core';
import { makeToken, tokenHash, tokenMatches } from '@tandem/identity';
import type { Account } from '../accounts/account.ts';
import { CredentialChanges } from '../accounts/account-changes.ts';
import type { Directory } from '../accounts/directory.ts';
import type { Asker } from '../scheduling/fair-queue.ts';
import type { Credentials, Store } from '../store/store.ts';
import { Acknowledgements } from './acknowledgements.ts';
import type { Secrets, Trier, WrongSecret } from './secrets.ts';
import type { Session } from './session.ts';

/** The outcome of a change of a secret, with the new token if there is a secret. */
export type ChangeSecretResult = ChangeSecretOutcome & { readonly token?: string };

/** The most users whom one user blocks: a user's blocks are in memory. [P-4.11] */
export const blocksMax = 1_000;

// Ended sessions of which it is known what they were sent, each of at most a window. [P-4.9]
const endedSessionsMax = 1_000;

/**
 * Secrets, tokens and blocks of accounts: who may act as a user, and whom users do not want to hear.
 *
 * Secrets are tried and hashed one at a time ({@link Secrets}), so what needs one decides later than the
 * call, and looks again then.
 */
export class Identity {
  readonly #directory: Directory;
  readonly #store: Store;
  readonly #secrets: Secrets;
  readonly #resumeMs: number;
  readonly #credentials: CredentialChanges;
  readonly #onStoreError: (error: unknown) => void;
  readonly #ended = new Set<Account>();

  /**
   * @param resumeMs the time for which a token resumes a session, in milliseconds
   * @param onStoreError told of writes that failed
   */
  constructor(
    directory: Directory,
    store: Store,
    secrets: Secrets,
    resumeMs: number,
    onStoreError: (error: unknown) => void,
  ) {
    this.#directory = directory;
    this.#store = store;
    this.#secrets = secrets;
    this.#resumeMs = resumeMs;
    this.#credentials = new CredentialChanges(store, onStoreError);
    this.#onStoreError = onStoreError;
  }

  /**
   * Tries the secret of a user who may not exist, or have none. Returns its hash when it is right, and why
   * not otherwise. The account that there is then has the same secret still. Rejects when the thread failed.
   */
  async trySecret(
    username: string,
    secret: string,
    asker: Trier,
  ): Promise<string | WrongSecret | TriesOutcome | { readonly status: Refusal }> {
    const account = this.#directory.get(username);
    const phc = account?.credentials?.secret;
    const refusal = await this.#secrets.try(username, secret, phc, asker);
    if (refusal !== undefined) return refusal;
    const same = this.#directory.get(username) === account && account?.credentials?.secret === phc;
    return same && phc !== undefined ? phc : { status: Status.wrongSecret };
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
    const phc = secret === undefined ? '' : await this.#secrets.hash(secret, asker);
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
    asker: Trier,
  ): Promise<ChangeSecretResult> {
    const account = this.#directory.get(session.username);
    const known = account?.credentials?.secret;
    if ((known === undefined) !== (current === '')) return { status: Status.wrongCurrentSecret };
    if (known !== undefined) {
      const tried = await this.trySecret(session.username, current, asker);
      if (typeof tried !== 'string') {
        if (tried.status === Status.wrongSecret) return { status: Status.wrongCurrentSecret };
        return session.ended ? { status: Status.notLoggedIn } : tried;
      }
    }
    const phc = secret === '' ? '' : await this.#secrets.hash(secret, asker);
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
    if (blocked && !this.#directory.has(name)) return { status: Status.nobodyToBlock };
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

  #newToken(
    account: Account,
    session: Session,
    secret: string,
    before?: string,
  ): { readonly text: string; readonly credentials: Credentials } {
    const text = makeToken();
    const last = tokenHash(text);
    const endMs = Date.now() + this.#resumeMs;
    const reached = session.reached(this.#store);
    account.resumable = { session, token: last };
    session.rememberWhenEnded(() => this.#remember(account, session));
    return { text, credentials: { secret, tokens: { last, before, endMs, reached } } };
  }

  /** A session has ended. If it can be resumed, what it was sent is known until many others have ended. */
  #remember(account: Account, session: Session): void {
    if (account.resumable?.session !== session) return;
    if (!session.remembers) {
      account.resumable = undefined;
      return;
    }
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
