import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasPostgres, TestCluster } from '@tandem/chat/postgres/testing';
import { Status } from '@tandem/core';
import { connectSocketClient } from '@tandem/socket-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mainFile } from './chat-program.ts';
import { newDirectory } from './data-directory.ts';
import { runTandem } from './run-tandem.ts';
import { ServeProgram } from './serve-program.ts';
import { startSilentServer } from './silent-server.ts';

const secret = 'correct horse battery';
const words = (dataDir: string, url: string) =>
  ['migrate', 'sqlite-to-postgres', '--data-dir', dataDir, '--postgres-url', url] as const;

describe.skipIf(!hasPostgres)('tandem migrate sqlite-to-postgres', () => {
  let cluster: TestCluster;
  let url: string;
  let dataDir: string;

  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(() => cluster?.end());
  beforeEach(async () => {
    url = await cluster.emptyDatabase();
    dataDir = join(newDirectory(), 'data');
  });

  const migrate = () => runTandem(...words(dataDir, url));
  const serve = () => ServeProgram.listening(['--store', 'sqlite', '--data-dir', dataDir]);
  const connect = ({ port }: ServeProgram) => connectSocketClient({ host: '127.0.0.1', port });

  it('lets users go on at a node, with their secrets, messages and bans', async () => {
    const server = await serve();
    const alice = await connect(server);
    await alice.register('alice', secret);
    for (const name of ['bob', 'eve']) await alice.register(name);
    await alice.login('alice', secret);
    await alice.send('bob', 'hi');
    expect(await migrate()).toMatchObject({
      code: 1,
      errorOutput: expect.stringMatching(
        /is in use by tandem serve, process \d+ .*; stop it first\.\n/,
      ),
    });
    server.signal('SIGTERM');
    await server.exited;
    writeFileSync(join(dataDir, 'bans.json'), '{"names":["eve"],"networks":[]}');
    expect(await migrate()).toEqual({
      code: 0,
      output: `3 accounts (1 with a secret), 1 message, 0 blocks and 1 ban moved from ${dataDir}, which keeps them, to ${url}\n`,
      errorOutput: '',
    });
    const node = await ServeProgram.listening(['--store', 'postgres', '--postgres-url', url]);
    const again = await connect(node);
    expect(await again.login('eve')).toMatchObject({ status: Status.notLoggedIn });
    expect(await again.login('alice', secret)).toMatchObject({ status: Status.loggedIn });
    const bob = await connect(node);
    expect(await bob.login('bob')).toEqual({ status: Status.loggedInUnread, unread: 1 });
    expect((await bob.messages.next()).value).toEqual({ sender: 'alice', body: 'hi' });
    expect(await migrate()).toMatchObject({
      code: 1,
      errorOutput: 'A server has that database in use; stop it first.\n',
    });
  });

  it('says what is wrong with a list of bans, and moves nothing', async () => {
    const server = await serve();
    server.signal('SIGTERM');
    await server.exited;
    writeFileSync(join(dataDir, 'bans.json'), '{"names":["not a name"]}');
    const { code, errorOutput } = await migrate();
    expect([code, errorOutput]).toEqual([
      1,
      expect.stringMatching(/^The list of bans is not valid: .*\. Correct it, or delete it\.\n$/),
    ]);
  });

  it('ends with the code of a signal, and leaves nothing', async () => {
    const { port, connected } = await startSilentServer();
    const child = spawn(process.execPath, [
      mainFile,
      ...words(dataDir, `postgres://t@127.0.0.1:${port}/t`),
    ]);
    await connected;
    child.kill('SIGINT');
    expect((await once(child, 'exit'))[0]).toBe(130);
  });
});

it.each([
  [64, [], 'add --postgres-url postgres://USER@HOST/DATABASE'],
  [64, ['--postgres-url', 'postgres://t:word@h/d'], 'It takes no password'],
  [
    1,
    ['--postgres-url', 'postgres://t@127.0.0.1:1/d'],
    'see that PostgreSQL runs and can be reached, or name another --postgres-url.',
  ],
])('tandem migrate ends with %i and says what is wrong with %j', async (exit, args, complaint) => {
  const { code, errorOutput } = await runTandem('migrate', 'sqlite-to-postgres', ...args);
  expect(code).toBe(exit);
  expect(errorOutput).toContain(complaint);
});
