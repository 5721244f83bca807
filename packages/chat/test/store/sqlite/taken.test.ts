import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SqliteStore, StoreError } from '../../../src/index.ts';
import { stateOf, turn } from '../../stage.ts';
import {
  databaseFile,
  newDataDirectory,
  openDatabase,
  openStore,
  remove,
} from './data-directory.ts';

let directory: string;
let store: SqliteStore;
/** Ends, or fails, the sync that is under way. */
let sync: PromiseWithResolvers<void> | undefined;
let syncs: number;
let holds: boolean;
let fatal: StoreError[];

beforeEach(async () => {
  directory = newDataDirectory();
  syncs = 0;
  holds = false;
  sync = undefined;
  fatal = [];
  store = await openStore(directory, {
    busyTimeoutMs: 0,
    syncLog,
    onFatal: (error) => fatal.push(error),
  });
  for (const _ of (await store.load()).accounts);
  await store.addAccount('ann');
  await turn();
  syncs = 0;
});

afterEach(() => {
  holds = false;
  sync?.resolve();
});

function syncLog(): Promise<void> {
  syncs++;
  sync = Promise.withResolvers();
  if (!holds) sync.resolve();
  return sync.promise;
}

const send = (id: number, recipient = 'ann') =>
  store.addMessage(recipient, { id, sender: 'bob', body: `message ${id}` });

/** The ids that another connection sees. */
function committed(): number[] {
  const database = openDatabase(directory);
  const rows = database.prepare('SELECT id FROM messages ORDER BY id').all();
  database.close();
  return rows.map(({ id }) => Number(id));
}

describe('a message that is taken before its batch is written', () => {
  it('is stored, as far as its sender is concerned, and never meets the disk', async () => {
    const sent = send(1);
    expect(store.removeMessages('ann', 1)).toEqual({ gone: 1, durable: undefined });
    await sent;
    await turn();
    await store.close();
    expect(syncs).toBe(0);
    const log = `${databaseFile(directory)}-wal`;
    const files = [databaseFile(directory), ...(existsSync(log) ? [log] : [])];
    for (const file of files) expect(readFileSync(file).includes('message 1')).toBe(false);
  });

  it('takes nothing with it of what came beside it', async () => {
    const sent = [send(1), send(2), send(3)];
    expect(store.removeMessages('ann', 2).gone).toBe(2);
    expect(await store.readMessages('ann', 0, 9)).toMatchObject([{ id: 3 }]);
    await Promise.all(sent);
    expect(committed()).toEqual([3]);
  });

  it('does not fail with its batch; what was removed beside it comes back', async () => {
    await send(1);
    const other = openDatabase(directory);
    other.exec('BEGIN IMMEDIATE');
    const [taken, lost] = [send(2), send(3)];
    const { gone, durable } = store.removeMessages('ann', 2);
    expect(gone).toBe(1);
    await taken;
    await expect(lost).rejects.toMatchObject({ code: 'in-use' });
    await expect(durable).rejects.toMatchObject({ code: 'in-use' });
    other.exec('ROLLBACK');
    await turn();
    expect(await store.readMessages('ann', 0, 9)).toMatchObject([{ id: 1 }]);
    expect(await remove(store, 'ann', 2)).toBe(1);
  });
});

describe('a message that is taken while its batch is synced', () => {
  it('is stored for its sender; its row goes, and that is durable later', async () => {
    holds = true;
    const [taken, waiting] = [send(1), send(2)];
    await turn();
    const { gone, durable } = store.removeMessages('ann', 1);
    expect(gone).toBe(0);
    await taken;
    expect(await stateOf(waiting)).toBe('waiting');
    holds = false;
    sync?.resolve();
    await waiting;
    expect(committed()).toEqual([1, 2]);
    store.flush();
    expect(await durable).toBe(1);
    expect(committed()).toEqual([2]);
  });
});

describe('an account that is removed in the batch in which messages came', () => {
  it('takes them with it, and their senders wait for that', async () => {
    holds = true;
    const sent = send(1);
    const gone = store.removeAccount('ann');
    await turn();
    expect(committed()).toEqual([]);
    expect(await stateOf(sent)).toBe('waiting');
    sync?.resolve();
    await Promise.all([sent, gone]);
  });

  it('leaves them, and their senders without a response, when the batch fails', async () => {
    await send(1);
    const other = openDatabase(directory);
    other.exec('BEGIN IMMEDIATE');
    const sent = send(2);
    const gone = store.removeAccount('ann');
    await expect(sent).rejects.toMatchObject({ code: 'in-use' });
    await expect(gone).rejects.toMatchObject({ code: 'in-use' });
    other.exec('ROLLBACK');
    expect(await store.readMessages('ann', 0, 9)).toMatchObject([{ id: 1 }]);
  });
});

