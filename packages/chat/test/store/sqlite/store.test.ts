import { beforeEach, describe, expect, it } from 'vitest';
import type { SqliteStore } from '../../../src/index.ts';
import { turn } from '../../stage.ts';
import { loadAccounts } from '../loaded-accounts.ts';
import { describeStore } from '../store-contract.ts';
import { newDataDirectory, openDatabase, openStore, remove } from './data-directory.ts';

describeStore('sqlite', async () => {
  const directory = newDataDirectory();
  const open = () => openStore(directory);
  return { store: await open(), reopen: open };
});

let directory: string;
let store: SqliteStore;

beforeEach(async () => {
  directory = newDataDirectory();
  store = await openStore(directory);
  for (const _ of (await store.load()).accounts);
});

/** Returns the number of rows that another connection sees, so those that are committed. */
function committed(table: 'accounts' | 'messages' | 'leftovers'): number {
  const database = openDatabase(directory);
  const row = database.prepare(`SELECT count(*) AS count FROM ${table}`).get();
  database.close();
  return Number(row?.count);
}

/** Fills a mailbox with messages from this id on. */
async function fill(recipient: string, count: number, firstId = 1): Promise<void> {
  const ids = Array.from({ length: count }, (_, i) => firstId + i);
  await Promise.all(
    ids.map((id) => store.addMessage(recipient, { id, sender: 'bob', body: 'hi' })),
  );
}

async function idsOf(recipient: string, from: SqliteStore = store): Promise<number[]> {
  return (await from.readMessages(recipient, 0, 100_000)).map(({ id }) => id);
}

describe('group commit', () => {
  it('makes the writes of a turn durable together, at its end', async () => {
    const seen: number[] = [];
    const writes = Array.from({ length: 100 }, async (_, i) => {
      await store.addAccount(`user${i}`);
      seen.push(committed('accounts'));
    });
    expect(committed('accounts')).toBe(0);
    await Promise.all(writes);
    expect(new Set(seen)).toEqual(new Set([100]));
  });

  it('does not let a batch grow without end within one turn', async () => {
    const writes = Array.from({ length: 700 }, (_, i) => store.addAccount(`user${i}`));
    expect(committed('accounts')).toBe(512);
    await Promise.all(writes);
    expect(committed('accounts')).toBe(700);
  });
});

describe('message ids', () => {
  it('rise across restarts, though the highest was removed', async () => {
    await store.addAccount('ann');
    await fill('ann', 7);
    await remove(store, 'ann', 7);
    await store.close();
    const reopened = await openStore(directory);
    expect(await reopened.load()).toMatchObject({ lastMessageId: 7 });
  });
});

describe('a large removal', () => {
  const many = 1_000;

  beforeEach(async () => {
    await store.addAccount('ann');
    await fill('ann', many);
  });

  async function untilCleared(): Promise<void> {
    while (committed('leftovers') > 0) await turn();
  }

  it('says how many at once, and takes them out of the file in slices', async () => {
    expect(await remove(store, 'ann', 900)).toBe(900);
    expect(committed('messages')).toBeGreaterThan(100);
    expect(await idsOf('ann')).toHaveLength(100);
    expect(await remove(store, 'ann', 950)).toBe(50);
    await untilCleared();
    expect(committed('messages')).toBe(50);
    expect(await idsOf('ann')).toEqual(Array.from({ length: 50 }, (_, i) => 951 + i));
  });

  it('may be followed by another before the first is taken out', async () => {
    expect(await remove(store, 'ann', 500)).toBe(500);
    expect(await remove(store, 'ann', 900)).toBe(400);
    expect(await idsOf('ann')).toHaveLength(100);
    await untilCleared();
    expect(committed('messages')).toBe(100);
  });

  it('hides nothing that comes later', async () => {
    expect(await remove(store, 'ann', 1_000_000)).toBe(many);
    await fill('ann', 3, many + 1);
    expect(await idsOf('ann')).toEqual([1_001, 1_002, 1_003]);
    await untilCleared();
    expect(await idsOf('ann')).toEqual([1_001, 1_002, 1_003]);
  });

  it('is durable though the store is closed before it is taken out', async () => {
    await remove(store, 'ann', 900);
    await store.close();
    expect(committed('leftovers')).toBe(1);
    store = await openStore(directory);
    expect(await loadAccounts(store)).toEqual([{ username: 'ann', unread: 100 }]);
    expect(await idsOf('ann')).toHaveLength(100);
    await untilCleared();
    expect(committed('messages')).toBe(100);
  });

  it('is that of a mailbox with its account, and whoever has the name next starts empty', async () => {
    await store.removeAccount('ann');
    await store.addAccount('ann');
    await fill('ann', 2, many + 1);
    expect(await idsOf('ann')).toEqual([1_001, 1_002]);
    await untilCleared();
    expect(committed('messages')).toBe(2);
  });
});

describe('thousands of accounts', () => {
  const names = Array.from({ length: 2_500 }, (_, i) => `user${10_000 + i}`);

  beforeEach(async () => {
    const secret = (username: string) => (username === 'user11500' ? 'a hash' : undefined);
    await Promise.all(names.map((username) => store.addAccount(username, secret(username))));
    // At the ends of what is read at once, between them, and with a secret.
    await fill('user10000', 1, 1);
    await fill('user10999', 2, 2);
    await fill('user11000', 3, 4);
    await fill('user11500', 1, 7);
    await fill('user12499', 2, 8);
    await store.close();
  });

  it('are loaded in their order, each with what is its own', async () => {
    store = await openStore(directory);
    const accounts = await loadAccounts(store);
    expect(accounts.map(({ username }) => username)).toEqual(names);
    expect(accounts.filter(({ unread }) => unread > 0)).toEqual([
      { username: 'user10000', unread: 1 },
      { username: 'user10999', unread: 2 },
      { username: 'user11000', unread: 3 },
      { username: 'user11500', unread: 1, credentials: { secret: 'a hash', tokens: undefined } },
      { username: 'user12499', unread: 2 },
    ]);
    expect(accounts.filter(({ credentials }) => credentials !== undefined)).toHaveLength(1);
    expect(await remove(store, 'user12499', 8)).toBe(1);
    expect(await remove(store, 'user12499', 9)).toBe(1);
    expect(await remove(store, 'user12499', 9)).toBe(0);
  });

  it('are loaded with mailboxes that are too large to be read beside them', async () => {
    store = await openStore(directory);
    await loadAccounts(store);
    await fill('user11000', 10_000, 10);
    await store.close();
    store = await openStore(directory);
    const unread = (await loadAccounts(store)).map(({ unread }) => unread);
    expect(unread.filter((one) => one > 0)).toEqual([1, 2, 10_003, 1, 2]);
  });

  it.each([
    ['before all accounts', 'a'],
    ['between two', 'user10000a'],
    ['after all', 'v'],
  ])('are refused where a message is of nobody: %s', async (_, recipient) => {
    const database = openDatabase(directory);
    const sql = 'INSERT INTO messages (recipient, sender, body) VALUES (?, ?, ?)';
    database.prepare(sql).run(recipient, 'user10000', 'hello');
    database.close();
    store = await openStore(directory);
    const { accounts } = await store.load();
    expect(() => [...accounts]).toThrow('1 messages are in no mailbox');
  });

  it('are refused where a name is none', async () => {
    const database = openDatabase(directory);
    database.prepare('INSERT INTO accounts VALUES (?)').run('user1\nuser2');
    database.close();
    store = await openStore(directory);
    const { accounts } = await store.load();
    expect(() => [...accounts]).toThrow('no user can have');
  });
});
