import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { backUpStore, ChatService, checkStore, SqliteStore } from '../../../src/index.ts';
import { loadAccounts } from '../loaded-accounts.ts';
import {
  codeOf,
  databaseFile,
  newDataDirectory,
  openDatabase,
  openStore,
} from './data-directory.ts';
import { canRunUnprivileged, Opener } from './opener.ts';
import { SmallDisk } from './small-disk.ts';

let directory: string;

beforeEach(() => {
  directory = newDataDirectory();
});

/** A store with some pages of data, closed. */
async function makeStore(): Promise<void> {
  const store = await openStore(directory);
  await store.load();
  await store.addAccount('ann');
  const ids = Array.from({ length: 500 }, (_, i) => i + 1);
  const body = 'x'.repeat(262);
  await Promise.all(ids.map((id) => store.addMessage('ann', { id, sender: 'bob', body })));
  await store.close();
}

/** Overwrites a page in the middle of the messages, which a start need not read. */
function spoilMessages(): void {
  const { size } = statSync(databaseFile(directory));
  const file = openSync(databaseFile(directory), 'r+');
  writeSync(file, Buffer.alloc(4_096, 0xa5), 0, 4_096, Math.floor(size / 8_192) * 4_096);
  closeSync(file);
}

/** Returns whether a page is one of the index of the mailboxes. */
function isIndex(database: Buffer, page: number): boolean {
  const copy = newDataDirectory();
  mkdirSync(copy);
  writeFileSync(databaseFile(copy), database);
  const row = openDatabase(copy)
    .prepare("SELECT count(*) AS count FROM dbstat WHERE name = 'mailboxes' AND pageno = ?")
    .get(page + 1);
  return row?.count === 1;
}

function open(): Promise<SqliteStore> {
  return SqliteStore.open({ directory });
}

describe('a data directory', () => {
  it('is made, with those above it, and is for its user alone', async () => {
    directory = join(directory, 'deep', 'down');
    await openStore(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(databaseFile(directory)).mode & 0o777).toBe(0o600);
    expect(statSync(`${databaseFile(directory)}-wal`).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'lock')).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'owner.json')).mode & 0o777).toBe(0o600);
  });

  it('is refused when it cannot be made, or is a file', async () => {
    writeFileSync(directory, '');
    expect(await codeOf(open)).toBe('directory');
    directory = join(directory, 'below');
    expect(await codeOf(open)).toBe('directory');
  });

  it('holds no trace of its owner after a close', async () => {
    await (await openStore(directory)).close();
    expect(existsSync(join(directory, 'owner.json'))).toBe(false);
    await openStore(directory);
  });
});

describe('the lock', () => {
  it('refuses a second store in the same process, and goes with a close', async () => {
    const first = await openStore(directory);
    expect(await codeOf(open)).toBe('in-use');
    // Though a second was refused, the first still has it.
    expect(await codeOf(open)).toBe('in-use');
    await first.close();
    await openStore(directory);
  });

  it('refuses another process, and says who holds it', async () => {
    const holder = new Opener(directory);
    expect(await holder.outcome).toBe('open');
    await expect(open()).rejects.toThrow(
      `${directory} is in use by the fixture, process ${holder.pid} on `,
    );
    expect(await new Opener(directory).outcome).toMatch(
      /^in-use: .* by the fixture, process \d+ on/,
    );
  });

  it('goes with SIGKILL', async () => {
    const holder = new Opener(directory);
    await holder.outcome;
    await holder.kill();
    expect(existsSync(join(directory, 'owner.json'))).toBe(true);
    await openStore(directory);
    expect(readFileSync(join(directory, 'owner.json'), 'utf8')).toContain(`"pid":${process.pid},`);
  });

  it('does not name a process that is gone', async () => {
    const gone = new Opener(newDataDirectory());
    await gone.outcome;
    await gone.kill();
    await openStore(directory);
    const path = join(directory, 'owner.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"pid":\d+/, `"pid":${gone.pid}`));
    await expect(open()).rejects.toThrow(`${directory} is in use by another process`);
    writeFileSync(path, '{"pid":');
    await expect(open()).rejects.toThrow(`${directory} is in use by another process`);
  });
});

describe('a start', () => {
  it('is ended by its signal while it loads, and gives the directory back', async () => {
    await (await openStore(directory)).close();
    const database = openDatabase(directory);
    database.exec(`WITH RECURSIVE ids (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < 20000)
      INSERT INTO accounts SELECT 'user' || id FROM ids`);
    database.close();
    const starting = new AbortController();
    const opened = ChatService.open({ store: await open(), signal: starting.signal });
    setImmediate(() => starting.abort('SIGTERM'));
    await expect(opened).rejects.toBe('SIGTERM');
    expect(existsSync(join(directory, 'owner.json'))).toBe(false);
    const service = await ChatService.open({ store: await open() });
    expect(service.accountCount).toBe(20_000);
    await service.close();
  });

  it('is ended by its signal before it opens anything', async () => {
    const signal = AbortSignal.abort('SIGINT');
    await makeStore();
    await expect(SqliteStore.open({ directory, signal })).rejects.toBe('SIGINT');
    await (await open()).close();
  });
});

describe('a database that is not as it was left', () => {
  const refused = async (code: string) => {
    const before = readFileSync(databaseFile(directory));
    expect(await codeOf(open)).toBe(code);
    // Whatever it is, it is left as it is, for whoever can mend it; and the lock is given back.
    expect(readFileSync(databaseFile(directory)).equals(before)).toBe(true);
    expect(await codeOf(open)).toBe(code);
  };

  it('is refused when it is no database', async () => {
    mkdirSync(directory);
    writeFileSync(databaseFile(directory), 'Dear diary, '.repeat(1_000));
    await refused('not-a-database');
  });

  it('is refused when another program made it', async () => {
    mkdirSync(directory);
    const other = new DatabaseSync(databaseFile(directory));
    other.exec('CREATE TABLE accounts (balance INTEGER)');
    other.close();
    await refused('foreign');
  });

  it('is refused when a later version of this program made it', async () => {
    await makeStore();
    const database = openDatabase(directory);
    database.exec('PRAGMA user_version = 99');
    database.close();
    await refused('newer');
    await expect(open()).rejects.toThrow('its schema version is 99, this program knows up to 3');
  });

  it('is refused when a page of it is damaged, or made good from the rows, wherever that is', async () => {
    await makeStore();
    const pages = statSync(databaseFile(directory)).size / 4096;
    const whole = readFileSync(databaseFile(directory));
    let rebuilt = 0;
    for (let page = 1; page < pages; page++) {
      const file = openSync(databaseFile(directory), 'r+');
      writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096);
      closeSync(file);
      if (isIndex(whole, page)) {
        const notices: string[] = [];
        const store = await openStore(directory, { onNotice: (notice) => notices.push(notice) });
        expect(notices).toMatchObject([expect.stringMatching(/made anew; the messages are whole/)]);
        expect(await loadAccounts(store)).toEqual([{ username: 'ann', unread: 500 }]);
        await store.close();
        rebuilt++;
      } else await refused('corrupt');
      writeFileSync(databaseFile(directory), whole);
    }
    expect(rebuilt).toBeGreaterThan(1);
    await openStore(directory);
  });

  it('is not read whole at each start when it is large, but is after a failure or a crash', async () => {
    const large = { checkedBytesMax: 0 };
    await makeStore();
    spoilMessages();
    const store = await openStore(directory, large);
    await store.load();
    await expect(store.readMessages('ann', 0, 1_000)).rejects.toMatchObject({ code: 'corrupt' });
    await store.close();
    expect(await codeOf(() => SqliteStore.open({ directory, ...large }))).toBe('corrupt');
    // A refusal changes nothing about it.
    expect(await codeOf(() => SqliteStore.open({ directory, ...large }))).toBe('corrupt');
  });

  it('is refused when its end is missing', async () => {
    await makeStore();
    truncateSync(databaseFile(directory), statSync(databaseFile(directory)).size - 4096);
    await refused('corrupt');
  });

  it('begins anew when it is empty, as after a crash before the first commit', async () => {
    mkdirSync(directory);
    writeFileSync(databaseFile(directory), '');
    expect(await loadAccounts(await openStore(directory))).toEqual([]);
  });
});

