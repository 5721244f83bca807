import {
  chownSync,
  cpSync,
  existsSync,
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
import { basename, dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { backUpStore, checkStore, restoreStore, type SqliteStore } from '../../../src/index.ts';
import { turn } from '../../stage.ts';
import { loadAccounts } from '../loaded-accounts.ts';
import {
  databaseFile,
  newDataDirectory,
  openDatabase,
  openStore,
  remove,
} from './data-directory.ts';
import { SmallDisk } from './small-disk.ts';

let directory: string;
let file: string;
let id: number;

beforeEach(() => {
  directory = newDataDirectory();
  file = join(dirname(directory), 'backup.db');
  id = 0;
});

/** A store with an account and so many messages. */
async function makeStore(messages: number): Promise<SqliteStore> {
  const store = await openStore(directory);
  await store.load();
  await store.addAccount('ann');
  await fill(store, messages);
  return store;
}

async function fill(store: SqliteStore, messages: number): Promise<void> {
  const one = () => store.addMessage('ann', { id: ++id, sender: 'bob', body: 'x'.repeat(262) });
  await Promise.all(Array.from({ length: messages }, one));
}

const backUp = (force = false) => backUpStore({ directory, file, force });
const restore = (force = false) => restoreStore({ directory, file, force });

/** Returns the number of messages of the store in the directory. */
async function unread(): Promise<number | undefined> {
  const store = await openStore(directory);
  const [ann] = await loadAccounts(store);
  await store.close();
  return ann?.unread;
}

/** Returns the files beside the backup and the data directory. */
function others(): string[] {
  const known = [basename(directory), basename(file)];
  return readdirSync(dirname(directory)).filter((name) => !known.includes(name));
}

describe('a backup', () => {
  it('of a store that is open holds what there was at one moment, whatever comes meanwhile', async () => {
    const store = await makeStore(20_000);
    const before = id;
    let copying = true;
    const copied = backUp().finally(() => {
      copying = false;
    });
    while (copying) {
      await fill(store, 10);
      await turn();
    }
    const { accounts, messages } = await copied;
    expect(accounts).toBe(1);
    expect(messages % 10).toBe(0);
    expect(messages).toBeGreaterThanOrEqual(before);
    expect(id).toBeGreaterThan(messages);
    await store.close();
    expect(await unread()).toBe(id);
  });

  it('is one file, for its user alone, and leaves nothing beside it', async () => {
    await makeStore(10);
    const { bytes } = await backUp();
    expect(others()).toEqual([]);
    expect(statSync(file)).toMatchObject({ size: bytes });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('can be made of a store that is closed, or was killed', async () => {
    const store = await makeStore(10);
    const killed = newDataDirectory();
    cpSync(directory, killed, { recursive: true });
    await store.close();
    expect(await backUp()).toMatchObject({ messages: 10 });
    directory = killed;
    file = join(dirname(directory), 'backup.db');
    expect(await backUp()).toMatchObject({ messages: 10 });
  });

  it('does not count what a removal has left in the file', async () => {
    const store = await makeStore(1_000);
    await remove(store, 'ann', 900);
    expect(await backUp()).toMatchObject({ messages: 100 });
  });

  it('replaces a file only when it is told to', async () => {
    await makeStore(10);
    writeFileSync(file, 'precious');
    await expect(backUp()).rejects.toMatchObject({ code: 'exists' });
    expect(readFileSync(file, 'utf8')).toBe('precious');
    await backUp(true);
    expect(others()).toEqual([]);
    await expect(restore()).rejects.toMatchObject({ code: 'in-use' });
  });

  it('leaves alone what a killed one has left under the name that it needs', async () => {
    await makeStore(10);
    const partial = `${file}.${process.pid}.partial`;
    writeFileSync(partial, 'precious');
    await expect(backUp(true)).rejects.toMatchObject({
      code: 'exists',
      message: expect.stringContaining(`${partial} exists already`),
    });
    expect(readFileSync(partial, 'utf8')).toBe('precious');
    expect(others()).toEqual([basename(partial)]);
  });

  it('is refused in the data directory, whatever its name there and that of the directory', async () => {
    const store = await makeStore(10);
    const link = `${directory}-link`;
    symlinkSync(directory, link);
    const names = ['restored.db', 'restoring.db', 'tandem.db', 'tandem.db-wal', 'mine.db'];
    for (const place of [directory, link]) {
      for (const name of names) {
        file = join(place, name);
        await expect(backUp(true)).rejects.toMatchObject({ code: 'inside' });
      }
    }
    expect(readdirSync(directory).sort()).toEqual([
      'lock',
      'owner.json',
      'tandem.db',
      'tandem.db-mark',
      'tandem.db-shm',
      'tandem.db-wal',
    ]);
    await store.close();
    expect(await unread()).toBe(10);
  });

  it('says how far it has come, and ends early when it is told to, leaving nothing', async () => {
    await makeStore(20_000);
    const progress: [number, number][] = [];
    const aborting = new AbortController();
    const copying = backUpStore({
      directory,
      file,
      force: false,
      signal: aborting.signal,
      onProgress(copiedBytes, totalBytes) {
        progress.push([copiedBytes, totalBytes]);
        aborting.abort('enough');
      },
    });
    await expect(copying).rejects.toBe('enough');
    expect(progress).toEqual([[1_024 * 4_096, expect.any(Number)]]);
    expect(existsSync(file)).toBe(false);
    expect(others()).toEqual([]);
  });

  it('is refused where there is no data, or no directory for the file', async () => {
    await expect(backUp()).rejects.toMatchObject({ code: 'not-found' });
    expect(existsSync(directory)).toBe(false);
    await makeStore(1);
    file = join(file, 'below', 'it');
    await expect(backUp()).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is refused of data that is damaged, and there is no file then', async () => {
    await (await makeStore(1_000)).close();
    spoilLastPage(databaseFile(directory));
    await expect(backUp()).rejects.toMatchObject({ code: 'corrupt' });
    await expect(backUp()).rejects.toThrow(databaseFile(directory));
    expect(existsSync(file)).toBe(false);
    expect(others()).toEqual([]);
  });

  it.skipIf(!SmallDisk.canMount())(
    'that does not fit leaves nothing, nor replaces one',
    async () => {
      await makeStore(10_000);
      const disk = new SmallDisk();
      file = join(disk.path, 'backup.db');
      writeFileSync(file, 'precious');
      await expect(backUp(true)).rejects.toMatchObject({ code: 'full' });
      expect(readFileSync(file, 'utf8')).toBe('precious');
      expect(readdirSync(disk.path)).toEqual([basename(file)]);
    },
  );
});

describe('a restore', () => {
  it('brings back what the backup holds, where there was nothing', async () => {
    await (await makeStore(10)).close();
    await backUp();
    directory = newDataDirectory();
    expect(await restore()).toMatchObject({ accounts: 1, messages: 10 });
    expect(await unread()).toBe(10);
    expect(readdirSync(directory).sort()).toEqual(['lock', 'tandem.db', 'tandem.db-mark']);
  });

  it.runIf(process.getuid?.() === 0).each([
    ['where there was nothing', async () => {}],
    ['of a server that was stopped', async () => (await makeStore(1)).close()],
  ])('by root leaves the files to the owner of the directory: %s', async (_, prepare) => {
    await (await makeStore(10)).close();
    await backUp();
    const owner = 65_534;
    directory = newDataDirectory();
    mkdirSync(directory);
    chownSync(directory, owner, owner);
    await prepare();
    await restore(true);
    const files = readdirSync(directory);
    expect(files.length).toBeGreaterThan(2);
    for (const name of files) {
      const { uid, gid, mode } = statSync(join(directory, name));
      expect([name, uid, gid, mode & 0o777]).toEqual([name, owner, owner, 0o600]);
    }
  });

  it('replaces data only when it is told to, with its log', async () => {
    const store = await makeStore(10);
    await backUp();
    await fill(store, 5);
    await store.close();
    await expect(restore()).rejects.toMatchObject({ code: 'exists' });
    expect(await unread()).toBe(15);
    // A crash leaves a log, which is the old database's and not the new one's.
    const reopened = await openStore(directory);
    await fill(reopened, 1_000);
    const killed = newDataDirectory();
    cpSync(directory, killed, { recursive: true });
    expect(existsSync(`${databaseFile(killed)}-wal`)).toBe(true);
    directory = killed;
    await restore(true);
    expect(await unread()).toBe(10);
  });

  it('is refused while somebody has the data, and changes nothing', async () => {
    const store = await makeStore(10);
    await backUp();
    await fill(store, 5);
    await expect(restore(true)).rejects.toMatchObject({ code: 'in-use' });
    await store.close();
    expect(await unread()).toBe(15);
  });

  it.each<[string, string, () => void]>([
    ['there is no file', 'not-found', () => renameSync(file, `${file}.gone`)],
    ['it is empty', 'not-a-database', () => truncateSync(file)],
    ['it is no database', 'not-a-database', () => writeFileSync(file, 'Dear diary, '.repeat(999))],
    ['it is damaged', 'corrupt', () => spoilLastPage(file)],
    ['its end is missing', 'corrupt', () => truncateSync(file, statSync(file).size - 4_096)],
    ['it is of a later version', 'newer', () => execute('PRAGMA user_version = 99')],
    ['it is of another program', 'foreign', () => execute('PRAGMA application_id = 1')],
  ])('is refused when %s, and changes nothing', async (_, code, spoil) => {
    const store = await makeStore(1_000);
    await backUp();
    await remove(store, 'ann', 10);
    await store.close();
    spoil();
    await expect(restore(true)).rejects.toMatchObject({ code });
    expect(await unread()).toBe(990);
    expect(readdirSync(directory).sort()).toEqual(['lock', 'tandem.db', 'tandem.db-mark']);
  });

  it('takes a copy of a database and its log as a backup too', async () => {
    await makeStore(10);
    const copy = newDataDirectory();
    mkdirSync(copy);
    for (const suffix of ['', '-wal']) {
      cpSync(databaseFile(directory) + suffix, databaseFile(copy) + suffix);
    }
    file = databaseFile(copy);
    directory = newDataDirectory();
    expect(await restore()).toMatchObject({ messages: 10 });
  });

  describe('that is cut short', () => {
    beforeEach(async () => {
      const store = await makeStore(10);
      await backUp();
      await fill(store, 5);
      const killed = newDataDirectory();
      cpSync(directory, killed, { recursive: true });
      directory = killed;
    });

    it('while it copies, leaves the old data, and the next start tidies up', async () => {
      for (const suffix of ['', '-journal', '-wal', '-shm']) {
        cpSync(file, join(directory, `restoring.db${suffix}`));
      }
      expect(await unread()).toBe(15);
      expect(readdirSync(directory).sort()).toEqual(['lock', 'tandem.db', 'tandem.db-mark']);
    });

    it('once it has copied, is finished by the next start', async () => {
      cpSync(file, join(directory, 'restored.db'));
      expect(await unread()).toBe(10);
      expect(existsSync(join(directory, 'restored.db'))).toBe(false);
    });

    it.each<[string, (whole: Buffer) => string | Buffer]>([
      ['another program wrote', () => 'hello'],
      ['is empty', () => ''],
      ['is longer than a database', (whole) => Buffer.concat([whole, Buffer.alloc(512)])],
      ['is cut', (whole) => whole.subarray(0, -1)],
      ['has only zeros', (whole) => Buffer.alloc(whole.length)],
      ['is of another program', (whole) => Buffer.from(whole).fill(1, 68, 72)],
      ['nobody may write to', (whole) => Buffer.from(whole).fill(9, 18, 19)],
    ])('is not finished with a file that %s, and the old data stays', async (_, change) => {
      const restored = join(directory, 'restored.db');
      writeFileSync(restored, change(readFileSync(file)));
      for (const command of [unread, restore, () => checkStore({ directory })]) {
        await expect(command()).rejects.toThrow(
          `${restored} is damaged (no restore leaves such a file`,
        );
      }
      rmSync(restored);
      expect(await unread()).toBe(15);
    });

    it('between, when the old log is gone, too; and by a backup', async () => {
      cpSync(file, join(directory, 'restored.db'));
      renameSync(`${databaseFile(directory)}-wal`, `${databaseFile(directory)}-gone`);
      const copied = await backUpStore({ directory, file: `${file}.2`, force: false });
      expect(copied).toMatchObject({ messages: 10 });
      expect(await unread()).toBe(10);
    });
  });
});

function execute(sql: string): void {
  cpSync(file, databaseFile(dirname(file)));
  const database = openDatabase(dirname(file));
  database.exec(sql);
  database.close();
  renameSync(databaseFile(dirname(file)), file);
}

function spoilLastPage(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0xa5, bytes.length - 4_096);
  writeFileSync(path, bytes);
}
