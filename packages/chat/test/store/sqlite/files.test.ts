import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  backUpStore,
  checkStore,
  restoreStore,
  SqliteStore,
  type StoreError,
} from '../../../src/index.ts';
import { StoppedData } from '../../../src/postgres/move/stopped-data.ts';
import { accessNotices } from '../../../src/store/sqlite/directory/access.ts';
import { holdDataDirectory } from '../../../src/store/sqlite/directory/data-directory.ts';
import { loadAccounts } from '../loaded-accounts.ts';
import {
  codeOf,
  databaseFile,
  newDataDirectory,
  openDatabase,
  openStore,
} from './data-directory.ts';
import { SmallDisk } from './small-disk.ts';

let directory: string;
let backup: string;

const open = () => SqliteStore.open({ directory });
const check = () => checkStore({ directory });
const backUp = (force = false) => backUpStore({ directory, file: backup, force });
const restore = () => restoreStore({ directory, file: backup, force: true });

/** A data directory with an account and a message, of a store that was closed, and a backup of it. */
beforeEach(async () => {
  directory = newDataDirectory();
  const store = await openStore(directory);
  await store.addAccount('ann');
  await store.addMessage('ann', { id: 1, sender: 'bob', body: 'hi' });
  await store.close();
  backup = join(dirname(directory), 'backup.db');
  await backUp();
  for (const suffix of ['-wal', '-shm']) rmSync(databaseFile(directory) + suffix, { force: true });
});

/** Puts something under a name that is no regular file with one name. */
const oddities: [string, (path: string) => void][] = [
  ['a symbolic link', (path) => replace(path, (target) => symlinkSync(target, path))],
  [
    'a symbolic link that leads nowhere',
    (path) => replace(path, () => symlinkSync('/nowhere', path)),
  ],
  ['a directory', (path) => replace(path, () => mkdirSync(path))],
  ['a pipe', (path) => replace(path, () => execFileSync('mkfifo', [path]))],
  ['a hard link', (path) => replace(path, (target) => linkSync(target, path))],
];

/** Moves what is there elsewhere, or makes a file there, and lets `make` put something in its place. */
function replace(path: string, make: (target: string) => void): void {
  const target = join(dirname(directory), 'elsewhere');
  if (existsSync(path)) renameSync(path, target);
  else writeFileSync(target, '');
  make(target);
}

describe.each([
  'tandem.db',
  'tandem.db-wal',
  'tandem.db-shm',
  'tandem.db-mark',
  'lock',
  'owner.json',
  'restored.db',
  'restoring.db',
])('a data directory in which %s is something else', (name) => {
  it.each(oddities)('is refused by every command: %s', async (_, make) => {
    make(join(directory, name));
    const before = readdirSync(directory).sort();
    for (const command of [open, check, restore, () => backUp(true)]) {
      expect(await codeOf(command)).toBe('not-a-file');
    }
    expect(readdirSync(directory).sort()).toEqual(before);
  });
});

describe('the file of a backup', () => {
  it.each(oddities)('is never replaced when it is %s', async (_, make) => {
    make(backup);
    const before = readdirSync(dirname(backup)).sort();
    expect(await codeOf(() => backUp(true))).toBe('not-a-file');
    expect(await codeOf(() => backUp())).toBe('not-a-file');
    expect(readdirSync(dirname(backup)).sort()).toEqual(before);
  });

  it.each(['/dev/null', '/dev/stdout', '/proc/self/fd/0'])('is not %s', async (device) => {
    backup = device;
    expect(await codeOf(() => backUp(true))).toBe('not-a-file');
    expect(await codeOf(restore)).toBe('not-a-file');
  });

  it('is read where a link leads', async () => {
    replace(backup, (target) => symlinkSync(target, backup));
    expect(await restore()).toMatchObject({ messages: 1 });
  });

  it.each([
    ['a pipe', (path: string) => replace(path, () => execFileSync('mkfifo', [path])), 'not-a-file'],
    ['a directory', (path: string) => replace(path, () => mkdirSync(path)), 'not-a-file'],
    [
      'a link that leads nowhere',
      (path: string) => replace(path, () => symlinkSync('/nowhere', path)),
      'not-found',
    ],
  ] as const)('is not read, nor waited for, when it is %s', async (_, make, code) => {
    make(backup);
    expect(await codeOf(restore)).toBe(code);
  });
});

