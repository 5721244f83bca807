import { closeSync, cpSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Status } from '@tandem/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { ChatService, type SqliteStore, type StoreError } from '../../../src/index.ts';
import { logIn, readAll, turn } from '../../stage.ts';
import { loadAccounts } from '../loaded-accounts.ts';
import {
  databaseFile,
  newDataDirectory,
  openDatabase,
  openStore,
  remove,
} from './data-directory.ts';
import { SmallDisk } from './small-disk.ts';

const body = 'x'.repeat(262);

/** Returns the outcome of each promise: undefined, or the code of its error. */
async function codesOf(promises: readonly Promise<unknown>[]): Promise<(string | undefined)[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => (one.status === 'rejected' ? one.reason.code : undefined));
}

async function idsOf(store: SqliteStore, recipient: string): Promise<number[]> {
  return (await store.readMessages(recipient, 0, 100_000)).map(({ id }) => id);
}

describe.skipIf(!SmallDisk.canMount())('a disk that fills up (skipped without tmpfs)', () => {
  let disk: SmallDisk;
  let directory: string;
  let store: SqliteStore;
  let recoveries: number;
  let fatal: StoreError[];
  let id = 0;

  beforeEach(async () => {
    disk = new SmallDisk();
    directory = join(disk.path, 'data');
    recoveries = 0;
    fatal = [];
    id = 0;
    store = await openStore(directory, {
      onRecovery: () => recoveries++,
      onFatal: (error) => fatal.push(error),
    });
    await store.load();
    await store.addAccount('ann');
  });

  const send = (sender = 'bob') => store.addMessage('ann', { id: ++id, sender, body });

  /** Sends until a write is refused; returns the ids that were kept. */
  async function sendUntilRefused(): Promise<number[]> {
    const kept: number[] = [];
    for (;;) {
      const first = id + 1;
      const codes = await codesOf(Array.from({ length: 50 }, () => send()));
      // A batch is kept or refused as a whole.
      expect(new Set(codes).size).toBe(1);
      if (codes[0] !== undefined) {
        expect(codes[0]).toBe('full');
        return kept;
      }
      kept.push(...Array.from({ length: 50 }, (_, i) => first + i));
    }
  }

  it('refuses what does not fit, keeps what it said it kept, and reads it', async () => {
    const kept = await sendUntilRefused();
    expect(kept.length).toBeGreaterThan(100);
    expect(await idsOf(store, 'ann')).toEqual(kept);
    expect(fatal).toEqual([]);
  });

  it('undoes what stands in the same batch as what does not fit, a large removal too', async () => {
    const kept = await sendUntilRefused();
    expect(kept.length).toBeGreaterThan(256);
    await turn();
    const removed = remove(store, 'ann', id);
    const sent = Array.from({ length: 200 }, () => send());
    expect(new Set(await codesOf([removed, ...sent]))).toEqual(new Set(['full']));
    expect(await idsOf(store, 'ann')).toEqual(kept);
  });

  it('writes again when there is space', async () => {
    disk.fill(64 * 1024);
    const kept = await sendUntilRefused();
    disk.empty();
    await turn();
    await send();
    expect(recoveries).toBe(1);
    expect(await idsOf(store, 'ann')).toEqual([...kept, id]);
    await store.close();
    const reopened = await openStore(directory);
    expect(await loadAccounts(reopened)).toEqual([{ username: 'ann', unread: kept.length + 1 }]);
    expect(await idsOf(reopened, 'ann')).toEqual([...kept, id]);
  });

  it('has after a crash what it said it kept', async () => {
    const kept = await sendUntilRefused();
    // As a crash leaves it: nothing was closed, nothing moved from the log into the database.
    const copy = newDataDirectory();
    cpSync(directory, copy, { recursive: true });
    const after = await openStore(copy);
    await after.load();
    expect(await idsOf(after, 'ann')).toEqual(kept);
  });
});

describe('a limit on the bytes of the data', () => {
  const dataBytesMax = 256 * 1024;
  let directory: string;
  let store: SqliteStore;
  let recoveries = 0;
  let id = 0;

  beforeEach(async () => {
    recoveries = 0;
    id = 0;
    directory = newDataDirectory();
    store = await openStore(directory, { dataBytesMax, onRecovery: () => recoveries++ });
    await store.load();
    await store.addAccount('ann');
    for (;;) {
      const sent = Array.from({ length: 10 }, () =>
        store.addMessage('ann', { id: ++id, sender: 'bob', body }),
      );
      const [first] = await codesOf(sent);
      if (first === 'full') return;
    }
  });

  it('refuses messages and accounts, and says why', async () => {
    const message = store.addMessage('ann', { id: ++id, sender: 'bob', body });
    await expect(message).rejects.toThrow('the limit of 262144 bytes is reached');
    expect(await codesOf([store.addAccount('bob')])).toEqual(['full']);
    expect(statSync(databaseFile(directory)).size).toBeLessThan(dataBytesMax + 64 * 1024);
  });

  it('lets removals through beside what it refuses, and writes again in the room they make', async () => {
    const [refused, removed] = [
      store.addMessage('ann', { id: ++id, sender: 'bob', body }),
      remove(store, 'ann', 200),
    ];
    expect(await codesOf([refused, removed])).toEqual(['full', undefined]);
    await turn();
    await store.addMessage('ann', { id: ++id, sender: 'bob', body });
    expect(recoveries).toBe(1);
  });
});

