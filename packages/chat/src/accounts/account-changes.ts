import type { Credentials, Store } from '../store/store.ts';
import type { Account } from './account.ts';
import type { Directory } from './directory.ts';

/** A register or a delete, and the account that has the name after it. */
interface Change {
  readonly after: Account | undefined;
  readonly written: Promise<void>;
}

/** The changes of one name that are not durable yet, in order, and the account that has it if all fail. */
interface Unsettled {
  durable: Account | undefined;
  readonly changes: Change[];
}

/**
 * The registers and deletes that are on their way into the store. The directory shows each at once, and
 * clients learn of it when it is durable. One that fails is taken out of the directory again, with all
 * that was decided on top of it.
 */
export class AccountChanges {
  readonly #directory: Directory;
  readonly #store: Store;
  readonly #onStoreError: (error: unknown) => void;
  readonly #unsettled = new Map<string, Unsettled>();
  #failures = 0;

  constructor(directory: Directory, store: Store, onStoreError: (error: unknown) => void) {
    this.#directory = directory;
    this.#store = store;
    this.#onStoreError = onStoreError;
  }

  /** The number of changes that have failed. Whoever read the directory before may have seen them. */
  get failures(): number {
    return this.#failures;
  }

  /** Adds an account whose name is free. Resolves when that is durable. */
  add(account: Account): Promise<void> {
    const { username, credentials } = account;
    return this.#change(username, account, this.#store.addAccount(username, credentials?.secret));
  }

  /** Removes an account. Resolves when that is durable. */
  remove(username: string): Promise<void> {
    return this.#change(username, undefined, this.#store.removeAccount(username));
  }

  /** Resolves when the existence of this user is durable, either way. Rejects if that fails. */
  settled(username: string): Promise<void> | undefined {
    return this.#unsettled.get(username)?.changes.at(-1)?.written;
  }

  /** True while there is a change that is not durable yet. */
  get pending(): boolean {
    return this.#unsettled.size > 0;
  }

  /** Resolves when every change before this call is durable or has failed. */
  async allSettled(): Promise<void> {
    await Promise.allSettled([...this.#unsettled.keys()].map((username) => this.settled(username)));
  }

  async #change(
    username: string,
    after: Account | undefined,
    written: Promise<void>,
  ): Promise<void> {
    const unsettled = this.#unsettledOf(username);
    const change = { after, written };
    unsettled.changes.push(change);
    this.#show(username, after);
    try {
      await written;
      this.#settle(unsettled, change);
    } catch (error) {
      this.#failures++;
      this.#undo(username, unsettled, change);
      this.#onStoreError(error);
      throw error;
    } finally {
      this.#forget(username, unsettled);
    }
  }

  #forget(username: string, unsettled: Unsettled): void {
    if (unsettled.changes.length > 0 || this.#unsettled.get(username) !== unsettled) return;
    this.#unsettled.delete(username);
  }

  #unsettledOf(username: string): Unsettled {
    const known = this.#unsettled.get(username);
    if (known !== undefined) return known;
    const unsettled = { durable: this.#directory.get(username), changes: [] };
    this.#unsettled.set(username, unsettled);
    return unsettled;
  }

  /** Drops this change and those before it, as they are durable. */
  #settle(unsettled: Unsettled, change: Change): void {
    const at = unsettled.changes.indexOf(change);
    // A later one may have settled first.
    if (at === -1) return;
    unsettled.durable = change.after;
    unsettled.changes.splice(0, at + 1);
  }

  #undo(username: string, unsettled: Unsettled, change: Change): void {
    const at = unsettled.changes.indexOf(change);
    if (at === -1) return;
    unsettled.changes.splice(at, 1);
    const last = unsettled.changes.at(-1);
    this.#show(username, last === undefined ? unsettled.durable : last.after);
  }

  /** Gives the name to this account, or to none, in the directory. */
  #show(username: string, account: Account | undefined): void {
    const shown = this.#directory.get(username);
    if (shown === account) return;
    shown?.session?.end();
    if (shown !== undefined) this.#directory.remove(username);
    if (account !== undefined) this.#directory.add(account);
  }
}

/** The credentials of an account in the store, and the number of changes that are not durable yet. */
interface UnsettledCredentials {
  durable: Credentials | undefined;
  changes: number;
}

/** The changes of credentials that are on their way into the store. Each shows at once, until it fails. */
export class CredentialChanges {
  readonly #store: Store;
  readonly #onStoreError: (error: unknown) => void;
  readonly #unsettled = new Map<Account, UnsettledCredentials>();

  constructor(store: Store, onStoreError: (error: unknown) => void) {
    this.#store = store;
    this.#onStoreError = onStoreError;
  }

  /** Sets the credentials of an account. Resolves when that is durable. */
  async set(account: Account, credentials: Credentials | undefined): Promise<void> {
    const unsettled = this.#unsettled.get(account) ?? { durable: account.credentials, changes: 0 };
    this.#unsettled.set(account, unsettled);
    unsettled.changes++;
    account.credentials = credentials;
    try {
      await this.#store.setCredentials(account.username, credentials);
      unsettled.durable = credentials;
    } catch (error) {
      if (account.credentials === credentials) account.credentials = unsettled.durable;
      this.#onStoreError(error);
      throw error;
    } finally {
      unsettled.changes--;
      if (unsettled.changes === 0) this.#unsettled.delete(account);
    }
  }
}
