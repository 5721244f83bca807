import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { credentials } from '@grpc/grpc-js';
import { loadMessageServiceClient } from '@tandem/protos';
import { expect, it, onTestFinished } from 'vitest';
import type { Report } from '../fixtures/serve.ts';
import { TestClient } from '../test-client.ts';
import { prefixed, RawSession, responseOf } from './raw-session.ts';

const bomb = prefixed(gzipSync(Buffer.alloc(4_000_000)), true);

/** The things that strangers do; each returns when it has done it and gone. */
const attacks: Readonly<Record<string, (port: number) => Promise<void>>> = {
  async bombs(port) {
    const raw = await RawSession.connect(port);
    const streams = Array.from({ length: 300 }, () => {
      const stream = raw.open('Converse', { 'grpc-encoding': 'gzip' });
      stream.end(bomb);
      // A call that comes before an earlier one is forgotten is reset.
      return responseOf(stream).catch(() => {});
    });
    await Promise.all(streams);
    await leave(raw);
  },
  async resets(port) {
    const raw = await RawSession.connect(port);
    for (let i = 0; i < 2_000 && !raw.session.destroyed && !raw.session.closed; i++) {
      raw.start(i % 2 === 0 ? 'Login' : 'Search', raw.username('alice')).close(8);
      if (i % 100 === 0) await raw.heard().catch(() => {});
    }
    await leave(raw);
  },
  async 'answers unread'(port) {
    const raw = await RawSession.connect(port, 0);
    for (let i = 0; i < 300; i++) raw.start('Search', raw.query('*'));
    const converse = raw.open('Converse');
    for (let i = 0; i < 2_000; i++) converse.write(raw.frame({ search: { query: '*' } }));
    await raw.heard();
    await leave(raw);
  },
  async 'requests that never end'(port) {
    const raw = await RawSession.connect(port);
    for (let i = 0; i < 900; i++) {
      const stream = raw.open(i % 2 === 0 ? 'Register' : 'Converse');
      stream.write(Buffer.concat([Buffer.from('0000000fff', 'hex'), Buffer.alloc(1_000)]));
    }
    await raw.heard();
    await leave(raw);
  },
  async 'sessions that come and go'(port) {
    for (let i = 0; i < 100; i++) {
      const raw = await RawSession.connect(port);
      const { headers } = await raw.call('Login', raw.username('alice'));
      const authorization = `Bearer ${headers['session-token']}`;
      if (i % 2 === 0) raw.start('Subscribe', raw.username('alice'), { authorization });
      await leave(raw);
    }
  },
  async noise(port) {
    const sockets = Array.from({ length: 300 }, (_, i) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('error', () => {});
      socket.resume();
      socket.end(i % 2 === 0 ? Buffer.alloc(2_000, i) : 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
      return socket;
    });
    await Promise.all(sockets.map((socket) => socket.closed || once(socket, 'close')));
  },
};

async function leave(raw: RawSession): Promise<void> {
  raw.destroy();
  await raw.closed;
}

async function reportOf(child: ChildProcess): Promise<Report> {
  child.send('report');
  const [report] = await once(child, 'message');
  return report as Report;
}

it('serves another client all along, and holds nothing afterwards', async () => {
  const script = fileURLToPath(new URL('../fixtures/serve.ts', import.meta.url));
  const child = fork(script, {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let complaints = '';
  child.stderr?.on('data', (text) => {
    complaints += text;
  });
  const [port] = (await once(child, 'message')) as [number];

  const Stubs = loadMessageServiceClient();
  const witness = new TestClient(new Stubs(`127.0.0.1:${port}`, credentials.createInsecure()));
  const { token, subscription } = await witness.enter('bob');
  const message = { sender: 'bob', recipient: 'bob', body: 'still here' };
  const beServed = async () => {
    // A server that has died says why.
    expect(await witness.outcome('Send', message, token), complaints).toBe(24);
    expect(await subscription.take(1)).toHaveLength(1);
  };
  const attackAll = async () => {
    for (const attack of Object.values(attacks)) {
      let over = false;
      const attacked = attack(port).finally(() => {
        over = true;
      });
      while (!over) await beServed();
      await attacked;
    }
    while ((await reportOf(child)).connections !== 1) await beServed();
  };

  // The first round warms up what is compiled and pooled.
  await attackAll();
  const before = await reportOf(child);
  await attackAll();
  await attackAll();
  const after = await reportOf(child);
  expect(after.bytes - before.bytes).toBeLessThan(4 * 1024 * 1024);
  expect(after.handles.TCPSocketWrap).toBe(before.handles.TCPSocketWrap);
  expect(after.handles.Timeout ?? 0).toBeLessThanOrEqual(before.handles.Timeout ?? 0);
  expect(await witness.outcome('Login', { username: 'alice' })).toBe(8);

  child.send('stop');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await subscription.ended).toBe('UNAVAILABLE');
  expect(complaints).toBe('');
  witness.close();
});