describe('a limit that is reached', () => {
  let directory: string;
  let store: SqliteStore;
  let fatal: StoreError[];

  beforeEach(async () => {
    fatal = [];
    directory = newDataDirectory();
    // Less than an empty database has: the first write finds it reached.
    store = await openStore(directory, { dataBytesMax: 1, onFatal: (error) => fatal.push(error) });
    await store.load();
    await store.removeAccount('nobody');
    expect(await codesOf([store.addAccount('ann')])).toEqual(['full']);
  });

  const additions = () => [
    store.addAccount('ann'),
    store.addMessage('ann', { id: 1, sender: 'bob', body }),
  ];

  it('is not looked for any more after a close', async () => {
    await store.close();
    expect(await codesOf(additions())).toEqual(['closed', 'closed']);
  });

  it('ends the store when it cannot be read whether it still is', async () => {
    spoil(directory, 0);
    expect(await codesOf(additions())).toEqual(['not-a-database', 'not-a-database']);
    expect(fatal.map(({ code }) => code)).toEqual(['not-a-database']);
    expect(await codesOf([store.readMessages('ann', 0, 1)])).toEqual(['not-a-database']);
  });
});

describe('what fails takes with it what was decided on top of it', () => {
  let store: SqliteStore;
  let directory: string;

  beforeEach(async () => {
    directory = newDataDirectory();
    store = await openStore(directory);
  });

  /** Lets every commit fail from now on, as if there were no space, until the function is called. */
  function breakCommits(): () => void {
    const other = openDatabase(directory);
    other.exec('BEGIN IMMEDIATE');
    return () => other.exec('ROLLBACK');
  }

  it('a delete, the register behind it, and the message to whoever has the name then', async () => {
    const service = await ChatService.open({ store });
    const receiver = {
      push: () => {},
      mailboxFailed: () => {},
      resumedElsewhere: () => {},
      dismissed: () => {},
    };
    const [ann, bob, other] = [0, 1, 2].map(() => service.connect(receiver));
    if (ann === undefined || bob === undefined || other === undefined) throw new Error('no agents');
    await Promise.all([ann.register('ann'), bob.register('bob')]);
    (await logIn(ann, 'ann')).goLive();
    (await logIn(bob, 'bob')).goLive();
    await bob.send('bob', 'ann', 'kept');

    // Another program holds the database for longer than a write waits.
    const mend = breakCommits();
    const outcomes = [ann.delete('ann'), other.register('ann'), bob.send('bob', 'ann', 'lost')];
    const statuses = (await Promise.all<{ status: Status }>(outcomes)).map(({ status }) => status);
    expect(statuses).toEqual([127, 127, 27]);
    mend();

    await turn();
    expect(await bob.send('bob', 'ann', 'after')).toEqual({ status: Status.stored });
    const session = await logIn(ann, 'ann');
    expect(session.unread).toBe(2);
    expect(await readAll(session)).toEqual(['bob|kept', 'bob|after']);
  });

  it('all that comes in the turn in which a batch has failed, and nothing that comes after', async () => {
    await store.load();
    const mend = breakCommits();
    const failed = store.addAccount('ann');
    const onTop: Promise<unknown>[] = [];
    await failed.catch(() => {
      mend();
      onTop.push(
        store.addMessage('ann', { id: 1, sender: 'bob', body }),
        remove(store, 'ann', 1),
        store.removeAccount('ann'),
      );
    });
    expect(await codesOf([failed, ...onTop])).toEqual(Array(4).fill('in-use'));
    await turn();
    await store.addAccount('ann');
    expect(await idsOf(store, 'ann')).toEqual([]);
  });

  it('a removal too, of however many', async () => {
    await store.load();
    await store.addAccount('ann');
    const ids = Array.from({ length: 300 }, (_, i) => i + 1);
    await Promise.all(ids.map((id) => store.addMessage('ann', { id, sender: 'bob', body })));
    const removed = remove(store, 'ann', 290);
    const spoilt = store.addMessage('ann', { id: 1, sender: 'bob', body });
    expect((await codesOf([removed, spoilt])).every((code) => code !== undefined)).toBe(true);
    await store.close();
    expect(await idsOf(await reopened(), 'ann')).toEqual(ids);
  });

  async function reopened(): Promise<SqliteStore> {
    const again = await openStore(directory);
    await again.load();
    return again;
  }
});

describe('a database that is damaged while it is in use', () => {
  it('ends the store: no read and no write succeeds from then on, and it is told once', async () => {
    const directory = newDataDirectory();
    const fatal: StoreError[] = [];
    const store = await openStore(directory, { onFatal: (error) => fatal.push(error) });
    await store.load();
    await store.addAccount('ann');
    const ids = Array.from({ length: 500 }, (_, i) => i + 1);
    await Promise.all(ids.map((id) => store.addMessage('ann', { id, sender: 'bob', body })));
    spoil(directory);
    const read = store.readMessages('ann', 0, 1_000);
    expect(await codesOf([read])).toEqual(['corrupt']);
    expect(await codesOf([store.addAccount('bob'), remove(store, 'ann', 1)])).toEqual([
      'corrupt',
      'corrupt',
    ]);
    expect(await codesOf([store.readMessages('ann', 0, 1)])).toEqual(['corrupt']);
    expect(fatal.map(({ code }) => code)).toEqual(['corrupt']);
    await store.close();
  });
});

/** Overwrites a database from this page on, behind the back of whoever has it open. */
function spoil(directory: string, firstPage = 1): void {
  const other = openDatabase(directory);
  // Moves everything out of the log, and by its own write makes the others forget what they have read.
  other.exec("INSERT INTO accounts VALUES ('zed'); PRAGMA wal_checkpoint(TRUNCATE)");
  const { size } = statSync(databaseFile(directory));
  const file = openSync(databaseFile(directory), 'r+');
  const from = firstPage * 4096;
  writeSync(file, Buffer.alloc(size - from, 0xa5), 0, size - from, from);
  closeSync(file);
}
