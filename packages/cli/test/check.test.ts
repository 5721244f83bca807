import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  cpSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { SmallDisk } from '@tandem/chat/testing/small-disk';
import { connectSocketClient } from '@tandem/socket-client';
import { filesOf, TestAuthority } from '@tandem/tls/testing';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { mainFile } from './chat-program.ts';
import { newDirectory } from './data-directory.ts';
import { ask } from './operated-server.ts';
import { runTandem } from './run-tandem.ts';
import { ServeProgram } from './serve-program.ts';

let parent: string;
let dataDir: string;

beforeEach(() => {
  parent = newDirectory();
  dataDir = join(parent, 'data');
});

const serve = () =>
  ServeProgram.listening(['--transport', 'socket', '--store', 'sqlite', '--data-dir', dataDir]);
const check = () => runTandem('check', '--data-dir', dataDir);

/** Leaves a data directory with one account and one message, of a server that was ended so. */
async function makeData(signal: NodeJS.Signals): Promise<void> {
  const server = await serve();
  const client = await connectSocketClient({ host: '127.0.0.1', port: server.port });
  await client.register('alice');
  await client.register('bob');
  await client.login('alice');
  await client.send('bob', 'hi');
  server.signal(signal);
  await server.exited;
}

function change(sql: string): void {
  const database = new DatabaseSync(join(dataDir, 'tandem.db'));
  database.exec(sql);
  database.close();
}

describe('tandem check', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('finds all whole after %s', async (signal) => {
    await makeData(signal);
    const { code, output, errorOutput } = await check();
    expect(errorOutput).toBe('');
    expect(output).toMatch(/^2 accounts and 1 message in .*\/data are whole \([\d.]+ KB\)\n$/);
    expect(code).toBe(0);
  });

  it('works beside a server, and says so', async () => {
    const server = await serve();
    const { code, output } = await check();
    expect(output).toMatch(
      new RegExp(`^0 accounts .* beside tandem serve, process ${server.pid} `),
    );
    expect(code).toBe(0);
  });

  it('says in one line what is damaged and what to do', async () => {
    await makeData('SIGTERM');
    change("DELETE FROM accounts WHERE username = 'bob'");
    expect(await check()).toEqual({
      code: 1,
      output: '',
      errorOutput:
        `${dataDir}/tandem.db is damaged (1 messages are to users without an account); ` +
        'restore a backup with tandem restore, and check the disk.\n',
    });
  });

  it('says when the next start makes it good, and it does', async () => {
    await makeData('SIGKILL');
    change('DROP INDEX mailboxes');
    rmSync(join(dataDir, 'tandem.db-mark'));
    const { code, errorOutput } = await check();
    expect(code).toBe(1);
    expect(errorOutput).toMatch(
      /^An index in .*\/tandem.db is damaged \(.*\); start tandem serve, which makes it anew/,
    );
    const server = await serve();
    const messages = server.log.map(({ msg }) => msg);
    expect(messages.filter((msg) => msg.includes('has been made anew'))).toHaveLength(1);
    expect(await check()).toMatchObject({ code: 0 });
  });

  it('and a start refuse what was left of a log, in the same words', async () => {
    await makeData('SIGKILL');
    truncateSync(join(dataDir, 'tandem.db-wal'), 10);
    const { code, errorOutput } = await check();
    expect(code).toBe(1);
    expect(errorOutput).toMatch(
      /tandem.db-wal is damaged \(it is missing or empty, but had \d+ pages\); /,
    );
    const started = await runTandem('serve', '--store', 'sqlite', '--data-dir', dataDir);
    expect(started).toEqual({ code: 1, output: '', errorOutput });
  });

  it('and a backup and a start warn when nobody can tell if the log is whole', async () => {
    await makeData('SIGKILL');
    rmSync(join(dataDir, 'tandem.db-mark'));
    const notice = `${dataDir}/tandem.db-mark is missing or empty, and the server did not stop cleanly, so nobody can tell if the log has its full length. If messages are missing, restore a backup.`;
    const backup = runTandem('backup', join(parent, 'backup.db'), '--data-dir', dataDir);
    for (const { code, errorOutput } of [await check(), await backup]) {
      expect(errorOutput).toBe(`Warning: ${notice}\n`);
      expect(code).toBe(0);
    }
    const server = await serve();
    expect(server.log.filter(({ msg }) => msg === notice)).toMatchObject([{ level: 'warn' }]);
    expect(await check()).toMatchObject({ code: 0, errorOutput: '' });
  });

  it('says what is missing', async () => {
    expect((await check()).errorOutput).toBe(`There is no ${dataDir}/tandem.db; check the name.\n`);
    expect(existsSync(dataDir)).toBe(false);
  });
});

describe('a server whose data directory is removed', () => {
  it('notices, says so, and ends with 74', async () => {
    const server = await serve();
    // All that it makes there is made before it says that it serves.
    expect(existsSync(join(dataDir, 'admin.sock'))).toBe(true);
    rmSync(dataDir, { recursive: true });
    expect(await server.exited).toEqual([74, null]);
    expect(server.errorOutput).toContain('was removed or replaced while it was in use');
    expect(existsSync(dataDir)).toBe(false);
  });
});

