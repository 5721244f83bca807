import { fdatasync, fstatSync, readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it, vi } from 'vitest';
import { openDatabase } from '../../../src/store/sqlite/database.ts';
import { migrations } from '../../../src/store/sqlite/schema.ts';
import { databaseFile, newDataDirectory, openStore, remove } from './data-directory.ts';

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return { ...fs, fdatasync: vi.fn(fs.fdatasync), fdatasyncSync: vi.fn(fs.fdatasyncSync) };
});

const message = (id: number) => ({ id, sender: 'bob', body: 'x'.repeat(262) });

it('has SQLite sync all but its commits', async () => {
  const directory = newDataDirectory();
  await openStore(directory);
  const options = { ladder: migrations };
  const database = openDatabase(databaseFile(directory), options);
  // 1 is NORMAL.
  expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 1 });
  database.close();
});

it('is over for the operating system before anybody is told', async () => {
  const store = await openStore(newDataDirectory());
  const before = vi.mocked(fdatasync).mock.results.length;
  await store.addAccount('ann');
  expect(vi.mocked(fdatasync).mock.results.length).toBe(before + 1);
  await store.addMessage('ann', message(1));
  expect(vi.mocked(fdatasync).mock.results.length).toBe(before + 2);
});

it('is of the log, also once that has begun anew', async () => {
  const directory = newDataDirectory();
  const log = `${databaseFile(directory)}-wal`;
  const synced: number[] = [];
  const store = await openStore(directory, {
    syncLog: (file) => {
      synced.push(fstatSync(file).ino);
      return promisify(fdatasync)(file);
    },
  });
  await store.addAccount('ann');
  const salts = new Set<string>();
  let id = 0;
  // A thousand pages are some 14,000 such messages at the most.
  for (let batch = 0; batch < 100 && salts.size < 3; batch++) {
    const sends = Array.from({ length: 400 }, () => store.addMessage('ann', message(++id)));
    await Promise.all(sends);
    salts.add(saltOf(log));
    expect(synced.at(-1)).toBe(statSync(log).ino);
  }
  expect(salts.size).toBe(3);
  expect(await remove(store, 'ann', id)).toBe(id);
});

/** Returns the salt of a log, which changes when it begins anew. (https://sqlite.org/fileformat2.html#walformat) */
function saltOf(log: string): string {
  return readFileSync(log).toString('hex', 16, 24);
}