describe('the data directory itself', () => {
  it('may be a symbolic link', async () => {
    const link = join(dirname(directory), 'link');
    symlinkSync(directory, link);
    directory = link;
    await (await openStore(directory)).close();
    expect(await check()).toMatchObject({ messages: 1 });
    expect(await restore()).toMatchObject({ messages: 1 });
  });

  it('is refused in one line where it cannot be made', async () => {
    symlinkSync('/nowhere/at/all', join(dirname(directory), 'dangling'));
    const file = join(dirname(directory), 'file');
    writeFileSync(file, '');
    for (const path of [
      '/proc/tandem/data',
      '/sys/tandem',
      '/dev/null/data',
      join(dirname(directory), 'dangling'),
      file,
      join(file, 'below'),
      join(dirname(directory), 'x'.repeat(300)),
    ]) {
      directory = path;
      await expect(open()).rejects.toMatchObject({
        code: 'directory',
        message: expect.stringMatching(/^[^\n]+ is not a directory, and cannot be made one[^\n]*$/),
      });
    }
  });

  it.each(['', '/below'])(
    'that is a file%s is refused by every command with one message',
    async (below) => {
      const file = join(dirname(directory), 'file');
      writeFileSync(file, '');
      directory = file + below;
      const message = `${file} is not a directory, and cannot be made one (it is a file)`;
      const migrate = () => StoppedData.open({ directory });
      for (const command of [open, check, () => backUp(true), restore, migrate]) {
        await expect(command()).rejects.toMatchObject({ code: 'directory', message });
      }
    },
  );

  it('has no backup in it that could be restored: another restore may have left it', async () => {
    for (const name of ['restoring.db', 'restored.db', 'mine.db', 'tandem.db']) {
      const file = join(directory, name);
      if (name !== 'tandem.db') cpSync(backup, file);
      expect(await codeOf(() => restoreStore({ directory, file, force: true }))).toBe('inside');
      expect(existsSync(file)).toBe(true);
    }
  });

  it('has a name that is too long in no command', async () => {
    directory = join(dirname(directory), 'x'.repeat(300));
    expect(await codeOf(check)).toBe('not-found');
    expect(await codeOf(() => backUp(true))).toBe('not-found');
  });

  it('is named in one line, whatever is in its name', async () => {
    directory = join(directory, 'a\n\u001b[2Jb');
    expect(await codeOf(check)).toBe('not-found');
    await expect(check()).rejects.toThrow(/^[ -~]+$/);
  });
});

describe('what others may do with a data directory', () => {
  beforeEach(() => {
    chmodSync(dirname(directory), 0o755);
    chmodSync(directory, 0o700);
  });

  it('is nothing as it is made', () => {
    expect(accessNotices(directory)).toEqual([]);
  });

  it.each<[string, () => void, RegExp | undefined]>([
    ['all may write to it', () => chmodSync(directory, 0o777), /can be written by others/],
    ['its group may write to it', () => chmodSync(directory, 0o770), /can be written by others/],
    ['its group may read it', () => chmodSync(directory, 0o750), undefined],
    ['all may look into it', () => chmodSync(directory, 0o755), undefined],
    ['all may read its data', () => both(0o755, 0o644), /tandem.db can be read by others/],
    ['all might read its data, but do not get in', () => both(0o700, 0o644), undefined],
    ['all may read all files', () => both(0o755, 0o644, 'lock'), /tandem.db can be read by others/],
    ['all may read the lock', () => chmodAll(0o755, 0o644, 'lock'), undefined],
    ['all may write its data', () => both(0o755, 0o602), /tandem.db can be written by others/],
    [
      'nobody gets to it',
      () => {
        both(0o755, 0o606);
        chmodSync(dirname(directory), 0o700);
      },
      undefined,
    ],
  ])('is told when %s', async (_, change, said) => {
    change();
    const expected = said === undefined ? [] : [expect.stringMatching(said)];
    const notices: string[] = [];
    await (await openStore(directory, { onNotice: (notice) => notices.push(notice) })).close();
    expect(notices).toEqual(expected);
    expect((await check()).notices).toEqual(expected);
  });

  function both(mode: number, fileMode: number, ...others: string[]): void {
    chmodAll(mode, fileMode, 'tandem.db', ...others);
  }

  function chmodAll(mode: number, fileMode: number, ...names: string[]): void {
    chmodSync(directory, mode);
    for (const name of names) chmodSync(join(directory, name), fileMode);
  }
});