describe('a removal', () => {
  it('needs nothing of the disk when the mailbox has nothing there', async () => {
    expect(store.removeMessages('ann', 9)).toEqual({ gone: 0, durable: undefined });
    store.flush();
    await turn();
    expect(syncs).toBe(0);
  });

  it('goes with the next write', async () => {
    await send(1);
    const { durable } = store.removeMessages('ann', 1);
    await turn();
    expect(committed()).toEqual([1]);
    await store.addAccount('bob');
    expect(await durable).toBe(1);
    expect(syncs).toBe(2);
  });

  it('goes alone when somebody waits for it', async () => {
    await send(1);
    const { durable } = store.removeMessages('ann', 1);
    store.flush();
    expect(await durable).toBe(1);
    expect(committed()).toEqual([]);
  });

  it('goes alone after a fifth of a second', async () => {
    await send(1);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const { durable = Promise.resolve(0) } = store.removeMessages('ann', 1);
      vi.advanceTimersByTime(199);
      expect(await stateOf(durable)).toBe('waiting');
      vi.advanceTimersByTime(1);
      vi.useRealTimers();
      expect(await durable).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is one with others of the mailbox that become durable together', async () => {
    await Promise.all([1, 2, 3].map((id) => send(id)));
    const removals = [1, 2].map((id) => store.removeMessages('ann', id).durable);
    store.flush();
    expect(await Promise.all(removals)).toEqual([2, 0]);
    expect(committed()).toEqual([3]);
  });
});

describe('nothing is durable before the log was synced', () => {
  it('not a message, an account or a removal', async () => {
    await send(1);
    holds = true;
    const { durable = Promise.resolve(0) } = store.removeMessages('ann', 1);
    const writes: Promise<unknown>[] = [send(2), store.addAccount('bob'), durable];
    await turn();
    expect(committed()).toEqual([2]);
    for (const write of writes) expect(await stateOf(write)).toBe('waiting');
    sync?.resolve();
    await Promise.all(writes);
  });

  it('and what comes meanwhile waits for a sync of its own, one at a time', async () => {
    holds = true;
    const first = send(1);
    await turn();
    const second = send(2);
    await turn();
    expect([syncs, committed()]).toEqual([1, [1]]);
    sync?.resolve();
    await first;
    expect(await stateOf(second)).toBe('waiting');
    await expect.poll(() => syncs).toBe(2);
    sync?.resolve();
    await second;
  });

  it('nor at all when that fails: the store has ended', async () => {
    holds = true;
    const first = send(1);
    await turn();
    const second = send(2);
    sync?.reject(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }));
    await expect(first).rejects.toMatchObject({ code: 'io' });
    await expect(second).rejects.toMatchObject({ code: 'io' });
    expect(fatal).toHaveLength(1);
    await expect(send(3)).rejects.toMatchObject({ code: 'io' });
    await store.close();
  });

  it('and a close waits for it', async () => {
    holds = true;
    const sent = send(1);
    await turn();
    const late = send(2);
    const closed = store.close();
    await expect(send(3)).rejects.toMatchObject({ code: 'closed' });
    expect(await stateOf(closed)).toBe('waiting');
    holds = false;
    sync?.resolve();
    await Promise.all([sent, late, closed]);
    expect(syncs).toBe(2);
  });
});

describe('a message to somebody who took the last one before it was durable', () => {
  it('waits a moment for the same to happen', async () => {
    holds = true;
    const first = send(1);
    await turn();
    store.removeMessages('ann', 1);
    await first;
    holds = false;
    sync?.resolve();
    await turn();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const second = send(2);
      await turn();
      expect(committed()).toEqual([1]);
      expect(store.removeMessages('ann', 2).gone).toBe(1);
      await second;
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    // Two for the first, and a fifth for each.
    [20, 6],
    [200, 25],
  ])('waits longer beside others that wait: of %i, %i ms', async (count, waitMs) => {
    const first = send(1);
    store.removeMessages('ann', 1);
    await first;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const ids = Array.from({ length: count }, (_, i) => i + 2);
      const waiting = ids.map((id) => send(id));
      vi.advanceTimersByTime(waitMs - 1);
      await turn();
      expect(committed()).toEqual([]);
      vi.advanceTimersByTime(1);
      await turn();
      expect(committed()).toEqual(ids);
      vi.useRealTimers();
      await Promise.all(waiting);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is written when it does not happen, and the next at once', async () => {
    await stateOf(send(1));
    const taken = send(2);
    store.removeMessages('ann', 2);
    await taken;
    await send(3);
    expect(committed()).toContain(3);
    const next = send(4);
    await turn();
    expect(committed()).toContain(4);
    await next;
  });

  it('does not hold up what comes beside it', async () => {
    const first = send(1);
    store.removeMessages('ann', 1);
    await first;
    const waiting = send(2);
    const other = store.addAccount('bob');
    await turn();
    expect(committed()).toEqual([2]);
    await Promise.all([waiting, other]);
  });
});
