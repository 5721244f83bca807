import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  cpSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { backUpStore, checkStore, restoreStore, SqliteStore } from '../../../src/index.ts';
import { areSame, type PlannedState, randomNumbers, read } from './crash-plan.ts';
import { databaseFile, newDataDirectory, openDatabase, openStore } from './data-directory.ts';

const writer = fileURLToPath(new URL('./fixtures/write-until-killed.ts', import.meta.url));
const seed = Number(process.env.TANDEM_TEST_SEED ?? 7);
const damages = Number(process.env.TANDEM_TEST_DAMAGES ?? 40);

/** The result of a command on a data directory. */
type Outcome = 'whole' | 'index' | 'refused';

/** Leaves a data directory as SIGKILL leaves it, with so many writes in it, and none that nobody was told of. */
async function killedDirectory(writes: number): Promise<string> {
  const directory = newDataDirectory();
  const child = spawn(process.execPath, [writer, directory, String(seed), '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (Number(line) >= writes) child.kill('SIGKILL');
  }
  if (child.signalCode === null) await once(child, 'exit');
  const { log } = JSON.parse(readFileSync(`${databaseFile(directory)}-mark`, 'utf8'));
  truncateSync(`${databaseFile(directory)}-wal`, 32 + log.frames * (24 + 4_096));
  return directory;
}

function copyOf(directory: string): string {
  const copy = newDataDirectory();
  cpSync(directory, copy, { recursive: true });
  return copy;
}

/** Returns what comes of a command, which refuses in one line or not at all. */
async function outcomeOf(run: () => Promise<string | undefined>): Promise<Outcome> {
  try {
    return (await run()) === undefined ? 'whole' : 'index';
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'index') return 'index';
    expect(message).toMatch(/^[^\n]+$/);
    expect(['corrupt', 'not-a-database', 'foreign', 'newer', 'altered', 'not-found']).toContain(
      code,
    );
    return 'refused';
  }
}

/** Starts on a data directory, reads all of it, and returns what was made anew. */
async function start(directory: string, expected: PlannedState): Promise<string | undefined> {
  const notices: string[] = [];
  const store = await SqliteStore.open({ directory, onNotice: (notice) => notices.push(notice) });
  try {
    expect(areSame(await read(store), expected)).toBe(true);
  } finally {
    await store.close();
  }
  return notices.find((notice) => notice.includes('made anew'));
}

/** Expects a start, a backup, a restore and a check to find the same. Returns what. */
async function expectAgreement(directory: string, expected: PlannedState): Promise<Outcome> {
  const force = true;
  const found: Outcome[] = [];
  const backup = copyOf(directory);
  const file = join(dirname(backup), 'backup.db');
  const saved = () =>
    backUpStore({ directory: backup, file, force }).then(({ rebuilt }) => rebuilt);
  found.push(await outcomeOf(saved));
  const source = databaseFile(copyOf(directory));
  const other = newDataDirectory();
  const restored = () =>
    restoreStore({ directory: other, file: source, force }).then(({ rebuilt }) => rebuilt);
  found.push(await outcomeOf(restored));
  const checked = copyOf(directory);
  found.push(await outcomeOf(() => checkStore({ directory: checked }).then(() => undefined)));
  found.push(await outcomeOf(() => start(directory, expected)));
  const [outcome = 'refused'] = found;
  expect(found).toEqual(found.map(() => outcome));
  if (outcome !== 'refused') await start(other, expected);
  return outcome;
}

/** Does one random thing to a file of the directory. Returns what, for whoever has to find out why. */
function damage(directory: string, random: () => number): string {
  const file = databaseFile(directory) + (random() < 0.6 ? '' : '-wal');
  const { size } = statSync(file);
  const at = Math.floor(random() * size);
  const bytes = [8, 64, 4_096][Math.floor(random() * 3)] ?? 8;
  const kind = Math.floor(random() * 6);
  if (kind === 0) truncateSync(file, at);
  else if (kind === 1) truncateSync(file, Math.floor(at / 4_096) * 4_096);
  else if (kind === 2) rmSync(file);
  else if (kind === 3)
    swapPages(file, Math.floor(at / 4_096), Math.floor((random() * size) / 4_096));
  else overwrite(file, at, Buffer.alloc(bytes, kind === 4 ? 0 : 0xa5));
  return `seed ${seed}: kind ${kind} at ${at}, ${bytes} bytes, of ${file}`;
}

