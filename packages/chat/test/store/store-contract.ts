import { describe, expect, it, onTestFinished } from 'vitest';
import type { Store, StoredMessage, StoredState } from '../../src/index.ts';
import { accountsOf, loadAccounts } from './loaded-accounts.ts';

/** A store under test. */
export interface OpenedStore {
  readonly store: Store;
  /** Opens what this store left behind, once it is closed. Only for stores that outlive their process. */
  readonly reopen?: () => Promise<Store>;
}

/** The contract suite of stores. `open` opens a new store for each test. */
export function describeStore(name: string, open: () => Promise<OpenedStore>): void {
  const start = async (): Promise<OpenedStore> => {
    const opened = await open();
    onTestFinished(() => opened.store.close().catch(() => {}));
    return opened;
  };

  describe(`the ${name} store`, () => {
    it('begins with nothing', async () => {
      const { store } = await start();
      expect(await loaded(store)).toEqual({ accounts: {}, lastMessageId: 0 });
    });

    describeMailbox(start);
    describeAccounts(start);
    describeSenders(start);
    describeTaken(start);
    describeWriting(start);
    describeReopening(start);
  });
}

function describeMailbox(start: () => Promise<OpenedStore>): void {
  it('gives messages back as they were sent, in the order of their ids', async () => {
    const store = await withUsers(start, 'ann', 'bob');
    const sent = [message(1, 'hi'), message(2, ' ~"\'%_\\'), message(7, 'x'.repeat(262))];
    for (const one of sent) await store.addMessage('ann', one);
    expect(await store.readMessages('ann', 0, 10)).toEqual(sent);
    expect(await store.readMessages('bob', 0, 10)).toEqual([]);
    expect(await store.readMessages('nobody', 0, 10)).toEqual([]);
  });

  it('tells names apart by case', async () => {
    const store = await withUsers(start, 'ann', 'Ann');
    await store.addMessage('Ann', message(1));
    expect(await idsOf(store, 'ann')).toEqual([]);
    expect(await idsOf(store, 'Ann')).toEqual([1]);
  });

  it('reads pages: what is behind an id, and no more than was asked for', async () => {
    const store = await withUsers(start, 'ann', 'bob');
    // Ids are common to all mailboxes, so one mailbox has gaps.
    for (let id = 1; id <= 20; id++) await store.addMessage(id % 2 ? 'ann' : 'bob', message(id));
    const page = async (afterId: number, messagesMax: number) =>
      (await store.readMessages('ann', afterId, messagesMax)).map(({ id }) => id);
    expect(await page(0, 3)).toEqual([1, 3, 5]);
    expect(await page(5, 3)).toEqual([7, 9, 11]);
    expect(await page(6, 2)).toEqual([7, 9]);
    expect(await page(13, 4)).toEqual([15, 17, 19]);
    expect(await page(13, 3)).toEqual([15, 17, 19]);
    expect(await page(19, 1)).toEqual([]);
    expect(await page(99, 1)).toEqual([]);
    expect(await page(0, 1_000)).toHaveLength(10);
  });

  it('removes messages up to an id and that one too, and says how many they were', async () => {
    const store = await withUsers(start, 'ann', 'bob');
    for (let id = 1; id <= 8; id++) await store.addMessage(id % 2 ? 'ann' : 'bob', message(id));
    expect(await remove(store, 'ann', 3)).toBe(2);
    expect(await idsOf(store, 'ann')).toEqual([5, 7]);
    expect(await remove(store, 'ann', 3)).toBe(0);
    expect(await remove(store, 'ann', 6)).toBe(1);
    expect(await remove(store, 'ann', 1_000)).toBe(1);
    expect(await remove(store, 'ann', 1_000)).toBe(0);
    expect(await remove(store, 'nobody', 1_000)).toBe(0);
    expect(await idsOf(store, 'ann')).toEqual([]);
    expect(await idsOf(store, 'bob')).toEqual([2, 4, 6, 8]);
  });

  it('takes messages again after a mailbox was emptied', async () => {
    const store = await withUsers(start, 'ann');
    await store.addMessage('ann', message(1));
    await remove(store, 'ann', 1);
    await store.addMessage('ann', message(2));
    expect(await idsOf(store, 'ann')).toEqual([2]);
  });
}

