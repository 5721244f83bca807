import { deepEqual, equal } from 'node:assert/strict';
import type { Store, StoredAccount, StoredAccounts } from '../../src/index.ts';

/** Loads a store, and returns its accounts one by one; see {@link accountsOf}. */
export async function loadAccounts(store: Store): Promise<StoredAccount[]> {
  return accountsOf(store, (await store.load()).accounts);
}

/**
 * Returns accounts that a store loads, one by one, each with its unread messages. Throws when the store
 * counts others now than it did for the blocks.
 */
export function accountsOf(store: Store, blocks: Iterable<StoredAccounts>): StoredAccount[] {
  return [...blocks].flatMap(({ names, count, identified, sizes }) => {
    const identities = new Map(identified.map((account) => [account.username, account]));
    const usernames = names.split('\n');
    equal(usernames.pop(), '');
    equal(usernames.length, count);
    const counted = new Map<number, number>();
    const accounts = usernames.map((username) => {
      const unread = store.countMessages(username, 0);
      const account = identities.get(username);
      if (account === undefined) counted.set(unread, (counted.get(unread) ?? 0) + 1);
      else equal(account.unread, unread);
      return account ?? { username, unread };
    });
    deepEqual(sizes, counted);
    return accounts;
  });
}
