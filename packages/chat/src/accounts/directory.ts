import sortedBTree from 'sorted-btree';
import type { Account } from './account.ts';

// A CommonJS package: its class is the `default` of what Node imports.
const BTree = sortedBTree.default;

/**
 * The accounts, in memory: by name for the operations, and in lexicographic order for search. A
 * million of them take a few hundred megabytes; in return no operation waits for a disk to know
 * whether a user exists.
 */
export class Directory {
  readonly #byName = new Map<string, Account>();
  readonly #inOrder = new BTree<string, undefined>();

  /** How many accounts there are. */
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

  /** Every account, in no order. */
  all(): IterableIterator<Account> {
    return this.#byName.values();
  }

  /**
   * Names from `first` on, in lexicographic order. Only good until the next account comes or goes;
   * after that, ask again from the last name that was seen.
   */
  namesFrom(first: string): IterableIterator<string> {
    return this.#inOrder.keys(first);
  }
}