function describeAccounts(start: () => Promise<OpenedStore>): void {
  it('removes an account with its mailbox, and not what its user sent', async () => {
    const store = await withUsers(start, 'ann', 'bob');
    await store.addMessage('ann', { id: 1, sender: 'bob', body: 'to ann' });
    await store.addMessage('bob', { id: 2, sender: 'ann', body: 'to bob' });
    await store.removeAccount('ann');
    expect(await idsOf(store, 'ann')).toEqual([]);
    expect(await store.readMessages('bob', 0, 10)).toEqual([
      { id: 2, sender: 'ann', body: 'to bob' },
    ]);
  });

  it('removes an account that is not there without a word', async () => {
    const store = await withUsers(start, 'ann');
    await store.removeAccount('bob');
    await store.removeAccount('ann');
    await store.removeAccount('ann');
    await store.addAccount('ann');
  });

  it('begins a name that is added again with an empty mailbox', async () => {
    const store = await withUsers(start, 'ann');
    await store.addMessage('ann', message(1));
    await store.removeAccount('ann');
    await store.addAccount('ann');
    expect(await idsOf(store, 'ann')).toEqual([]);
    await store.addMessage('ann', message(2));
    expect(await idsOf(store, 'ann')).toEqual([2]);
  });

  it('takes credentials and blocks of accounts, and forgets them with the account', async () => {
    const store = await withUsers(start, 'ann');
    await store.addAccount('bob', phc);
    await Promise.all([
      store.setCredentials('ann', { secret: phc, tokens: undefined }),
      store.setCredentials('bob', undefined),
      store.setBlocked('ann', 'bob', true),
      store.setBlocked('ann', 'bob', false),
    ]);
    await store.removeAccount('ann');
    await store.addAccount('ann');
  });

  it('begins a name with an empty mailbox though it was never removed', async () => {
    const store = await withUsers(start, 'ann');
    await store.addMessage('ann', message(1));
    await store.addAccount('ann');
    expect(await idsOf(store, 'ann')).toEqual([]);
  });
}

function describeSenders(start: () => Promise<OpenedStore>): void {
  it('counts the bytes of a sender in all mailboxes, until the messages are gone', async () => {
    const store = await withUsers(start, 'ann', 'bob', 'cid');
    expect(store.bytesFrom('bob')).toBe(0);
    const sent = [
      store.addMessage('ann', { id: 1, sender: 'bob', body: 'four' }),
      store.addMessage('cid', { id: 2, sender: 'bob', body: '' }),
      store.addMessage('ann', { id: 3, sender: 'cid', body: 'x' }),
      store.addMessage('bob', { id: 4, sender: 'bob', body: 'to myself' }),
    ];
    expect(store.bytesFrom('bob')).toBe(7 + 3 + 12);
    await Promise.all(sent);
    expect([store.bytesFrom('bob'), store.bytesFrom('cid')]).toEqual([22, 4]);
    expect(await remove(store, 'ann', 1)).toBe(1);
    expect([store.bytesFrom('bob'), store.bytesFrom('cid')]).toEqual([15, 4]);
    // Not before they are durable, as the last of them is not.
    await store.addMessage('ann', { id: 5, sender: 'bob', body: '12' });
    void store.addMessage('ann', { id: 6, sender: 'bob', body: '123' });
    expect(store.bytesFrom('bob')).toBe(26);
    expect(await remove(store, 'ann', 6)).toBe(3);
    expect([store.bytesFrom('bob'), store.bytesFrom('cid')]).toEqual([15, 0]);
  });

  it('counts what a sender has left with an account until that is gone, and not after', async () => {
    const store = await withUsers(start, 'ann', 'bob', 'cid');
    for (let id = 1; id <= 3; id++) await store.addMessage('ann', message(id, '1234567'));
    await store.addMessage('cid', message(4, '1234567'));
    void store.addMessage('ann', message(5, '1234567'));
    // Their sender is deleted, and they are not.
    await store.removeAccount('bob');
    expect(store.bytesFrom('bob')).toBe(50);
    await store.removeAccount('ann');
    expect(store.bytesFrom('bob')).toBe(10);
    await store.addAccount('cid');
    expect(store.bytesFrom('bob')).toBe(0);
  });

  it('counts what a mailbox of thousands has lost, however long it takes to clear away', async () => {
    const store = await withUsers(start, 'ann');
    const messages = Array.from({ length: 3_000 }, (_, i) => message(i + 1, '1234567'));
    await Promise.all(messages.map((each) => store.addMessage('ann', each)));
    expect(store.bytesFrom('bob')).toBe(30_000);
    expect(await remove(store, 'ann', 2_999)).toBe(2_999);
    await counted(store, 10);
  });
}