function overwrite(path: string, at: number, bytes: Buffer): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, Math.min(bytes.length, statSync(path).size - at), at);
  closeSync(file);
}

function swapPages(path: string, one: number, other: number): void {
  const [first, second] = [one, other].map((page) => {
    const bytes = Buffer.alloc(4_096);
    const file = openSync(path, 'r');
    readSync(file, bytes, 0, 4_096, page * 4_096);
    closeSync(file);
    return bytes;
  });
  if (first === undefined || second === undefined) return;
  overwrite(path, other * 4_096, first);
  overwrite(path, one * 4_096, second);
}

describe('whatever is damaged after SIGKILL', () => {
  it(
    `is refused in one line or does no harm, and all commands agree (${damages} times)`,
    async () => {
      const killed = await killedDirectory(6_000);
      const store = await SqliteStore.open({ directory: copyOf(killed) });
      const state = await read(store);
      await store.close();
      const random = randomNumbers(seed);
      const outcomes = new Set<Outcome>();
      for (let i = 0; i < damages; i++) {
        const directory = copyOf(killed);
        const what = damage(directory, random);
        try {
          outcomes.add(await expectAgreement(directory, state));
        } catch (error) {
          throw new Error(`${what}: ${error}`, { cause: error });
        } finally {
          rmSync(directory, { recursive: true, force: true });
        }
      }
      expect(outcomes.size).toBeGreaterThan(1);
    },
    7_500 * damages,
  );
});

/** Returns what gives ann a secret and a token. @param reached what its session had reached */
function token(reached: string, endMs = '1800000000000'): string {
  const phc = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$bm90IHJlYWxseSBhIGhhc2g';
  const row = `'ann', '${phc}', '${'a'.repeat(43)}', NULL, ${endMs}, ${reached}`;
  return `INSERT INTO credentials VALUES (${row})`;
}

const commits = (seq: string) => `UPDATE sqlite_sequence SET seq = ${seq} WHERE name = 'commits'`;

