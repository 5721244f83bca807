import type { Origin } from '../scheduling/fair-queue.ts';
import type { StoredAccounts } from '../store/store.ts';
import { type Account, newAccount, unreadOf } from './account.ts';
import { ownText, SortedNames } from './sorted-names.ts';

/**
 * The accounts in memory: their names in lexicographic order, and an object for each that was used. So
 * no operation waits for a disk to know whether a user exists, and a million accounts that nobody uses
 * take little more than their names.
 */
export class Directory {
  readonly #names = new SortedNames();
  readonly #used = new Map<string, Account>();
  /** The number of accounts that nobody has used since the start, by their unread messages. */
  readonly #unused = new Map<number, number>();
  readonly #countUnread: (username: string, origin: Origin | undefined) => number;

  /** @param countUnread returns how many messages a loaded account has, when it is used first */
  constructor(countUnread: (username: string, origin: Origin | undefined) => number = () => 0) {
    this.#countUnread = countUnread;
  }

  /** The number of accounts. */
  get size(): number {
    return this.#names.size;
  }

  /** Tells if there is such an account. */
  has(username: string): boolean {
    return this.#used.has(username) || this.#names.has(username);
  }

  /**
   * Returns an account, which is in memory as a whole from now on.
   *
   * @param origin the client that asks, which pays for the count of its unread messages; undefined for none
   */
  get(username: string, origin?: Origin): Account | undefined {
    return this.#used.get(username) ?? this.#use(username, origin);
  }

  /** Adds an account; the caller has checked that the name is free. */
  add(account: Account): void {
    this.#names.add(account.username);
    this.#used.set(account.username, account);
  }

  /**
   * Adds accounts that a store has, above those that are there. Of those without credentials and blocks,
   * only the names are kept until they are used.
   */
  load({ names, count, sizes, identified }: StoredAccounts): void {
    this.#names.append(names, count);
    for (const [unread, accounts] of sizes) {
      this.#unused.set(unread, (this.#unused.get(unread) ?? 0) + accounts);
    }
    for (const { username, unread, credentials, blocked } of identified) {
      const account = newAccount(ownText(username), unread, credentials, blocked);
      this.#used.set(account.username, account);
    }
  }

  /** Removes an account; does nothing when there is none. */
  remove(username: string): void {
    if (this.get(username) === undefined) return;
    this.#used.delete(username);
    this.#names.remove(username);
  }

  /**
   * Returns numbers of unread messages, each with the number of accounts that have as many, in no order.
   * An account counts once, though it may be used for the first time before the end.
   */
  *mailboxSizes(): IterableIterator<readonly [unread: number, accounts: number]> {
    for (const account of this.#used.values()) yield [unreadOf(account), 1];
    yield* [...this.#unused];
  }

  /** Returns names in texts; see {@link SortedNames.textsOf}. */
  textsOf(first: string, before: string): IterableIterator<string> {
    return this.#names.textsOf(first, before);
  }

  #use(username: string, origin: Origin | undefined): Account | undefined {
    if (!this.#names.has(username)) return undefined;
    const unread = this.#countUnread(username, origin);
    const others = (this.#unused.get(unread) ?? 0) - 1;
    if (others > 0) this.#unused.set(unread, others);
    else this.#unused.delete(unread);
    const account = newAccount(ownText(username), unread);
    this.#used.set(account.username, account);
    return account;
  }
}