function describeTaken(start: () => Promise<OpenedStore>): void {
  it('counts the messages behind an id, those included that are not durable yet', async () => {
    const store = await withUsers(start, 'ann', 'bob');
    const counts = () => [0, 2, 3, 9].map((afterId) => store.countMessages('ann', afterId));
    expect(counts()).toEqual([0, 0, 0, 0]);
    for (let id = 1; id <= 5; id++) await store.addMessage(id % 2 ? 'ann' : 'bob', message(id));
    const written = store.addMessage('ann', message(7));
    expect(counts()).toEqual([4, 3, 2, 0]);
    const removed = remove(store, 'ann', 3);
    expect(counts()).toEqual([2, 2, 2, 0]);
    await Promise.all([written, removed]);
    expect(counts()).toEqual([2, 2, 2, 0]);
    await store.removeAccount('ann');
    expect(counts()).toEqual([0, 0, 0, 0]);
  });

  it('finds by a count what was taken of the session that the last token was given to', async () => {
    const store = await withUsers(start, 'ann', 'bob');
    await fillForCounts(store);
    expect(throughIds(store, tokens.last)).toEqual([0, 1, 3, 5, 6, 8, 8, 8]);
    // Removed already: the places of the others stay what they were.
    expect(await remove(store, 'ann', 3)).toBe(2);
    expect(throughIds(store, tokens.last)).toEqual([0, 0, 0, 5, 6, 8, 8, 8]);
    expect(await remove(store, 'ann', 6)).toBe(2);
    expect(throughIds(store, tokens.last)).toEqual([0, 0, 0, 0, 0, 8, 8, 8]);
  });

  it('finds nothing by a count of any other session', async () => {
    const store = await withUsers(start, 'ann', 'bob');
    await fillForCounts(store);
    const nothing = Array(8).fill(0);
    expect(throughIds(store, tokens.before)).toEqual(nothing);
    expect(throughIds(store, tokens.last, 'bob')).toEqual(nothing);
    await store.setCredentials('ann', { secret: phc, tokens });
    expect(throughIds(store, tokens.last)).toEqual(nothing);
    await fillForCounts(store, 20);
    await store.setCredentials('ann', undefined);
    expect(throughIds(store, tokens.last)).toEqual(nothing);
    await fillForCounts(store, 40);
    await store.removeAccount('ann');
    await store.addAccount('ann');
    await store.addMessage('ann', message(60));
    expect(throughIds(store, tokens.last)).toEqual(nothing);
  });
}

function describeWriting(start: () => Promise<OpenedStore>): void {
  it('lets a read see the writes before it, though they are not resolved', async () => {
    const store = await withUsers(start, 'ann');
    const written = [store.addMessage('ann', message(1)), store.addMessage('ann', message(2))];
    const first = idsOf(store, 'ann');
    const removed = remove(store, 'ann', 1);
    const second = idsOf(store, 'ann');
    const gone = store.removeAccount('ann');
    const third = idsOf(store, 'ann');
    expect(await Promise.all([first, second, third])).toEqual([[1, 2], [2], []]);
    await Promise.all([...written, removed, gone]);
  });

  it('lets writes that overlap take effect in the order of the calls', async () => {
    const { store } = await start();
    await store.load();
    const removed: Promise<number>[] = [];
    const written: (Promise<unknown> | undefined)[] = [];
    let id = 0;
    for (let round = 0; round < 50; round++) {
      written.push(store.addAccount('ann'), store.addAccount('bob'));
      written.push(store.addMessage('ann', message(++id)), store.addMessage('ann', message(++id)));
      removed.push(remove(store, 'ann', id - 1), remove(store, 'ann', id));
      written.push(store.addMessage('ann', message(++id)), store.removeAccount('ann'));
      removed.push(remove(store, 'ann', id));
      written.push(store.removeAccount('bob'));
    }
    written.push(store.addAccount('ann'), store.addMessage('ann', message(++id)));
    await Promise.all(written);
    expect(await Promise.all(removed)).toEqual(Array(50).fill([1, 1, 0]).flat());
    expect(await idsOf(store, 'ann')).toEqual([id]);
  });

  it('closes when the writes before it are done', async () => {
    const { store } = await start();
    await store.load();
    const settled: string[] = [];
    const note = (what: string) => () => void settled.push(what);
    void store.addAccount('ann').then(note('account'));
    void Promise.resolve(store.addMessage('ann', message(1))).then(note('message'));
    void remove(store, 'ann', 1).then(note('removal'));
    await store.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled.sort()).toEqual(['account', 'message', 'removal']);
  });
}