describe('files of an owner that is gone', () => {
  it.each(['{"pid":', 'null', '[]', '7', '{"pid":-1,"host":"\u001b[2J"}', ' '.repeat(100_000)])(
    'may say anything: %s',
    async (text) => {
      writeFileSync(join(directory, 'owner.json'), text);
      const store = await openStore(directory);
      expect(await loadAccounts(store)).toEqual([{ username: 'ann', unread: 1 }]);
      writeFileSync(join(directory, 'owner.json'), text);
      await expect(open()).rejects.toThrow(`${directory} is in use by another process`);
    },
  );

  it('may be of a first start that was killed, which the next one takes back', async () => {
    const killed = newDataDirectory();
    mkdirSync(killed);
    const making = openDatabase(killed);
    // More than its memory holds goes into the file, before it is committed.
    making.exec('PRAGMA cache_size = 1; BEGIN; CREATE TABLE rows (bytes)');
    making.exec('INSERT INTO rows VALUES (zeroblob(100000))');
    directory = newDataDirectory();
    cpSync(killed, directory, { recursive: true });
    making.exec('ROLLBACK');
    expect(statSync(databaseFile(directory)).size).toBeGreaterThan(0);
    expect(statSync(`${databaseFile(directory)}-journal`).size).toBeGreaterThan(0);
    const said = 'that a first start was killed, before there was data: start tandem serve again';
    await expect(check()).rejects.toThrow(said);
    await expect(backUp(true)).rejects.toThrow(said);
    await (await openStore(directory)).close();
    expect(await check()).toMatchObject({ accounts: 0 });
  });

  it('may be of another program that had a journal, and nothing is taken back', async () => {
    const other = newDataDirectory();
    mkdirSync(other);
    cpSync(backup, databaseFile(other));
    const writing = openDatabase(other);
    // More than its memory holds goes into the file, before it is committed.
    writing.exec('PRAGMA cache_size = 1; BEGIN; DELETE FROM messages; CREATE TABLE rows (bytes)');
    writing.exec('INSERT INTO rows VALUES (zeroblob(100000))');
    const store = await openStore(directory);
    await store.load();
    await store.addMessage('ann', { id: 2, sender: 'bob', body: 'later' });
    await store.close();
    const journal = `${databaseFile(directory)}-journal`;
    cpSync(`${databaseFile(other)}-journal`, journal);
    writing.exec('ROLLBACK');
    const said = 'this program leaves no tandem.db-journal beside data: move it away';
    for (const command of [open, check, () => backUp(true)]) {
      await expect(command()).rejects.toMatchObject({ code: 'altered' });
      await expect(command()).rejects.toThrow(said);
    }
    cpSync(journal, away(journal));
    rmSync(journal);
    expect(await check()).toMatchObject({ messages: 2 });
    // A restore removes it with the rest of the old data.
    renameSync(away(journal), journal);
    expect(await restore()).toMatchObject({ messages: 1 });
    expect(existsSync(journal)).toBe(false);
    expect(await check()).toMatchObject({ messages: 1 });
  });

  const away = (path: string) => join(dirname(directory), `${path.slice(-7)}-away`);

  it('may be missing after a crash: a log says that there was one', async () => {
    const store = await openStore(directory);
    await store.load();
    await store.addMessage('ann', { id: 2, sender: 'bob', body: 'later' });
    const killed = newDataDirectory();
    cpSync(directory, killed, { recursive: true });
    rmSync(join(killed, 'owner.json'));
    const held = holdDataDirectory(killed, 'a test');
    expect(held.inDoubt).toBe(true);
    held.release();
  });

  it('may not be removable, and the directory is released all the same', async () => {
    const store = await openStore(directory);
    rmSync(join(directory, 'owner.json'));
    mkdirSync(join(directory, 'owner.json'));
    await store.close();
    rmSync(join(directory, 'owner.json'), { recursive: true });
    await (await openStore(directory)).close();
  });

  it('may have a lock in which somebody has written', async () => {
    writeFileSync(join(directory, 'lock'), 'x'.repeat(5_000));
    await expect(open()).rejects.toThrow(`${directory}/lock was changed by another program`);
    await expect(restore()).rejects.toMatchObject({ code: 'altered' });
  });
});