describe.skipIf(!canRunUnprivileged())(
  'a data directory that its user may not use (skipped as root without setpriv)',
  () => {
    beforeEach(async () => {
      await makeStore();
      chmodSync(dirname(directory), 0o755);
    });

    const outcome = () => new Opener(directory, { unprivileged: true }).outcome;

    /** Lets everybody do everything: the tests below take away one thing each. */
    function share(): void {
      rmSync(join(directory, 'lock'));
      chmodSync(directory, 0o777);
      for (const suffix of ['', '-mark']) chmodSync(databaseFile(directory) + suffix, 0o666);
    }

    it('is opened when there is nothing in the way', async () => {
      share();
      expect(await outcome()).toBe('open');
    });

    it('is refused when it is read-only', async () => {
      share();
      chmodSync(directory, 0o555);
      expect(await outcome()).toMatch(`read-only: ${directory} cannot be written`);
    });

    it('is refused when its database is read-only', async () => {
      share();
      chmodSync(databaseFile(directory), 0o444);
      expect(await outcome()).toMatch(`read-only: ${databaseFile(directory)} cannot be written`);
    });

    it('is refused when its database may not be read', async () => {
      share();
      chmodSync(databaseFile(directory), 0o000);
      expect(await outcome()).toMatch(`unreadable: ${databaseFile(directory)} cannot be opened`);
    });

    it('is refused when it cannot be made', async () => {
      directory = join(directory, 'below');
      expect(await outcome()).toMatch(`directory: ${directory} is not a directory`);
    });
  },
);

it.skipIf(!SmallDisk.canMount())(
  'is checked and backed up, and not served, on a disk that is read-only (skipped without tmpfs)',
  async () => {
    const disk = new SmallDisk();
    directory = join(disk.path, 'data');
    await makeStore();
    disk.protect();
    expect(await checkStore({ directory })).toMatchObject({ accounts: 1, messages: 500 });
    const file = join(dirname(newDataDirectory()), 'backup.db');
    expect(await backUpStore({ directory, file, force: false })).toMatchObject({ messages: 500 });
    expect(await codeOf(open)).toBe('read-only');
  },
);

describe.skipIf(!SmallDisk.canMount())(
  'a full disk (skipped where tmpfs cannot be mounted)',
  () => {
    it.each([0, 4_096, 8_192, 16_384, 32_768])(
      'is said at the start: %i bytes free',
      async (bytesFree) => {
        const disk = new SmallDisk();
        directory = join(disk.path, 'data');
        disk.fill(bytesFree);
        expect(await codeOf(open)).toBe('full');
        disk.empty();
        await openStore(directory);
      },
    );

    it('is said at the start of a store that has data, which is not harmed', async () => {
      const disk = new SmallDisk();
      directory = join(disk.path, 'data');
      await makeStore();
      disk.fill();
      expect(await codeOf(open)).toBe('full');
      disk.empty();
      expect(await loadAccounts(await openStore(directory))).toEqual([
        { username: 'ann', unread: 500 },
      ]);
    });
  },
);