function describeReopening(start: () => Promise<OpenedStore>): void {
  it('counts after reopening what senders have in mailboxes, though more come and go', async ({
    skip,
  }) => {
    const { store, reopen } = await start();
    if (reopen === undefined) return skip('this store forgets');
    await loaded(store);
    void store.addAccount('ann');
    void store.addAccount('cid');
    // More than are counted at once.
    const messages = Array.from({ length: 3_000 }, (_, i) => message(i + 1, '1234567'));
    for (const each of messages) void store.addMessage(each.id % 2 === 0 ? 'ann' : 'cid', each);
    await store.close();

    const reopened = await reopen();
    onTestFinished(() => reopened.close());
    await loaded(reopened);
    await reopened.addMessage('ann', message(3_001, '1234567'));
    // The first of them are counted already, and the last are not.
    expect(await remove(reopened, 'ann', 2_800)).toBe(1_400);
    expect(await remove(reopened, 'cid', 2_999)).toBe(1_500);
    await counted(reopened, 1_010);
    await reopened.removeAccount('ann');
    expect(reopened.bytesFrom('bob')).toBe(0);
  });

  it('has after reopening what it had before', async ({ skip }) => {
    const { store, reopen } = await start();
    if (reopen === undefined) return skip('this store forgets');
    await loaded(store);
    const users = ['ann', 'bob', 'cid', 'dan'];
    const writes: (Promise<void> | undefined)[] = users.map((user) => store.addAccount(user));
    writes.push(...[1, 2, 3].map((id) => store.addMessage('ann', message(id))));
    writes.push(...[4, 5].map((id) => store.addMessage('bob', message(id))));
    writes.push(store.addMessage('cid', message(6)), store.removeAccount('cid'));
    const removed = remove(store, 'ann', 1);
    // Not awaited: closing waits for them.
    await store.close();
    await Promise.all([...writes, removed]);

    const reopened = await reopen();
    onTestFinished(() => reopened.close());
    const { accounts, lastMessageId } = await loaded(reopened);
    expect(accounts).toEqual({ ann: 2, bob: 2, dan: 0 });
    // The highest of all is gone with its mailbox: a store may remember it, and need not.
    expect([5, 6]).toContain(lastMessageId);
    expect(await reopened.readMessages('ann', 0, 10)).toEqual([message(2), message(3)]);
    expect(await remove(reopened, 'ann', 2)).toBe(1);
    expect(await idsOf(reopened, 'ann')).toEqual([3]);
    await reopened.addAccount('cid');
    expect(await idsOf(reopened, 'cid')).toEqual([]);
  });

  it('knows after reopening what was taken by a count, and gives no id anew that a token knows', async ({
    skip,
  }) => {
    const { store, reopen } = await start();
    if (reopen === undefined) return skip('this store forgets');
    await loaded(store);
    await store.addAccount('ann');
    await fillForCounts(store);
    await store.addAccount('bob');
    const reached = { session: 9, count: 0, throughId: 50 };
    await store.setCredentials('bob', { secret: phc, tokens: { ...tokens, reached } });
    await store.close();

    const reopened = await reopen();
    onTestFinished(() => reopened.close());
    expect(await loaded(reopened)).toMatchObject({ lastMessageId: 50 });
    expect(throughIds(reopened, tokens.last)).toEqual([0, 1, 3, 5, 6, 8, 8, 8]);
    expect(reopened.countMessages('ann', 5)).toBe(4);
  });

  it('has after reopening the credentials and blocks that it had before', async ({ skip }) => {
    const { store, reopen } = await start();
    if (reopen === undefined) return skip('this store forgets');
    await loaded(store);
    await store.addAccount('ann');
    await store.setCredentials('ann', { secret: phc, tokens });
    await store.setBlocked('ann', 'bob', true);
    await store.setBlocked('ann', 'cid', true);
    await store.setBlocked('ann', 'bob', false);
    // Together in one transaction: the last word counts, and what an account had goes with it.
    void store.addAccount('bob', phc);
    void store.setBlocked('bob', 'ann', true);
    void store.removeAccount('bob');
    void store.addAccount('bob', phc);
    void store.addAccount('cid', phc);
    void store.setCredentials('cid', { secret: phc, tokens });
    void store.setCredentials('cid', undefined);
    void store.addAccount('dan');
    void store.setCredentials('dan', { secret: phc, tokens: { ...tokens, before: undefined } });
    await store.close();

    const reopened = await reopen();
    onTestFinished(() => reopened.close());
    expect(await identities(reopened)).toEqual({
      ann: { credentials: { secret: phc, tokens }, blocked: ['cid'] },
      bob: { credentials: { secret: phc, tokens: undefined } },
      cid: {},
      dan: { credentials: { secret: phc, tokens: { ...tokens, before: undefined } } },
    });
    void reopened.removeAccount('ann');
    void reopened.addAccount('ann');
    await reopened.removeAccount('dan');
    await reopened.close();

    const again = await reopen();
    onTestFinished(() => again.close());
    expect(await identities(again)).toEqual({
      ann: {},
      bob: { credentials: { secret: phc, tokens: undefined } },
      cid: {},
    });
  });
}

