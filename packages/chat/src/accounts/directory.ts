import sortedBTree from 'sorted-btree';
import type { Account } from './account.ts';

// A CommonJS package: its class is the `default` of what Node imports.
const BTree = sortedBTree.default;

/**
 * The accounts in memory, by name for the operations and in lexicographic order for search. A million
 * accounts take a few hundred megabytes, and no operation waits for a disk to know whether a user exists.
 */
export class Directory {
  readonly #byName = new Map<string, Account>();
  readonly #inOrder = new BTree<string, undefined>();

  /** The number of accounts. */
  get size(): number {
    return this.#byName.size;
  }

  get(username: string): Account | undefined {
    return this.#byName.get(username);
  }

  /** Adds an account; the caller has checked that the name is free. */
  add(account: Account): void {
    this.#byName.set(account.username, account);
    this.#inOrder.set(account.username, undefined);
  }

  remove(username: string): void {
    this.#byName.delete(username);
    this.#inOrder.delete(username);
  }

  /** Returns all accounts, in no order. */
  all(): IterableIterator<Account> {
    return this.#byName.values();
  }

  /**
   * Returns the names from `first` on, in lexicographic order. Valid until the next account comes or goes:
   * then ask again, from the last name.
   */
  namesFrom(first: string): IterableIterator<string> {
    return this.#inOrder.keys(first);
  }
}
