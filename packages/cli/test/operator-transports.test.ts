// What an operator does to users and connections, whatever these speak.
import { once } from 'node:events';
import { type ChatClient, Status } from '@tandem/core';
import { connectGrpcClient } from '@tandem/grpc-client';
import { connectSocketClient } from '@tandem/socket-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask, command, startOperatedServer } from './operated-server.ts';
import { runTandem } from './run-tandem.ts';
import { dial, ask as say } from './serve-wire.ts';

type Served = Awaited<ReturnType<typeof startOperatedServer>>;

const host = '127.0.0.1';

/** Connects a client of each kind. */
const kinds: Readonly<Record<string, (served: Served) => Promise<ChatClient>>> = {
  sockets: ({ program }) => connectSocketClient({ host, port: program.port }),
  Converse: ({ grpcPort }) => connectGrpcClient({ host, port: grpcPort, mode: 'converse' }),
  'unary calls': ({ grpcPort }) => connectGrpcClient({ host, port: grpcPort, mode: 'unary' }),
};

describe.each(Object.entries(kinds))('a user over %s', (_kind, connect) => {
  const client = async (served: Served) => {
    const connected = await connect(served);
    onTestFinished(() => connected.close());
    return connected;
  };

  it('is kicked, and can log in again', async () => {
    const served = await startOperatedServer('--transport', 'all', '--store', 'memory');
    const ann = await client(served);
    await ann.register('ann');
    await ann.login('ann');
    expect(await command(served.port, 'kick', { name: 'ann' })).toEqual({
      result: { kicked: 'ann' },
    });
    expect(await ann.closed).toBeDefined();
    expect(await command(served.port, 'kick', { name: 'ann' })).toEqual({
      refused: 'ann is not logged in.',
    });
    expect(await (await client(served)).login('ann')).toMatchObject({ status: Status.loggedIn });
  });

  it('is banned by name and by address, and let in again', async () => {
    const served = await startOperatedServer('--transport', 'all', '--store', 'memory');
    const ann = await client(served);
    await ann.register('ann');
    await ann.login('ann');
    await command(served.port, 'ban', { target: 'ann' });
    expect(await ann.closed).toBeDefined();
    const again = await client(served);
    expect(await again.login('ann')).toMatchObject({ status: Status.notLoggedIn });
    const banned = await command(served.port, 'ban', { target: host });
    expect(banned.result).toMatchObject({ connectionsClosed: expect.any(Number) });
    expect((banned.result as { connectionsClosed: number }).connectionsClosed).toBeGreaterThan(0);
    expect(await again.closed).toBeDefined();
    const refused = connect(served).then(async (other) => {
      const outcome = await other.search('ann');
      await other.close();
      return outcome;
    });
    await expect(refused).rejects.toThrow();
    expect((await ask(served.port, '/metrics')).body).toMatch(
      /tandem_connections_refused_total\{reason="banned",transport="\w+"\} [1-9]/,
    );
    await command(served.port, 'unban', { target: host });
    await command(served.port, 'unban', { target: 'ann' });
    expect(await (await client(served)).login('ann')).toMatchObject({ status: Status.loggedIn });
  });
});

describe('a client of 2023', () => {
  it('is kicked by the end of its connection, and answered 127 when it is banned', async () => {
    const { program, port } = await startOperatedServer('--transport', 'all', '--store', 'memory');
    expect(await say(await dial(program.port), '\x01ann', 1)).toBe('\x01');
    const ann = await dial(program.port);
    expect(await say(ann, '\x02ann', 1)).toBe('\x08');
    const ended = once(ann, 'end');
    expect(await command(port, 'kick', { name: 'ann' })).toEqual({ result: { kicked: 'ann' } });
    await ended;
    await command(port, 'ban', { target: 'ann' });
    expect(await say(await dial(program.port), '\x02ann', 1)).toBe('\x7f');
  });
});

describe('an operator', () => {
  it('sees what was refused since somebody had too much of it', async () => {
    const served = await startOperatedServer(
      ...['--store', 'memory', '--sends-per-user', '32', '--stored-bytes-per-user', '1024'],
    );
    const ann = await connectSocketClient({ host, port: served.program.port });
    for (const name of ['ann', 'bob']) await ann.register(name);
    await ann.login('ann');
    const body = 'x'.repeat(250);
    for (let i = 0; i < 4; i++) await ann.send('bob', body);
    expect(await ann.send('bob', body)).toEqual({ status: Status.tooBusy });
    while ((await ann.send('ann', 'x')).status === Status.delivered) await ann.messages.next();
    const { body: figures } = await ask(served.port, '/metrics');
    for (const reason of ['stored_bytes_per_user', 'sends_per_user']) {
      expect(figures).toContain(`tandem_usage_refusals_total{reason="${reason}"} 1\n`);
    }
    expect(figures).toContain('tandem_searches_waiting 0\n');
    expect(figures).toContain('tandem_secrets_waiting 0\n');
    await ann.close();
  });

  it('commands a server without a directory by its port', async () => {
    const { port, tokenFile } = await startOperatedServer('--store', 'memory');
    const place = ['--admin-port', String(port), '--admin-token-file', tokenFile];
    expect(await runTandem('admin', 'create', 'cid', '--no-secret', ...place)).toMatchObject({
      code: 0,
      output: 'created: cid\n',
    });
    expect(await runTandem('admin', 'users', 'cid', ...place)).toMatchObject({
      output: expect.stringMatching(/^cid +0 +no +no$/m),
    });
  });
});

it('is not ready while it stops', async () => {
  const { program, port } = await startOperatedServer('--store', 'memory');
  const silent = await dial(program.port);
  // Half-closed by the server, and not by this client, for which a stop waits.
  expect(await say(silent, '\x81', 1)).toBe('\x81');
  program.signal('SIGTERM');
  await program.until(() => program.errorOutput.includes('"msg":"stopping"'));
  expect(await ask(port, '/readyz')).toEqual({ status: 503, body: 'stopping\n' });
  silent.destroy();
  expect(await program.exited).toEqual([0, null]);
});