describe('a store whose files are removed or replaced while it is open', () => {
  let store: SqliteStore;
  let fatal: StoreError[];

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    fatal = [];
    store = await openStore(directory, { onFatal: (error) => fatal.push(error) });
    await store.load();
    await store.addAccount('eve');
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const away = () => `${directory}-away`;

  it.each<[string, () => void]>([
    ['the directory is removed', () => rmSync(directory, { recursive: true })],
    ['the directory is moved', () => renameSync(directory, away())],
    ['the database is removed', () => rmSync(databaseFile(directory))],
    ['the log is removed', () => rmSync(`${databaseFile(directory)}-wal`)],
    ['the log is emptied', () => truncateSync(`${databaseFile(directory)}-wal`)],
    ['the index of the log is removed', () => rmSync(`${databaseFile(directory)}-shm`)],
    ['the mark is removed', () => rmSync(`${databaseFile(directory)}-mark`)],
    [
      'the mark is replaced by a copy',
      () => {
        cpSync(`${databaseFile(directory)}-mark`, away());
        renameSync(away(), `${databaseFile(directory)}-mark`);
      },
    ],
    ['the lock is removed', () => rmSync(join(directory, 'lock'))],
    ['the lock is moved', () => renameSync(join(directory, 'lock'), away())],
    [
      'the directory is replaced by a copy',
      () => {
        renameSync(directory, away());
        cpSync(away(), directory, { recursive: true });
      },
    ],
  ])('ends within a second: %s', async (_, lose) => {
    vi.advanceTimersByTime(5_000);
    expect(fatal).toEqual([]);
    lose();
    vi.advanceTimersByTime(1_000);
    expect(fatal.map(({ code }) => code)).toEqual(['replaced']);
    await expect(store.addAccount('bob')).rejects.toMatchObject({ code: 'replaced' });
    await store.close();
  });

  it.skipIf(!SmallDisk.canMount())(
    'ends within a second: the file system has become read-only (skipped without mounts)',
    async () => {
      vi.advanceTimersByTime(5_000);
      expect(fatal).toEqual([]);
      execFileSync('mount', ['--bind', directory, directory]);
      onTestFinished(() => void execFileSync('umount', ['--lazy', directory]));
      execFileSync('mount', ['-o', 'remount,bind,ro', directory]);
      vi.advanceTimersByTime(1_000);
      expect(fatal.map(({ code }) => code)).toEqual(['read-only']);
      await expect(store.addAccount('bob')).rejects.toMatchObject({ code: 'read-only' });
      await store.close();
    },
  );

  it('looks once more when it is closed, and closes nothing over a log that was emptied', async () => {
    await store.addAccount('bob');
    const before = readFileSync(databaseFile(directory));
    vi.advanceTimersByTime(1_000);
    truncateSync(`${databaseFile(directory)}-wal`);
    void store.addAccount('cid');
    await store.close();
    expect(fatal.map(({ code }) => code)).toEqual(['replaced']);
    expect(readFileSync(databaseFile(directory)).equals(before)).toBe(true);
  });

  it('leaves alone what is there in their place', async () => {
    renameSync(directory, away());
    cpSync(away(), directory, { recursive: true });
    const before = readdirSync(directory);
    const log = readFileSync(`${databaseFile(directory)}-wal`);
    vi.advanceTimersByTime(1_000);
    await store.close();
    expect(readdirSync(directory)).toEqual(before);
    expect(readFileSync(`${databaseFile(directory)}-wal`).equals(log)).toBe(true);
    vi.useRealTimers();
    await (await openStore(directory)).close();
  });
});