describe('a database whose rows are whole', () => {
  /** A store that was closed, with 600 messages, of which the index has several pages. */
  async function makeStore(): Promise<[string, PlannedState]> {
    const directory = newDataDirectory();
    const store = await openStore(directory);
    await store.load();
    const state: PlannedState = new Map();
    for (const username of ['ann', 'bob', 'cid']) {
      await store.addAccount(username);
      state.set(username, []);
    }
    const sends = Array.from({ length: 600 }, (_, i) => {
      const recipient = ['ann', 'bob', 'cid'][i % 3] ?? '';
      state.get(recipient)?.push(i + 1);
      return store.addMessage(recipient, { id: i + 1, sender: 'ann', body: 'x'.repeat(99) });
    });
    await Promise.all(sends);
    await store.close();
    // As after a crash.
    writeFileSync(join(directory, 'owner.json'), '{}');
    return [directory, state];
  }

  const statements: [string, string, Outcome][] = [
    ['is without its index', 'DROP INDEX mailboxes', 'index'],
    ['has a trigger', 'CREATE TRIGGER spy AFTER INSERT ON messages BEGIN SELECT 1; END', 'refused'],
    ['has another index', 'CREATE UNIQUE INDEX once ON messages (body, id)', 'refused'],
    ['has another column', 'ALTER TABLE messages ADD COLUMN more TEXT', 'refused'],
    ['lacks a table', 'DROP TABLE leftovers', 'refused'],
    [
      'has a trigger on a name in capitals',
      'CREATE TRIGGER spy AFTER INSERT ON MESSAGES BEGIN SELECT 1; END',
      'refused',
    ],
    [
      'has tables of others, with an index and a key to one another',
      `CREATE TABLE notes (x PRIMARY KEY, y); CREATE INDEX ys ON notes (y);
      CREATE TABLE more (x REFERENCES notes (x) ON DELETE CASCADE)`,
      'whole',
    ],
    [
      'is without its index, and has a table of others with indexes',
      `DROP INDEX mailboxes; CREATE TABLE notes (x PRIMARY KEY, y UNIQUE);
      CREATE INDEX ys ON notes (y); INSERT INTO notes VALUES (1, 2)`,
      'index',
    ],
    [
      'has a trigger on a table of others',
      'CREATE TABLE t (x); CREATE TRIGGER d AFTER INSERT ON t BEGIN DELETE FROM messages; END',
      'refused',
    ],
    ['has a view', 'CREATE VIEW v AS SELECT 1', 'refused'],
    [
      'has a view that takes changes',
      `CREATE VIEW v AS SELECT id FROM messages;
      CREATE TRIGGER d INSTEAD OF DELETE ON v BEGIN DELETE FROM messages; END`,
      'refused',
    ],
    [
      'has a trigger with a name of SQLite',
      `CREATE TABLE t (x); CREATE TRIGGER d AFTER INSERT ON t BEGIN SELECT 1; END;
      PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET name = 'sqlite_d', sql = replace(sql, ' d ', ' sqlite_d ') WHERE name = 'd'`,
      'refused',
    ],
    [
      'has a key of another table that keeps its accounts',
      'CREATE TABLE t (x REFERENCES ACCOUNTS (username))',
      'refused',
    ],
    [
      'has a key of another table that goes with its messages',
      'CREATE TABLE t (x REFERENCES messages ON DELETE CASCADE)',
      'refused',
    ],
    ['has another table for the size', 'CREATE TABLE Pragma_page_count (page_count)', 'refused'],
    ['has another table for the pages', 'CREATE TABLE dbstat (name, pageno)', 'refused'],
    [
      'has another table for the number of commits',
      'CREATE TABLE commits (x INTEGER PRIMARY KEY AUTOINCREMENT)',
      'refused',
    ],
    ['has a message to nobody', "UPDATE messages SET recipient = 'dan' WHERE id = 9", 'refused'],
    ['lacks an account', "DELETE FROM accounts WHERE username = 'cid'", 'refused'],
    ['has a name with a control character', "INSERT INTO accounts VALUES ('\u001b[2J')", 'refused'],
    ['has a name that is empty', "INSERT INTO accounts VALUES ('')", 'refused'],
    ['has a name that is too long', `INSERT INTO accounts VALUES ('${'x'.repeat(51)}')`, 'refused'],
    ['has names that differ in case', "INSERT INTO accounts VALUES ('Ann')", 'whole'],
    [
      'has a body with a line feed',
      "UPDATE messages SET body = 'a' || char(10) WHERE id = 9",
      'refused',
    ],
    [
      'has a body of a megabyte',
      "UPDATE messages SET body = printf('%.*c', 1000000, 'x') WHERE id = 9",
      'refused',
    ],
    ['has an empty body', "UPDATE messages SET body = '' WHERE id = 9", 'refused'],
    [
      'has a body of spaces, as once was allowed',
      "UPDATE messages SET body = '  ' WHERE id = 9",
      'whole',
    ],
    ['has a sender that is none', "UPDATE messages SET sender = 'a|b' WHERE id = 9", 'refused'],
    ['has a negative id', 'UPDATE messages SET id = -9 WHERE id = 9', 'refused'],
    [
      'has an id that no number holds',
      'UPDATE messages SET id = 9223372036854775807 WHERE id = 9',
      'refused',
    ],
    ['has a count of ids that is too low', 'UPDATE sqlite_sequence SET seq = 5', 'refused'],
    ['has a count of ids that is negative', 'UPDATE sqlite_sequence SET seq = -5', 'refused'],
    ['has a count of ids that is a text', "UPDATE sqlite_sequence SET seq = 'many'", 'refused'],
    [
      'has a count of ids that no number holds',
      'UPDATE sqlite_sequence SET seq = 9223372036854775807',
      'refused',
    ],
    ['has a removal up to a negative id', "INSERT INTO leftovers VALUES ('ann', -9)", 'refused'],
    ['has a removal up to a later id', "INSERT INTO leftovers VALUES ('ann', 601)", 'refused'],
    ['has a removal up to an id of bob', "INSERT INTO leftovers VALUES ('ann', 302)", 'refused'],
    ['has a removal of nobody', "INSERT INTO leftovers VALUES ('dan', 301)", 'refused'],
    ['has a count of commits that no number holds', commits('9223372036854775807'), 'whole'],
    ['has a count of commits that is a text', commits("'many'"), 'whole'],
    [
      'has a place of a message that no number holds',
      'UPDATE messages SET session = 7, session_count = 9223372036854775807 WHERE id = 9',
      'refused',
    ],
    ['has half a place of a message', 'UPDATE messages SET session = 7 WHERE id = 9', 'refused'],
    ['has a negative schema version', 'PRAGMA user_version = -2147483648', 'refused'],
    [
      'has a token that ends at a time that no number holds',
      token('7, 3, 500', '9223372036854775807'),
      'refused',
    ],
    ['has a token that never ends', token('7, 3, 500', 'NULL'), 'refused'],
    ['has a token with what its session had reached', token('7, 3, 500'), 'whole'],
    ['has a token of a session that is not known', token('NULL, NULL, NULL'), 'whole'],
    ['has a token of a session with a negative count', token('7, -3, 500'), 'refused'],
    ['has a token of a session without a count', token('7, NULL, 500'), 'refused'],
    ['has a token with an id that no number holds', token(`7, 3, ${2n ** 62n}`), 'refused'],
  ];

  it.each(statements)(
    'is dealt with alike by all commands when it %s',
    async (_, sql, expected) => {
      const [directory, state] = await makeStore();
      const database = openDatabase(directory);
      database.exec(sql);
      database.close();
      if (sql.includes("'Ann'")) state.set('Ann', []);
      expect(await expectAgreement(directory, state)).toBe(expected);
    },
  );

  it('is refused after a clean stop, too, when it is too large to be checked and has a trigger', async () => {
    const [directory] = await makeStore();
    rmSync(join(directory, 'owner.json'));
    const database = openDatabase(directory);
    database.exec('CREATE TRIGGER d AFTER INSERT ON messages BEGIN DELETE FROM accounts; END');
    database.close();
    await expect(SqliteStore.open({ directory, checkedBytesMax: 0 })).rejects.toMatchObject({
      code: 'altered',
    });
  });

  it('has the indexes of others still when its own is made anew', async () => {
    const [directory, state] = await makeStore();
    const database = openDatabase(directory);
    database.exec(`DROP INDEX mailboxes;
      CREATE TABLE notes (x PRIMARY KEY, y); CREATE INDEX ys ON notes (y)`);
    database.close();
    expect(await start(directory, state)).toMatch(/made anew/);
    const names = openDatabase(directory)
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name")
      .all()
      .map(({ name }) => name);
    expect(names).toEqual(['mailboxes', 'sqlite_autoindex_notes_1', 'ys']);
  });

  /** Returns where the pages of a tree begin in the file. */
  function pagesOf(directory: string, tree: string): number[] {
    const database = openDatabase(directory);
    const pages = database.prepare('SELECT pageno FROM dbstat WHERE name = ?').all(tree);
    database.close();
    return pages.map(({ pageno }) => (Number(pageno) - 1) * 4_096);
  }

  it('gets its index anew, whatever bytes of it were changed', async () => {
    const [whole, state] = await makeStore();
    const pages = pagesOf(whole, 'mailboxes');
    expect(pages.length).toBeGreaterThan(2);
    const random = randomNumbers(seed);
    let rebuilt = 0;
    for (const page of pages) {
      // Those of its header, and eight anywhere.
      const within: [at: number, bytes: number][] = [0, 1, 2, 3, 5, 6, 7].map((at) => [at, 1]);
      for (const [at, bytes] of [...within, [Math.floor(random() * 4_088), 8] as const]) {
        const directory = copyOf(whole);
        overwrite(databaseFile(directory), page + at, Buffer.alloc(bytes, 0xa5));
        const same = readFileSync(databaseFile(directory)).equals(
          readFileSync(databaseFile(whole)),
        );
        expect(same).toBe(false);
        const outcome = await expectAgreement(directory, state);
        expect(outcome).not.toBe('refused');
        if (outcome === 'index') rebuilt++;
        rmSync(directory, { recursive: true });
      }
    }
    expect(rebuilt).toBeGreaterThan(pages.length);
  });

  /** Returns where the cells of a leaf are in the file. https://sqlite.org/fileformat2.html#b_tree_pages */
  function cellsOf(bytes: Buffer, leaf: number): number[] {
    const cells = bytes.readUInt16BE(leaf + 3);
    return Array.from({ length: cells }, (_, i) => leaf + bytes.readUInt16BE(leaf + 8 + 2 * i));
  }

  /** Writes a text over another one of the same length, in the first row of a tree that has it. */
  function rewrite(directory: string, tree: string, from: string, to: string): void {
    const bytes = readFileSync(databaseFile(directory));
    const leaves = pagesOf(directory, tree).filter((page) => (bytes.readUInt8(page) & 0x08) !== 0);
    const cell = leaves
      .flatMap((leaf) => cellsOf(bytes, leaf))
      .find((at) => bytes.subarray(at, at + 20).includes(from));
    if (cell === undefined) throw new Error(`no ${from} in ${tree}`);
    overwrite(databaseFile(directory), bytes.indexOf(from, cell), Buffer.from(to));
  }

  it.each<[string, string, string, string, Outcome]>([
    ['an account has the name of another one', 'accounts', 'cid', 'bob', 'refused'],
    ['an account has a name out of its place', 'accounts', 'ann', 'inn', 'refused'],
    ['the row of a message is to another user', 'messages', 'annannx', 'cidannx', 'refused'],
    ['the row of a message is to nobody', 'messages', 'annannx', 'anzannx', 'refused'],
    ['the index has a message for nobody', 'mailboxes', 'bob', 'boz', 'index'],
    ['the index has a message for another user', 'mailboxes', 'bob', 'cid', 'refused'],
  ])('is never taken for another one: %s', async (_, tree, from, to, expected) => {
    const [directory, state] = await makeStore();
    rewrite(directory, tree, from, to);
    expect(await expectAgreement(directory, state)).toBe(expected);
  });

  it('has its index made anew when that has the messages in another order', async () => {
    const [directory, state] = await makeStore();
    const path = databaseFile(directory);
    const bytes = readFileSync(path);
    const leaf = pagesOf(directory, 'mailboxes').find((page) => bytes[page] === 0x0a) ?? 0;
    // The places of its first and of its third entry change places.
    overwrite(path, leaf + 8, bytes.subarray(leaf + 12, leaf + 14));
    overwrite(path, leaf + 12, bytes.subarray(leaf + 8, leaf + 10));
    expect(await expectAgreement(directory, state)).toBe('index');
  });

  it('is dealt with alike by all commands, whatever byte of its header is changed', async () => {
    const [whole, state] = await makeStore();
    const outcomes = new Set<Outcome>();
    for (let at = 0; at < 100; at++) {
      const directory = copyOf(whole);
      overwrite(databaseFile(directory), at, Buffer.alloc(1, 0xff));
      outcomes.add(await expectAgreement(directory, state));
      rmSync(directory, { recursive: true });
    }
    expect([...outcomes].sort()).toEqual(['refused', 'whole']);
  });

  it('is found out by a start after a clean stop, too, when messages are in no mailbox', async () => {
    const [directory, state] = await makeStore();
    rmSync(join(directory, 'owner.json'));
    const path = databaseFile(directory);
    const database = readFileSync(path);
    const root = openDatabase(directory);
    const { pageno } = root
      .prepare("SELECT pageno FROM dbstat WHERE name = 'mailboxes' AND pagetype = 'leaf' LIMIT 1")
      .get() as { pageno: number };
    root.close();
    const page = database.subarray((pageno - 1) * 4_096, pageno * 4_096);
    const entry = page.lastIndexOf('ann');
    page.write('anm', entry);
    writeFileSync(path, database);
    // The pages are whole.
    await expect(start(directory, state)).rejects.toThrow('1 messages are in no mailbox');
    expect(await start(directory, state)).toMatch(/made anew/);
    expect(await start(directory, state)).toBeUndefined();
  });
});
