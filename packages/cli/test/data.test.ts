import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SmallDisk } from '@tandem/chat/testing/small-disk';
import { type ChatClient, Status } from '@tandem/core';
import { connectSocketClient } from '@tandem/socket-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { newDirectory } from './data-directory.ts';
import { runTandem } from './run-tandem.ts';
import { ServeProgram } from './serve-program.ts';
import { ask, dial } from './serve-wire.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = join(newDirectory(), 'data');
});

const storeArguments = (...more: string[]) => [
  ...['--transport', 'socket', '--store', 'sqlite', '--data-dir', dataDir],
  ...more,
];
const serve = (...more: string[]) => ServeProgram.listening(storeArguments(...more));

/** A client who is logged in; it reads nothing unless the test does. */
async function logIn({ port }: ServeProgram, username: string): Promise<ChatClient> {
  const client = await connectSocketClient({ host: '127.0.0.1', port });
  await client.register(username);
  await client.login(username);
  return client;
}

async function stop(server: ServeProgram, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  server.signal(signal);
  await server.exited;
}

describe('tandem serve with a data directory', () => {
  it('says where the data is', async () => {
    const server = await serve();
    expect(server.output).toContain(`Accounts and messages are kept in ${dataDir}; stop with`);
    expect(server.log[0]).toMatchObject({ msg: 'opened', directory: dataDir, accounts: 0 });
  });

  it('keeps by default, and in .tandem where it is started', async () => {
    const { output } = await runTandem('serve', '--help');
    expect(output).toMatch(
      /--store <store> .*\(choices: "sqlite", "memory", "postgres", default: "sqlite"/s,
    );
    expect(output).toMatch(
      /--data-dir <directory> .*\(default: \.tandem, env:\s+TANDEM_DATA_DIR\)/s,
    );
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`has accounts and messages after ${signal}, and no sessions`, async () => {
      const first = await serve();
      const alice = await logIn(first, 'alice');
      await alice.register('bob');
      expect(await alice.send('bob', 'still there?')).toEqual({ status: Status.stored });
      await stop(first, signal);
      const second = await serve();
      const again = await logIn(second, 'alice');
      expect(await again.search('*')).toMatchObject({ usernames: ['alice', 'bob'] });
      const bob = await connectSocketClient({ host: '127.0.0.1', port: second.port });
      expect(await bob.login('bob')).toEqual({ status: Status.loggedInUnread, unread: 1 });
      expect((await bob.messages.next()).value).toEqual({ sender: 'alice', body: 'still there?' });
    });
  }

  it('refuses a second server there, and says who holds it', async () => {
    const first = await serve();
    const { code, output, errorOutput } = await runTandem('serve', ...storeArguments());
    expect(code).toBe(1);
    expect(output).toBe('');
    expect(errorOutput).toMatch(
      new RegExp(`^${dataDir} is in use by tandem serve, process ${first.pid} on .*; stop it, or `),
    );
    await logIn(first, 'alice');
  });

  it('says what is wrong with the data, and what to do', async () => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'tandem.db'), 'Dear diary, '.repeat(999));
    const { code, errorOutput } = await runTandem('serve', ...storeArguments());
    expect(code).toBe(1);
    expect(errorOutput).toBe(
      `${dataDir}/tandem.db is not a database (file is not a database); ` +
        'choose another --data-dir, or restore a backup with tandem restore.\n',
    );
  });

  it('gives the directory back when it cannot listen', async () => {
    const other = await ServeProgram.listening();
    const args = storeArguments('--socket-port', String(other.port));
    expect((await runTandem('serve', ...args)).errorOutput).toContain('Cannot listen on');
    expect(readdirSync(dataDir).sort()).toEqual(['lock', 'tandem.db', 'tandem.db-mark']);
  });

  it('refuses what does not fit its limit, reads on, and keeps again what fits', async () => {
    const server = await serve('--data-bytes-max', '65536');
    const [alice, bob] = [await logIn(server, 'alice'), await logIn(server, 'bob')];
    await bob.logout();
    let sent = 0;
    while ((await alice.send('bob', 'x'.repeat(262))).status === Status.stored) sent++;
    expect(await alice.send('bob', 'x')).toEqual({ status: Status.sendFailed });
    expect(await alice.register('cid')).toEqual({ status: Status.unknownError });
    expect(await bob.login('bob')).toMatchObject({ unread: sent });
    // A message is taken when the next is asked for.
    for (let i = 0; i < sent; i++) await bob.messages.next();
    const waiting = bob.messages.next();
    await bob.search('bob');
    expect(await alice.send('bob', 'x')).toEqual({ status: Status.delivered });
    expect((await waiting).value?.body).toBe('x');
    await stop(server);
    const messages = server.log.map(({ msg }) => msg).filter((msg) => msg.includes('store'));
    expect(messages).toEqual(['the store refuses to write', 'the store writes again']);
  });

  it.skipIf(!SmallDisk.canMount())(
    'refuses on a full disk, reads on, and goes on when there is space (skipped without tmpfs)',
    async () => {
      const disk = new SmallDisk();
      dataDir = join(disk.path, 'data');
      const server = await serve();
      const [alice, bob] = [await logIn(server, 'alice'), await logIn(server, 'bob')];
      await bob.logout();
      disk.fill(128 * 1024);
      let sent = -1;
      let status: Status = Status.stored;
      for (; status === Status.stored; sent++) {
        ({ status } = await alice.send('bob', 'x'.repeat(262)));
      }
      expect(status).toBe(Status.sendFailed);
      // An account takes less than a message: some may fit still.
      for (let made = 0; status !== Status.unknownError; made++) {
        ({ status } = await alice.register(`cid${made}`));
      }
      expect(await bob.login('bob')).toMatchObject({ unread: sent });
      disk.empty();
      expect(await alice.register('dan')).toEqual({ status: Status.registered });
      expect(await alice.send('bob', 'x')).toEqual({ status: Status.delivered });
      await stop(server, 'SIGKILL');
      const again = await serve();
      const reader = await connectSocketClient({ host: '127.0.0.1', port: again.port });
      expect(await reader.login('bob')).toMatchObject({ unread: sent + 1 });
      await stop(again);
      expect(await again.exited).toEqual([0, null]);
    },
  );

  it('stops with 74 when its data turns out to be damaged', async () => {
    const server = await serve();
    const alice = await logIn(server, 'alice');
    await alice.register('bob');
    for (let i = 0; i < 20; i++) await alice.send('bob', 'x'.repeat(262));
    spoil();
    const bob = await connectSocketClient({ host: '127.0.0.1', port: server.port });
    await Promise.allSettled([bob.login('bob'), alice.send('bob', 'hi')]);
    expect(await server.exited).toEqual([74, null]);
    expect(server.log.map(({ msg }) => msg)).toContain('the store has failed');
  });

  it('stops with 74, too, when its data cannot be written any more while it stops', async () => {
    const first = await serve();
    await logIn(first, 'alice');
    await stop(first);
    const preload = new URL('./fixtures/fail-from-second-commit.ts', import.meta.url);
    const server = await ServeProgram.listening(storeArguments(), {
      NODE_OPTIONS: `--import=${preload}`,
    });
    const again = await dial(server.port);
    expect(await ask(again, '\x81\x02\x00\x05alice', 2)).toBe('\x81\x08');
    // In one piece, and more than one commit takes: the others wait when the first are committed. They
    // have to be answered.
    again.write('\x04\x00\x0dalice|alice|x'.repeat(600), 'latin1');
    expect(await server.exited).toEqual([74, null]);
    const messages = server.log.map(({ msg }) => msg);
    const order = ['stopping', 'the store has failed', 'stopped'];
    expect(messages.filter((msg) => order.includes(msg))).toEqual(order);
  });

  for (const [args, complaint] of [
    [['--data-dir', ''], /a directory/],
    [['--data-bytes-max', '65535'], /whole number from 65536/],
    [['--store', 'cloud'], /Allowed choices are sqlite, memory, postgres/],
  ] as const) {
    it(`says what is wrong with ${args.join(' ')}`, async () => {
      const { code, errorOutput } = await runTandem('serve', ...args);
      expect(code).toBe(64);
      expect(errorOutput).toMatch(complaint);
    });
  }
});

/** Overwrites the pages of the database that is in use, but the first. */
function spoil(): void {
  const path = join(dataDir, 'tandem.db');
  const other = new DatabaseSync(path);
  // Its write makes the server forget what it has read, and the checkpoint leaves nothing in the log.
  other.exec("INSERT INTO accounts VALUES ('zed'); PRAGMA wal_checkpoint(TRUNCATE)");
  other.close();
  const { size } = statSync(path);
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(size - 4_096, 0xa5), 0, size - 4_096, 4_096);
  closeSync(file);
}
