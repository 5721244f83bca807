import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { backUpStore, restoreStore, SqliteStore } from '../src/index.ts';
import { codeOf, databaseFile, newDataDirectory, openStore } from './data-directory.ts';

const body = 'x'.repeat(262);

let directory: string;
let path: string;
let log: string;

/** A data directory as a killed store leaves it: 500 messages, all of them in the log. */
beforeEach(async () => {
  const running = newDataDirectory();
  const store = openStore(running);
  await store.load();
  await store.addAccount('ann');
  await send(store, 1, 500);
  kill(running);
});

/** Leaves in {@link directory} what there would be if the process that has `running` were killed now. */
function kill(running: string): void {
  directory = newDataDirectory();
  cpSync(running, directory, { recursive: true });
  path = databaseFile(directory);
  log = `${path}-wal`;
}

async function send(store: SqliteStore, fromId: number, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, i) => fromId + i);
  await Promise.all(ids.map((id) => store.addMessage('ann', { id, sender: 'bob', body })));
}

const open = () => SqliteStore.open({ directory });

/** How many messages the store in the directory holds; undefined if it does not know the account. */
async function unread(): Promise<number | undefined> {
  const store = openStore(directory);
  const [ann] = (await store.load()).accounts;
  await store.close();
  return ann?.unread;
}

/** Expects this to be refused as corrupt, and to leave the log as it is. */
async function refused(action: () => unknown): Promise<void> {
  const before = readFileSync(log);
  await expect((async () => action())()).rejects.toMatchObject({ code: 'corrupt' });
  expect(readFileSync(log).equals(before)).toBe(true);
}

describe('a log without its database', () => {
  const gone = () => join(dirname(directory), 'gone.db');
  const backup = () => join(dirname(directory), 'backup.db');
  const lost: [string, () => void][] = [
    ['is missing', () => renameSync(path, gone())],
    [
      'is empty',
      () => {
        cpSync(path, gone());
        truncateSync(path);
      },
    ],
  ];

  it.each(lost)('is kept until the database that %s is put back', async (_, lose) => {
    lose();
    const there = existsSync(path);
    await refused(open);
    await refused(open);
    expect(open).toThrow(
      `${path} is damaged (it is missing or empty, but its log tandem.db-wal is not: put back`,
    );
    expect(existsSync(path)).toBe(there);
    renameSync(gone(), path);
    expect(await unread()).toBe(500);
  });

  it.each(lost)('is left alone by a backup of a database that %s', async (_, lose) => {
    lose();
    await refused(() => backUpStore({ directory, file: backup(), force: false }));
    expect(existsSync(backup())).toBe(false);
  });

  it('is left alone by a restore elsewhere', async () => {
    truncateSync(path);
    const elsewhere = newDataDirectory();
    await refused(() => restoreStore({ directory: elsewhere, file: path, force: false }));
  });

  it.each(lost)(
    'is data, replaced by a restore only when it is told to: it %s',
    async (_, lose) => {
      await backUpStore({ directory, file: backup(), force: false });
      const before = readFileSync(log);
      lose();
      const restore = (force: boolean) => restoreStore({ directory, file: backup(), force });
      await expect(restore(false)).rejects.toMatchObject({ code: 'exists' });
      expect(readFileSync(log).equals(before)).toBe(true);
      expect(await restore(true)).toMatchObject({ messages: 500 });
      expect(await unread()).toBe(500);
    },
  );

  it('is nothing when it is empty', async () => {
    rmSync(path);
    truncateSync(log);
    expect(await unread()).toBeUndefined();
  });
});

describe('a log whose header is damaged', () => {
  it('is refused and left as it is, whatever byte it is', async () => {
    const whole = readFileSync(log);
    for (let at = 0; at < 32; at++) {
      const spoilt = Buffer.from(whole);
      spoilt.writeUInt8(spoilt.readUInt8(at) ^ 0x01, at);
      writeFileSync(log, spoilt);
      await refused(open);
    }
    expect(open).toThrow(`${log} is damaged`);
    writeFileSync(log, whole);
    expect(await unread()).toBe(500);
  });

  it('is refused when the header reads as zeros, and what follows does not', async () => {
    writeFileSync(log, readFileSync(log).fill(0, 0, 4_096));
    await refused(open);
  });

  it('gives way to a backup', async () => {
    const file = join(dirname(directory), 'backup.db');
    await backUpStore({ directory, file, force: false });
    writeFileSync(log, readFileSync(log).fill(0xa5, 0, 32));
    await restoreStore({ directory, file, force: true });
    expect(await unread()).toBe(500);
    expect(readdirSync(directory).sort()).toEqual(['lock', 'tandem.db']);
  });
});

describe('a log is as a crash may leave it', () => {
  it('when its end is torn: what was whole is there', async () => {
    truncateSync(log, statSync(log).size - 100);
    // All of it was one commit.
    expect(await unread()).toBe(0);
  });

  it('when it has begun anew, over frames of before', async () => {
    const running = newDataDirectory();
    const store = openStore(running);
    await store.load();
    await store.addAccount('ann');
    const runningLog = `${databaseFile(running)}-wal`;
    const header = () => readFileSync(runningLog).toString('hex', 0, 32);
    const first = header();
    let sent = 0;
    for (; header() === first; sent += 500) await send(store, sent + 1, 500);
    kill(running);
    expect(statSync(log).size).toBeGreaterThan(4_000_000);
    expect(await unread()).toBe(sent);
  });

  it.each<[string, Buffer]>([
    ['is empty', Buffer.alloc(0)],
    ['ends in its header', Buffer.alloc(31, 0xa5)],
    ['ends behind its header', Buffer.alloc(32, 0xa5)],
    ['has only zeros', Buffer.alloc(100_000)],
  ])('when it %s: nothing is in it', async (_, bytes) => {
    writeFileSync(log, bytes);
    await open().close();
  });

  it('when a machine of the other byte order wrote it', async () => {
    const header = '377f0683 002de218 00001000 00000000 01020304 05060708 1706e9db c2e5d89c';
    const bytes = Buffer.from(header.replaceAll(' ', ''), 'hex');
    writeFileSync(log, Buffer.concat([bytes, Buffer.alloc(10_000, 0xa5)]));
    await open().close();
    writeFileSync(log, Buffer.concat([bytes.fill(0x06, 20, 21), Buffer.alloc(10_000, 0xa5)]));
    expect(codeOf(open)).toBe('corrupt');
  });
});