describe.skipIf(!SmallDisk.canMount())(
  'a server whose file system becomes read-only (skipped without mounts)',
  () => {
    it('notices, says so, and ends with 74', async () => {
      const server = await serve();
      execFileSync('mount', ['--bind', dataDir, dataDir]);
      onTestFinished(() => void execFileSync('umount', ['--lazy', dataDir]));
      execFileSync('mount', ['-o', 'remount,bind,ro', dataDir]);
      expect(await server.exited).toEqual([74, null]);
      expect(server.log.filter(({ level }) => level === 'fatal')).toMatchObject([
        { msg: 'the store has failed' },
      ]);
      expect(server.errorOutput).toContain('it is read-only for this user');
    });
  },
);

describe('a check that takes long', () => {
  const hold = new URL('./fixtures/hold-check.ts', import.meta.url).href;
  const scratch = mkdtempSync(join(tmpdir(), 'tandem-'));
  const large = join(scratch, 'large');
  let pipe: string;
  let backup: string;

  /** A database that is checked in a process of its own, left by a crash; and a backup of it. */
  beforeEach(async () => {
    if (!existsSync(large)) await makeLarge();
    cpSync(large, dataDir, { recursive: true });
    backup = join(parent, 'backup.db');
    copyFileSync(join(dataDir, 'tandem.db'), backup);
    pipe = join(parent, 'pipe');
    execFileSync('mkfifo', [pipe]);
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  async function makeLarge(): Promise<void> {
    await makeData('SIGTERM');
    change(`WITH RECURSIVE ids (id) AS (SELECT 2 UNION ALL SELECT id + 1 FROM ids WHERE id < 80000)
      INSERT INTO messages (id, recipient, sender, body)
      SELECT id, 'bob', 'alice', printf('%.*c', 200, 'x') FROM ids`);
    writeFileSync(join(dataDir, 'owner.json'), '{}');
    renameSync(dataDir, large);
  }

  const commands: [string, () => string[], number | null][] = [
    ['serve', () => ['--store', 'sqlite', '--transport', 'socket', '--socket-port', '0'], 0],
    ['check', () => [], null],
    ['backup', () => [join(parent, 'other.db')], null],
    ['restore', () => [backup, '--force'], null],
  ];

  it.each(commands)(
    'is ended by a signal, and nothing is changed: %s',
    async (name, args, code) => {
      for (const [signal, usual] of [
        ['SIGTERM', 143],
        ['SIGINT', 130],
      ] as const) {
        const before = [parent, dataDir].map((path) => readdirSync(path).filter(isOurs));
        const env = { ...process.env, NODE_OPTIONS: `--import=${hold}`, TANDEM_TEST_PIPE: pipe };
        const all = [mainFile, name, ...args(), '--data-dir', dataDir];
        const child = spawn(process.execPath, all, { env, stdio: ['ignore', 'pipe', 'pipe'] });
        const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
        const told = createReadStream(pipe);
        await once(told, 'open');
        child.kill(signal);
        const [exit, output] = await ended;
        expect([exit, output]).toEqual([[code ?? usual, null], '']);
        // The process that checked is gone, too: nobody has the other end.
        told.resume();
        await once(told, 'end');
        expect([parent, dataDir].map((path) => readdirSync(path).filter(isOurs))).toEqual(before);
      }
    },
  );

  it.each(['SIGHUP', undefined] as const)(
    'does not keep a server that starts from another certificate: %s',
    async (signal) => {
      const authority = await TestAuthority.make();
      const next = await authority.issue();
      const { cert, key } = filesOf({ ...(await authority.issue()) });
      const start = new ServeProgram(
        [
          ...['--store', 'sqlite', '--data-dir', dataDir, '--socket-port', '0'],
          ...['--tls-cert', cert, '--tls-key', key, '--admin-port', '0'],
        ],
        { NODE_OPTIONS: `--import=${hold}`, TANDEM_TEST_PIPE: pipe },
      );
      const told = createReadStream(pipe);
      await once(told, 'open');
      writeFileSync(key, next.key);
      writeFileSync(cert, next.cert);
      if (signal !== undefined) start.signal(signal);
      await start.until(() => start.errorOutput.includes('the certificate was loaded'));
      expect(start.output).toBe('');
      const port = Number(/"port":(\d+),"msg":"serving the operator"/.exec(start.errorOutput)?.[1]);
      expect(await ask(port, '/livez')).toEqual({ status: 200, body: 'alive\n' });
      expect(await ask(port, '/readyz')).toEqual({ status: 503, body: 'starting\n' });
      const { body } = await ask(port, '/metrics');
      expect(body).toContain('tandem_ready 0\n');
      expect(body).toContain('tandem_tls_certificate_last_reload_successful 1\n');
      start.signal('SIGTERM');
      expect(await start.exited).toEqual([0, null]);
    },
  );

  /** Those that hold data: SQLite leaves an empty log and its index when a database was only read. */
  function isOurs(name: string): boolean {
    return !/-(wal|shm)$/.test(name);
  }
});
