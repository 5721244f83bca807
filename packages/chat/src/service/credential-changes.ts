import type { Account } from '../accounts/account.ts';
import type { Credentials, Store } from '../store/store.ts';

/** What an account has in the store, while changes of that are on their way. */
interface Unsettled {
  durable: Credentials | undefined;
  changes: number;
}

/** Changes of credentials on their way into the store. Each shows at once, and not any more when it fails. */
export class CredentialChanges {
  readonly #store: Store;
  readonly #onStoreError: (error: unknown) => void;
  readonly #unsettled = new Map<Account, Unsettled>();

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
