import type { Account } from './account.ts';
import type { Store } from './store.ts';

/**
 * What one session's client has taken, on its way out of the mailbox. [P-5.2]
 *
 * A removal covers all that came before it, so only the last one counts; one that failed is made
 * again before anything confirms it.
 */
export class Acknowledgements {
  readonly #account: Account;
  readonly #store: Store;
  readonly #onStoreError: (error: unknown) => void;
  #throughId = 0;
  #last: Promise<void> | undefined;
  #failed = false;

  constructor(account: Account, store: Store, onStoreError: (error: unknown) => void) {
    this.#account = account;
    this.#store = store;
    this.#onStoreError = onStoreError;
  }

  /** Removes the `messages` up to `throughId` from the mailbox. */
  add(throughId: number, messages: number): void {
    this.#throughId = throughId;
    const removal = this.#remove(messages);
    this.#last = removal;
    this.#failed = false;
    removal.catch(() => {
      if (this.#last === removal) this.#failed = true;
    });
  }

  /** Resolves when all that was added is durable. Rejects when that failed; ask again to try again. */
  confirm(): Promise<void> | undefined {
    if (this.#failed) this.add(this.#throughId, 0);
    return this.#last;
  }

  /** Resolves when all that was added is durable or has failed. */
  settled(): Promise<void> | undefined {
    return this.#last?.catch(() => {});
  }

  async #remove(messages: number): Promise<void> {
    const account = this.#account;
    account.removing += messages;
    try {
      // What the store says, and not `messages`: an earlier removal, or a send, may have failed.
      const removed = await this.#store.removeMessages(account.username, this.#throughId);
      // Not in one statement: `stored` has to be read after the wait, since others change it too.
      account.stored -= removed;
    } catch (error) {
      this.#onStoreError(error);
      throw error;
    } finally {
      account.removing -= messages;
    }
  }
}
