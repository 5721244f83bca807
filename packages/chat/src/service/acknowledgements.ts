import type { Account } from '../accounts/account.ts';
import type { Mailboxes } from '../store/store.ts';

/**
 * The acknowledgements of one session, on their way out of the mailbox. [P-5.2]
 *
 * A removal covers all before it, so only the last one counts. A removal that failed is made again
 * before an outcome confirms it. It need not be durable before that: after a crash the messages are
 * delivered once more, as if the acknowledgement had not come.
 */
export class Acknowledgements {
  readonly #account: Account;
  readonly #store: Mailboxes;
  readonly #onStoreError: (error: unknown) => void;
  #throughId = 0;
  /** The last removal, while it is not durable. */
  #last: Promise<void> | undefined;
  #failed = false;
  /** Messages whose removal failed: they count as being removed again when that is tried again. */
  #failedMessages = 0;

  constructor(account: Account, store: Mailboxes, onStoreError: (error: unknown) => void) {
    this.#account = account;
    this.#store = store;
    this.#onStoreError = onStoreError;
  }

  /** Removes the `messages` up to `throughId` from the mailbox. */
  add(throughId: number, messages: number): void {
    this.#throughId = throughId;
    const { gone, durable } = this.#store.removeMessages(this.#account.username, throughId);
    this.#account.stored -= gone;
    const removing = Math.max(0, messages + this.#failedMessages - gone);
    this.#failedMessages = 0;
    if (durable !== undefined) this.#await(this.#remove(durable, removing));
    // Nothing is left to be removed again.
    else if (this.#failed) this.#forget();
  }

  /** Resolves when all that was added is durable. Rejects when that failed; ask again to try again. */
  confirm(): Promise<void> | undefined {
    if (this.#failed) this.add(this.#throughId, 0);
    if (this.#last !== undefined) this.#store.flush();
    return this.#last;
  }

  /** Resolves when all that was added is durable or has failed. */
  settled(): Promise<void> | undefined {
    if (this.#last !== undefined) this.#store.flush();
    return this.#last?.catch(() => {});
  }

  #await(removal: Promise<void>): void {
    this.#last = removal;
    this.#failed = false;
    removal.then(
      () => {
        if (this.#last === removal) this.#forget();
      },
      () => {
        if (this.#last === removal) this.#failed = true;
      },
    );
  }

  #forget(): void {
    this.#last = undefined;
    this.#failed = false;
  }

  async #remove(durable: Promise<number>, messages: number): Promise<void> {
    const account = this.#account;
    account.removing += messages;
    try {
      // The number that the store removed, and not `messages`: an earlier removal, or a send, may have failed.
      const removed = await durable;
      // In a statement of its own: `stored` has to be read after the wait, as others change it, too.
      account.stored -= removed;
    } catch (error) {
      this.#failedMessages += messages;
      this.#onStoreError(error);
      throw error;
    } finally {
      account.removing -= messages;
    }
  }
}
