import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { SqliteStore } from '../../../src/index.ts';
import { migrations } from '../../../src/store/sqlite/schema.ts';
import { randomNumbers } from './crash-plan.ts';
import { codeOf, databaseFile, newDataDirectory, openStore, remove } from './data-directory.ts';
import { SmallDisk } from './small-disk.ts';

const body = 'x'.repeat(262);
const markOf = (directory: string) => `${databaseFile(directory)}-mark`;
const logOf = (directory: string) => `${databaseFile(directory)}-wal`;

/** A store that is used and killed, and what it has said is durable. */
class KilledStore {
  readonly directory: string;
  /** Returns the mailbox of ann. */
  ids: number[] = [];
  #store: SqliteStore | undefined;
  #lastId = 0;

  constructor(directory = newDataDirectory()) {
    this.directory = directory;
  }

  async start(): Promise<void> {
    this.#store = await openStore(this.directory);
    for (const _ of (await this.#store.load()).accounts);
    if (this.#lastId === 0) await this.#store.addAccount('ann');
  }

  /** Sends messages together; returns the code with which they are refused, if they are. */
  async send(count: number): Promise<string | undefined> {
    const ids = Array.from({ length: count }, () => ++this.#lastId);
    const sent = ids.map((id) => this.#store?.addMessage('ann', { id, sender: 'bob', body }));
    const code = await codeOf(() => Promise.all(sent));
    if (code === undefined) this.ids.push(...ids);
    return code;
  }

  async remove(): Promise<void> {
    const throughId = this.ids[Math.floor(this.ids.length / 2)] ?? 0;
    if (this.#store !== undefined) await remove(this.#store, 'ann', throughId);
    this.ids = this.ids.filter((id) => id > throughId);
  }

  async stop(): Promise<void> {
    await this.#store?.close();
  }

  /** Returns a directory with what there would be if the process were killed now. */
  killed(): string {
    const copy = newDataDirectory();
    cpSync(this.directory, copy, { recursive: true });
    return copy;
  }
}

/** Opens the database as another program, changes it, and closes it. */
function another(directory: string, sql: string): void {
  const database = new DatabaseSync(databaseFile(directory));
  database.exec(sql);
  database.close();
}

const truncate = 'PRAGMA wal_checkpoint(TRUNCATE)';

async function startThatFails(directory: string): Promise<void> {
  const ladder = [...migrations, 'this is no SQL'];
  await expect(SqliteStore.open({ directory, ladder })).rejects.toThrow('syntax error');
}

/** Starts, and returns the messages. No crash alone makes a start doubt the mark. */
async function idsIn(directory: string): Promise<number[]> {
  const notices: string[] = [];
  const store = await SqliteStore.open({ directory, onNotice: (notice) => notices.push(notice) });
  expect(notices).toEqual([]);
  for (const _ of (await store.load()).accounts);
  const ids = (await store.readMessages('ann', 0, 100_000)).map(({ id }) => id);
  await store.close();
  return ids;
}

describe('a log that has gone, or begun anew, behind the back of its mark', () => {
  it('is fine when another program has moved it into the database, and nothing came after', async () => {
    const store = new KilledStore();
    await store.start();
    await store.send(200);
    another(store.directory, truncate);
    const directory = store.killed();
    expect(statSync(logOf(directory)).size).toBe(0);
    expect(readFileSync(markOf(directory), 'utf8')).toContain('frames');
    expect(await idsIn(directory)).toEqual(store.ids);
  });

  it.skipIf(!SmallDisk.canMount())(
    'is fine when the disk is full since then (skipped without tmpfs)',
    async () => {
      const disk = new SmallDisk();
      const store = new KilledStore(join(disk.path, 'data'));
      await store.start();
      await store.send(200);
      another(store.directory, truncate);
      disk.fill();
      expect(await store.send(50)).toBe('full');
      const directory = store.killed();
      expect(statSync(logOf(directory)).size).toBeLessThan(4_096);
      expect(await idsIn(directory)).toEqual(store.ids);
      // And where the disk is full still: neither can the mark be written, nor anything be lost.
      await store.stop();
      let ids: number[] = store.ids;
      const code = await codeOf(async () => (ids = await idsIn(store.directory)));
      expect([undefined, 'full']).toContain(code);
      expect(ids).toEqual(store.ids);
      disk.empty();
      expect(await idsIn(store.directory)).toEqual(store.ids);
    },
  );

  it('is fine when it has begun with other salts, which the mark does not know yet', async () => {
    const store = new KilledStore();
    await store.start();
    await store.send(200);
    const mark = readFileSync(markOf(store.directory));
    another(store.directory, truncate);
    await store.send(10);
    const directory = store.killed();
    writeFileSync(markOf(directory), mark);
    expect(await idsIn(directory)).toEqual(store.ids);
  });

  it('is fine when another program has moved it after the crash', async () => {
    const store = new KilledStore();
    await store.start();
    await store.send(200);
    const directory = store.killed();
    another(directory, 'SELECT count(*) FROM messages');
    expect(existsSync(logOf(directory))).toBe(false);
    expect(await idsIn(directory)).toEqual(store.ids);
  });

  it('is fine when a start after the crash has failed', async () => {
    const store = new KilledStore();
    await store.start();
    await store.send(200);
    const directory = store.killed();
    await startThatFails(directory);
    expect(existsSync(logOf(directory))).toBe(false);
    expect(await idsIn(directory)).toEqual(store.ids);
  });
});

const seed = Number(process.env.TANDEM_TEST_SEED ?? Date.now() % 1_000_000);
const steps = Number(process.env.TANDEM_TEST_STEPS ?? 12);

it(
  `accepts any mark of before beside what is there now, and never takes less for all (${steps} steps)`,
  async () => {
    // The look of each second would see, on a slow machine, that another program empties the log.
    vi.useFakeTimers({ toFake: ['setInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const random = randomNumbers(seed);
    const store = new KilledStore();
    const did: string[] = ['start'];
    await store.start();
    const acts: [string, () => unknown][] = [
      ['send one', () => store.send(1)],
      ['send some', () => store.send(1 + Math.floor(random() * 300))],
      // So many that the log begins anew.
      ['send many', () => store.send(4_000)],
      ['remove', () => store.remove()],
      ['truncate', () => another(store.directory, truncate)],
      ['checkpoint', () => another(store.directory, 'PRAGMA wal_checkpoint')],
      ['restart', () => store.stop().then(() => store.start())],
      [
        'look after a stop',
        () =>
          store
            .stop()
            .then(() => look())
            .then(() => store.start()),
      ],
      [
        'fail a start',
        () =>
          store
            .stop()
            .then(() => startThatFails(store.directory))
            .then(() => store.start()),
      ],
    ];
    const look = () => another(store.directory, `PRAGMA user_version = ${migrations.length}`);
    const marks = [readFileSync(markOf(store.directory))];
    try {
      for (let step = 0; step < steps; step++) {
        const [name, act] = acts[Math.floor(random() * acts.length)] ?? acts[0] ?? ['', () => {}];
        did.push(name);
        await act();
        marks.push(readFileSync(markOf(store.directory)));
        for (const age of [0, 1, Math.floor(random() * marks.length)]) {
          const directory = store.killed();
          const mark = marks.at(-1 - Math.min(age, marks.length - 1));
          writeFileSync(markOf(directory), mark ?? '');
          expect(await idsIn(directory)).toEqual(store.ids);
          rmSync(directory, { recursive: true });
        }
        const robbed = store.killed();
        rmSync(logOf(robbed), { force: true });
        const code = await codeOf(async () => expect(await idsIn(robbed)).toEqual(store.ids));
        expect([undefined, 'corrupt']).toContain(code);
      }
    } catch (error) {
      throw new Error(`seed ${seed}: ${did.join(', ')}: ${error}`, { cause: error });
    }
  },
  25_000 * steps,
);

const filler = fileURLToPath(new URL('./fixtures/fill-and-stop.ts', import.meta.url));
const kills = Number(process.env.TANDEM_TEST_KILLS ?? 5);
// What changes files, or makes that durable.
const calls = 'pwrite64,ftruncate,unlink,rename,fsync,fdatasync';

function canKillAtCalls(): boolean {
  try {
    execFileSync('strace', ['-e', 'trace=none', 'true'], { stdio: 'ignore' });
    return SmallDisk.canMount();
  } catch {
    return false;
  }
}

/** Runs the fixture, killed at its nth call; returns the last id that it said is durable. */
function fillAndKill(directory: string, ballast: string, nth: number, order: string): number {
  const inject = `inject=${calls}:signal=KILL:when=${nth}`;
  const args = ['-f', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', inject];
  const command = [...args, process.execPath, filler, directory, ballast, order];
  const { stdout } = spawnSync('strace', command, { encoding: 'utf8' });
  return Number(stdout.trim().split('\n').at(-1));
}

it.skipIf(!canKillAtCalls())(
  `is killed at any call of a start, a full disk, a checkpoint and a stop, and starts (${kills} times; skipped without tmpfs or strace)`,
  async () => {
    const random = randomNumbers(seed);
    for (let kill = 0; kill < kills; kill++) {
      const disk = new SmallDisk();
      const [directory, ballast] = [join(disk.path, 'data'), join(disk.path, 'filling')];
      // The first calls of all are those of a database that is made.
      const nth = kill === 0 ? 5 : 1 + Math.floor(random() * 110);
      const order = kill % 2 === 0 ? 'move-first' : 'fill-first';
      const durable = fillAndKill(directory, ballast, nth, order);
      try {
        const code = await codeOf(() => idsIn(directory));
        expect([undefined, 'full']).toContain(code);
        rmSync(ballast, { force: true });
        const ids = await idsIn(directory);
        expect(ids.length).toBeGreaterThanOrEqual(durable);
        expect(ids).toEqual(ids.map((_, at) => at + 1));
      } catch (error) {
        throw new Error(
          `seed ${seed}, ${order}, killed at call ${nth}, ${durable} were durable: ${error}`,
          {
            cause: error,
          },
        );
      }
    }
  },
  60_000 * kills,
);