const phc = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$bm90IHJlYWxseSBhIGhhc2g';
const tokens = { last: 'a'.repeat(43), before: 'b'.repeat(43), endMs: 1_800_000_000_000 };

function message(id: number, body = `message ${id}`): StoredMessage {
  return { id, sender: 'bob', body };
}

/**
 * Gives ann three messages, a token when a count of 3 covers the third of them, two messages in that
 * session, one when she is away, and one in another session. @param afterId no id is lower
 */
async function fillForCounts(store: Store, afterId = 0): Promise<void> {
  for (const id of [1, 3, 5]) await store.addMessage('ann', message(afterId + id));
  const reached = { session: 7, count: 3, throughId: afterId + 5 };
  await store.setCredentials('ann', { secret: phc, tokens: { ...tokens, reached } });
  const later = [
    { ...message(afterId + 6), place: { session: 7, count: 4 } },
    { ...message(afterId + 8), place: { session: 7, count: 5 } },
    message(afterId + 9),
    { ...message(afterId + 10), place: { session: 8, count: 1 } },
  ];
  for (const each of later) await store.addMessage('ann', each);
}

/** Returns the ids up to which ann has taken, by counts from 0 to 6 and by a high one. */
function throughIds(store: Store, token: string, username = 'ann'): number[] {
  return [0, 1, 2, 3, 4, 5, 6, 1_000].map((taken) => store.takenThroughId(username, token, taken));
}

async function withUsers(
  start: () => Promise<OpenedStore>,
  ...usernames: readonly string[]
): Promise<Store> {
  const { store } = await start();
  await loaded(store);
  for (const username of usernames) await store.addAccount(username);
  return store;
}

/** Removes messages, and resolves with how many when that needs nothing more. */
async function remove(store: Store, recipient: string, throughId: number): Promise<number> {
  const { gone, durable } = store.removeMessages(recipient, throughId);
  store.flush();
  return gone + ((await durable) ?? 0);
}

/** Resolves when so many bytes of messages are counted for bob. */
async function counted(store: Store, bytes: number): Promise<void> {
  while (store.bytesFrom('bob') !== bytes) await new Promise((resolve) => setImmediate(resolve));
}

async function idsOf(store: Store, recipient: string): Promise<number[]> {
  return (await store.readMessages(recipient, 0, 1_000)).map(({ id }) => id);
}

/** Returns what a store loads besides mailboxes, by name. */
async function identities(store: Store): Promise<Record<string, object>> {
  const accounts = await loadAccounts(store);
  const entries = accounts.map(({ username, unread: _, ...identity }) => [username, identity]);
  return Object.fromEntries(entries);
}

/** Returns what a store loads as plain data: the unread messages of each account, by name. */
async function loaded(
  store: Store,
): Promise<{ accounts: Record<string, number>; lastMessageId: StoredState['lastMessageId'] }> {
  const { accounts, lastMessageId } = await store.load();
  const unread = accountsOf(store, accounts).map(
    ({ username, unread }) => [username, unread] as const,
  );
  return { accounts: Object.fromEntries(unread), lastMessageId };
}
