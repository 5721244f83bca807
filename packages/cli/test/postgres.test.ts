import { hasPostgres, TestCluster } from '@tandem/chat/postgres/testing';
import { type ChatClient, Status } from '@tandem/core';
import { connectGrpcClient } from '@tandem/grpc-client';
import { connectSocketClient } from '@tandem/socket-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ask } from './operated-server.ts';
import { runTandem } from './run-tandem.ts';
import { ServeProgram } from './serve-program.ts';
import { startSilentServer } from './silent-server.ts';

describe.skipIf(!hasPostgres)('tandem serve --store postgres', () => {
  let cluster: TestCluster;
  let url: string;

  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(() => cluster?.end());
  beforeEach(async () => {
    url = await cluster.newDatabase();
  });

  const serve = () =>
    ServeProgram.listening([
      ...['--transport', 'all', '--store', 'postgres', '--postgres-url', url],
      ...['--log-format', 'json'],
    ]);
  const connect = ({ port }: ServeProgram) => connectSocketClient({ host: '127.0.0.1', port });
  const overGrpc = ({ output }: ServeProgram) =>
    connectGrpcClient({
      host: '127.0.0.1',
      port: Number(/gRPC on 127\.0\.0\.1:(\d+)\n/.exec(output)?.[1]),
    });
  async function logIn(client: ChatClient, username: string): Promise<ChatClient> {
    await client.register(username);
    expect(await client.login(username)).toMatchObject({ status: Status.loggedIn });
    return client;
  }

  it('says where the data is, and which node it is', async () => {
    const server = await serve();
    expect(server.output).toContain(`Accounts and messages are kept in ${url}; stop with`);
    expect(server.log.find(({ msg }) => msg === 'opened')).toMatchObject({ node: 1, accounts: 0 });
    server.signal('SIGTERM');
    expect(await server.exited).toEqual([0, null]);
  });

  it('is one chat over two processes, and loses nothing when one is killed', async () => {
    const [first, second] = [await serve(), await serve()];
    const alice = await logIn(await connect(first), 'alice');
    const bob = await logIn(await overGrpc(second), 'bob');
    expect(await alice.send('bob', 'hello')).toEqual({ status: Status.delivered });
    expect((await bob.messages.next()).value).toEqual({ sender: 'alice', body: 'hello' });
    expect(await bob.send('alice', 'and to you')).toEqual({ status: Status.delivered });
    expect((await alice.messages.next()).value).toEqual({ sender: 'bob', body: 'and to you' });
    second.signal('SIGKILL');
    await second.exited;
    const third = await serve();
    // It has buried the dead one before it serves: nobody waits.
    const again = await connect(third);
    expect(await again.login('bob')).toEqual({ status: Status.loggedInUnread, unread: 1 });
    expect((await again.messages.next()).value).toEqual({ sender: 'alice', body: 'hello' });
    for (const client of [alice, bob, again]) await client.close();
    expect(first.log.map(({ msg }) => msg)).not.toContain('Node.js warns');
  });

  it('is not ready while its database is away', async () => {
    const away = await TestCluster.start();
    onTestFinished(() => away.end());
    const server = await ServeProgram.listening([
      ...['--transport', 'socket', '--store', 'postgres'],
      ...['--postgres-url', await away.newDatabase(), '--admin-port', '0', '--log-format', 'json'],
    ]);
    const port = Number(/"port":(\d+),"msg":"serving the operator"/.exec(server.errorOutput)?.[1]);
    expect(await ask(port, '/readyz')).toEqual({ status: 200, body: 'serving\n' });
    await away.halt('immediate');
    await expect
      .poll(() => ask(port, '/readyz'))
      .toEqual({ status: 503, body: 'without database\n' });
    await away.begin();
    await expect.poll(() => ask(port, '/readyz')).toMatchObject({ status: 200 });
  });

  it('stops when it is told to, though its database does not answer', async () => {
    const { port, connected } = await startSilentServer();
    const address = ['--store', 'postgres', '--postgres-url', `postgres://t@127.0.0.1:${port}/t`];
    const server = new ServeProgram(['--socket-port', '0', ...address]);
    await connected;
    server.signal('SIGTERM');
    expect(await server.exited).toEqual([0, null]);
  });

  it.each([
    [64, [], 'add --postgres-url'],
    [64, ['--postgres-url', 'mysql://h/d'], 'It takes a URL, as in postgres://'],
    [64, ['--postgres-url', 'postgres://tandem:secret@h/d'], 'It takes no password'],
    [
      1,
      ['--postgres-url', 'postgres://tandem@127.0.0.1:1/d'],
      'see that PostgreSQL runs and can be reached, or name another --postgres-url.',
    ],
    [
      1,
      ['--postgres-url', 'postgres://t@127.0.0.1:1/d?sslmode=verify-full&sslrootcert=/no/such.pem'],
      "certificate of --postgres-url cannot be read: ENOENT: no such file or directory, open '/no/such.pem'; check the name.",
    ],
  ])('ends with %i and says what is wrong with %j', async (exit, args, complaint) => {
    const { code, errorOutput } = await runTandem(
      ...['serve', '--store', 'postgres', '--socket-port', '0', '--grpc-port', '0', ...args],
    );
    expect(code).toBe(exit);
    expect(errorOutput).toContain(complaint);
    expect(errorOutput).not.toContain(':secret');
  });
});
