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
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { backUpStore, checkStore, restoreStore, SqliteStore } from '../../../src/index.ts';
import { openDatabase } from '../../../src/store/sqlite/database.ts';
import {
  holdDataDirectory,
  restoringPathOf,
} from '../../../src/store/sqlite/directory/data-directory.ts';
import { migrations } from '../../../src/store/sqlite/schema.ts';
import { loadAccounts } from '../loaded-accounts.ts';
import { codeOf, databaseFile, newDataDirectory, openStore } from './data-directory.ts';

const body = 'x'.repeat(262);

let directory: string;
let path: string;
let log: string;

/** A data directory as a killed store leaves it: 500 messages, all of them in the log. */
beforeEach(async () => {
  const running = newDataDirectory();
  const store = await openStore(running);
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

const ownerOf = (at: string) => join(at, 'owner.json');

/** Starts, stops, and returns the notices. */
async function noticesOfStart(): Promise<string[]> {
  const notices: string[] = [];
  const store = await openStore(directory, { onNotice: (notice) => notices.push(notice) });
  await store.close();
  return notices;
}

/** Returns the number of messages of the store in the directory; undefined if it does not know the account. */
async function unread(): Promise<number | undefined> {
  const store = await openStore(directory);
  const [ann] = await loadAccounts(store);
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
    await expect(open()).rejects.toThrow(
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

  it('is nothing when it is empty, and neither mark nor owner says that there was data', async () => {
    rmSync(path);
    truncateSync(log);
    await refused(open);
    rmSync(`${path}-mark`);
    await refused(open);
    rmSync(ownerOf(directory));
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
    await expect(open()).rejects.toThrow(`${log} is damaged`);
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
    expect(readdirSync(directory).sort()).toEqual(['lock', 'tandem.db', 'tandem.db-mark']);
  });
});

describe('a log that is not what was on the disk', () => {
  /** The results that are allowed, with a word of the message. */
  const losses: [string, () => void, string][] = [
    ['is removed', () => rmSync(log), 'missing or empty'],
    ['is empty', () => truncateSync(log), 'missing or empty'],
    ['is cut to 10 bytes', () => truncateSync(log, 10), 'missing or empty'],
    ['has a header alone', () => truncateSync(log, 32), 'missing or empty'],
    ['reads as zeros', () => writeFileSync(log, Buffer.alloc(100_000)), 'missing or empty'],
    ['is cut by a byte', () => truncateSync(log, statSync(log).size - 1), 'of which the first'],
    ['is cut by whole pages', () => truncateSync(log, 32 + 4_120), 'of which the first 1 '],
    ['has a byte changed', () => change(10_000), 'of which the first 2 '],
    ['has its last byte changed', () => change(statSync(log).size - 1), 'of which the first'],
    ['is of another database', () => writeFileSync(log, foreign), 'of another database'],
  ];
  let foreign: Buffer;

  function change(at: number): void {
    const bytes = readFileSync(log);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0x01, at);
    writeFileSync(log, bytes);
  }

  beforeEach(async () => {
    const other = newDataDirectory();
    const store = await openStore(other);
    await store.addAccount('ann');
    foreign = readFileSync(`${databaseFile(other)}-wal`);
  });

  it.each(losses)(
    'is refused when it %s: by a start, a backup and a check',
    async (_, lose, said) => {
      const whole = readFileSync(log);
      lose();
      await expect(open()).rejects.toThrow(said);
      await expect(checkStore({ directory })).rejects.toMatchObject({ code: 'corrupt' });
      const file = join(dirname(directory), 'backup.db');
      const backup = backUpStore({ directory, file, force: false });
      await expect(backup).rejects.toMatchObject({ code: 'corrupt' });
      await expect(open()).rejects.toMatchObject({ code: 'corrupt' });
      writeFileSync(log, whole);
      expect(await unread()).toBe(500);
    },
  );

  it.each(losses)(
    'goes through without a mark when it %s, as far as its header is whole',
    async (name, lose) => {
      rmSync(`${path}-mark`);
      rmSync(ownerOf(directory));
      lose();
      if (name === 'is of another database') return;
      const notices = await noticesOfStart();
      const hasLog = !['is removed', 'is empty'].includes(name);
      expect(notices).toMatchObject(hasLog ? [expect.stringMatching(/-mark is missing/)] : []);
    },
  );

  it('is what it was after a clean stop, which removes it', async () => {
    expect(await unread()).toBe(500);
    expect(existsSync(log)).toBe(false);
    expect(await unread()).toBe(500);
  });
});

describe('a mark that cannot tell if the log is whole', () => {
  const mark = () => `${path}-mark`;
  let backups = 0;

  /** A data directory as a killed store leaves it: 4,500 messages, of which some are in the database alone. */
  beforeEach(async () => {
    const running = newDataDirectory();
    await (await openStore(running)).close();
    const clean = readFileSync(markOf(running));
    const store = await openStore(running);
    await store.load();
    await store.addAccount('ann');
    for (let sent = 0; sent < 4_500; sent += 500) await send(store, sent + 1, 500);
    kill(running);
    marks.clean = clean;
  });

  const markOf = (at: string) => `${databaseFile(at)}-mark`;
  const marks: { clean: Buffer } = { clean: Buffer.alloc(0) };

  /** Returns the notices of a backup, of a restore of these files, and of a check. */
  async function noticesOfOthers(): Promise<(readonly string[])[]> {
    const file = join(dirname(directory), `backup-${++backups}.db`);
    const elsewhere = newDataDirectory();
    return [
      (await backUpStore({ directory, file, force: false })).notices,
      (await restoreStore({ directory: elsewhere, file: path, force: false })).notices,
      (await checkStore({ directory })).notices,
    ];
  }

  /** Expects every command to give one notice like this; undefined for none. */
  async function expectNotices(said: RegExp | undefined): Promise<void> {
    const expected = said === undefined ? [] : [expect.stringMatching(said)];
    for (const notices of await noticesOfOthers()) expect(notices).toEqual(expected);
    expect(await noticesOfStart()).toEqual(expected);
    for (const notices of await noticesOfOthers()) expect(notices).toEqual([]);
    expect(await noticesOfStart()).toEqual([]);
  }

  /** Leaves what there would be if a start were killed before it has written its mark. */
  function killStart(): void {
    const held = holdDataDirectory(directory, 'a test');
    const killed = directory;
    kill(killed);
    held.release();
  }

  const unknown = 'so nobody can tell if the log has its full length. If messages are missing';
  const losses: [string, () => void, RegExp][] = [
    ['is removed', () => rmSync(mark()), /-mark is missing or empty, and the server did not stop/],
    ['is emptied', () => truncateSync(mark()), /-mark is missing or empty, and the server did not/],
    ['is of an earlier clean stop', () => writeFileSync(mark(), marks.clean), /an earlier stop/],
    ...['{"closed":', '[]', 'null', '{"log":1}', '{"log":{}}'].map(
      (text): [string, () => void, RegExp] => [
        `is ${text}`,
        () => writeFileSync(mark(), text),
        /-mark cannot be read/,
      ],
    ),
  ];

  describe.each(losses)('as it %s', (_, lose, said) => {
    const notice = new RegExp(`${said.source}.*, ${unknown}`);

    it.each<[string, () => void]>([
      ['is whole', () => {}],
      ['is cut', () => truncateSync(log, Math.floor(statSync(log).size / 2))],
      ['is removed', () => rmSync(log)],
    ])('is told once by every command, and none refuses: the log %s', async (_name, cut) => {
      lose();
      cut();
      await expectNotices(notice);
    });
  });

  it('is told, too, after a start that was killed, and when the owner is not known', async () => {
    rmSync(mark());
    killStart();
    expect((await checkStore({ directory })).notices).toHaveLength(1);
    // As an earlier version writes it.
    writeFileSync(ownerOf(directory), '{"pid":1}');
    expect((await checkStore({ directory })).notices).toHaveLength(1);
    rmSync(ownerOf(directory));
    expect((await checkStore({ directory })).notices).toHaveLength(1);
    killStart();
    await expectNotices(/-mark is missing/);
  });

  it('is none after an idle server of an earlier version was killed, which starts with the mark of its stop', async () => {
    await (await open()).close();
    writeFileSync(ownerOf(directory), '{"pid":1}');
    await expectNotices(undefined);
  });

  it('is none after a clean stop', async () => {
    await (await open()).close();
    rmSync(mark());
    await expectNotices(undefined);
  });

  it('is none of a start that was killed before it changed anything', async () => {
    await (await open()).close();
    killStart();
    await expectNotices(undefined);
  });

  it('is none of a first start that was killed before it wrote its mark', async () => {
    await (await open()).close();
    killStart();
    truncateSync(mark());
    await expectNotices(undefined);
  });

  it('is none of a server that was killed before it changed anything', async () => {
    await (await open()).close();
    const store = await openStore(directory);
    kill(directory);
    await store.close();
    await expectNotices(undefined);
  });

  it('is none of a restore that was killed, or of a store that has failed', async () => {
    const file = join(dirname(directory), 'backup.db');
    await backUpStore({ directory, file, force: false });
    const held = holdDataDirectory(directory, 'a test');
    cpSync(file, restoringPathOf(directory));
    held.replace();
    kill(directory);
    held.release();
    expect(existsSync(ownerOf(directory))).toBe(true);
    expect((await checkStore({ directory })).notices).toEqual([]);
    const failed = await openStore(directory, { syncLog: () => Promise.reject(new Error('EIO')) });
    await expect(failed.addAccount('bob')).rejects.toMatchObject({ code: 'io' });
    await failed.close();
    expect(existsSync(ownerOf(directory))).toBe(true);
    await expectNotices(undefined);
  });

  it('is none of a first start that was killed, whose database has no data yet', async () => {
    directory = newDataDirectory();
    path = databaseFile(directory);
    const held = holdDataDirectory(directory, 'a test');
    const making = openDatabase(path, { ladder: migrations });
    kill(directory);
    making.close();
    held.release();
    expect(statSync(log).size).toBeGreaterThan(0);
    await expectNotices(undefined);
  });
});

describe('a database that is gone, of a directory that had data', () => {
  const losses: [string, () => void][] = [
    ['removed', () => rmSync(path)],
    ['emptied', () => truncateSync(path)],
    ['removed with its log', () => [path, log].forEach((file) => void rmSync(file))],
    ['emptied with its log', () => [path, log].forEach((file) => void truncateSync(file))],
    [
      'replaced by an empty database',
      () =>
        [path, log].forEach(
          (file, at) => void (at === 0 ? writeEmpty(file) : rmSync(file, { force: true })),
        ),
    ],
  ];

  function writeEmpty(file: string): void {
    rmSync(file);
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 1; PRAGMA user_version = 0');
    database.close();
  }

  it.each(losses)('is refused after a crash: %s', async (_, lose) => {
    lose();
    expect(await codeOf(open)).toBe('corrupt');
    expect(await codeOf(() => checkStore({ directory }))).toBe('corrupt');
  });

  it.each(losses)('is refused after a crash, without its mark: %s', async (_, lose) => {
    lose();
    rmSync(`${path}-mark`);
    const file = join(dirname(directory), 'backup.db');
    expect(await codeOf(open)).toBe('corrupt');
    expect(await codeOf(() => checkStore({ directory }))).toBe('corrupt');
    expect(await codeOf(() => backUpStore({ directory, file, force: false }))).toBe('corrupt');
    await expect(open()).rejects.toThrow(/it is missing or empty, but (it had data|its log)/);
  });

  it.each(losses)('is refused after a clean stop: %s', async (_, lose) => {
    await unread();
    writeFileSync(log, '');
    lose();
    expect(await codeOf(open)).toBe('corrupt');
    expect(await codeOf(() => checkStore({ directory }))).toBe('corrupt');
  });

  it.each([
    ['a clean stop', ['tandem.db-mark']],
    ['a crash', ['tandem.db-mark', 'owner.json']],
  ])(
    'makes way for a new one when what says that it was there is removed: after %s',
    async (how, files) => {
      if (how === 'a clean stop') await unread();
      for (const file of [path, log]) rmSync(file, { force: true });
      await expect(open()).rejects.toThrow(`delete ${files.join(' and ')} to begin with nothing`);
      for (const file of files) {
        await expect(open()).rejects.toThrow('it had data');
        rmSync(join(directory, file));
      }
      expect(await unread()).toBeUndefined();
    },
  );
});

describe('a log is as a crash may leave it', () => {
  it('when its end is torn: what was whole is there', async () => {
    writeFileSync(log, Buffer.alloc(5_000, 0xa5), { flag: 'a' });
    expect(await unread()).toBe(500);
  });

  it('when it goes on behind what was on the disk', async () => {
    const mark = readFileSync(`${path}-mark`);
    const store = await openStore(directory);
    await store.load();
    await send(store, 501, 10);
    kill(directory);
    writeFileSync(`${path}-mark`, mark);
    expect(await unread()).toBe(510);
  });

  it('when it has begun anew, over frames of before', async () => {
    const running = newDataDirectory();
    const store = await openStore(running);
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

  it('when a machine of the other byte order wrote it', async () => {
    const header = '377f0683 002de218 00001000 00000000 01020304 05060708 1706e9db c2e5d89c';
    const bytes = Buffer.from(header.replaceAll(' ', ''), 'hex');
    for (const file of [`${path}-mark`, ownerOf(directory)]) rmSync(file);
    writeFileSync(log, Buffer.concat([bytes, Buffer.alloc(10_000, 0xa5)]));
    await (await open()).close();
    writeFileSync(log, Buffer.concat([bytes.fill(0x06, 20, 21), Buffer.alloc(10_000, 0xa5)]));
    expect(await codeOf(open)).toBe('corrupt');
  });
});
