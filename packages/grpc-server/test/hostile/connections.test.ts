import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Stage, startStage } from '../fixture.ts';
import { type RawResponse, RawSession } from './raw-session.ts';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const settings = Buffer.from('000000040000000000', 'hex');

/** A connection that says this, and then nothing. It does not close when the server does. */
async function saying(stage: Stage, bytes: Buffer | string): Promise<Socket> {
  const socket = connect({ port: stage.server.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(bytes);
  socket.resume();
  return socket;
}

function closed(socket: Socket): Promise<unknown> {
  return socket.destroyed ? Promise.resolve() : once(socket, 'close');
}

describe('a connection that speaks something else', () => {
  for (const [name, bytes] of [
    ['HTTP/1', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['a socket client', '\x81\x01\x00\x05alice'],
    ['TLS', Buffer.from('16030100c8010000c40303', 'hex')],
    ['noise', Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 7_919) % 251))],
    ['a preface and noise', Buffer.concat([preface, Buffer.alloc(2_000, 0xee)])],
    ['a frame that is too large', Buffer.concat([preface, settings, Buffer.alloc(9, 0xff)])],
  ] as const) {
    it(`is closed, and nobody else notices: ${name}`, async () => {
      const stage = await startStage({ users: ['alice'] });
      const { subscription } = await stage.client().enter('alice');
      const socket = await saying(stage, bytes);
      await Promise.race([once(socket, 'end'), closed(socket)]);
      socket.destroy();
      await stage.fillMailbox('alice', ['hi']);
      expect(await subscription.take(1)).toHaveLength(1);
      await stage.until(() => stage.server.connectionCount === 2);
    });
  }
});

describe('a connection that says nothing more', () => {
  for (const [name, bytes] of [
    ['nothing at all', ''],
    ['half a preface', preface.subarray(0, 10)],
    ['a preface', Buffer.concat([preface, settings])],
  ] as const) {
    it(`is closed when it is idle, though its peer never closes: ${name}`, async () => {
      const stage = await startStage({
        limits: { idleBeforeLoginMs: 50, keepAliveTimeoutMs: 50 },
      });
      const socket = await saying(stage, bytes);
      await once(socket, 'end');
      await stage.until(() => stage.server.connectionCount === 1);
      socket.destroy();
    });
  }

  it('is closed when it does not answer to keepalive', async () => {
    const stage = await startStage({ limits: { keepAliveMs: 20, keepAliveTimeoutMs: 20 } });
    const socket = await saying(stage, Buffer.concat([preface, settings]));
    await Promise.race([once(socket, 'end'), closed(socket)]);
    socket.destroy();
    await stage.until(() => stage.server.connectionCount <= 1);
  });
});

describe('a connection that opens and resets streams by the thousand', () => {
  it('is cut, or served, and nobody else notices', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    const { subscription } = await stage.client().enter('bob');
    const raw = await RawSession.connect(stage.server.port);
    for (let i = 0; i < 5_000 && !raw.session.destroyed && !raw.session.closed; i++) {
      raw.start(i % 2 === 0 ? 'Login' : 'Converse', raw.username('alice')).close(8);
      if (i % 100 === 0) await raw.heard().catch(() => {});
    }
    await stage.fillMailbox('bob', ['hi']);
    expect(await subscription.take(1)).toHaveLength(1);
    raw.destroy();
    await stage.until(() => stage.isFree('alice'));
    await stage.until(() => stage.server.connectionCount === 2);
  });

  it('waits with calls beyond those that it may have at once', async () => {
    const stage = await startStage({ limits: { streamsPerConnectionMax: 6 } });
    const raw = await RawSession.connect(stage.server.port);
    expect(raw.session.remoteSettings.maxConcurrentStreams).toBe(6);
    const streams = Array.from({ length: 6 }, () => raw.open('Converse'));
    await raw.heard();
    let answered = false;
    const seventh = raw.call('Search', raw.query('y')).then((answer) => {
      answered = true;
      return answer;
    });
    await raw.heard();
    expect(answered).toBe(false);
    streams[0]?.resume().end();
    expect((await seventh).grpcStatus).toBe(0);
    raw.destroy();
  });
});

describe('calls on many connections', () => {
  // The room of users, and that of strangers; each connection may always have one call.
  it.each([
    { who: 'users', least: 160, most: 1_024 },
    { who: 'strangers', least: 20, most: 64 + 20 },
  ])(
    'are as many as there is room for $who, and each connection goes on',
    async ({ who, least, most }) => {
      const users = Array.from({ length: 20 }, (_, i) => `user${i}`);
      const stage = await startStage({ users, limits: { subscribeWithinMs: 600_000 } });
      const busy = await Promise.all(users.map(() => RawSession.connect(stage.server.port)));
      if (who === 'users') {
        const logins = busy.map((raw, i) => raw.call('Login', raw.query(users[i] as string)));
        for (const login of logins) expect((await login).grpcStatus).toBe(0);
      }
      // Each makes a call again when it is answered, and is told of what it may do meanwhile. Calls that
      // were under way when that became less are refused, and made again, as clients of gRPC do.
      const call = (raw: RawSession): Promise<RawResponse> =>
        raw.call('Search', raw.query('y')).catch((error: Error) => {
          if (!error.message.includes('REFUSED_STREAM')) throw error;
          return call(raw);
        });
      const callTwice = async (raw: RawSession) => {
        for (let i = 0; i < 2; i++) expect((await call(raw)).grpcStatus).toBe(0);
      };
      await Promise.all(busy.flatMap((raw) => Array.from({ length: 60 }, () => callTwice(raw))));
      const allowed = () =>
        busy.reduce(
          (sum, { session }) => sum + (session.remoteSettings.maxConcurrentStreams ?? 0),
          0,
        );
      expect(allowed()).toBeGreaterThanOrEqual(least);
      await stage.until(() => allowed() <= most);
      for (const raw of busy) raw.destroy();
    },
  );

  it('are not fewer on a new one for those who are logged in on streams of others', async () => {
    const users = Array.from({ length: 70 }, (_, i) => `user${i}`);
    const stage = await startStage({ users });
    const others: RawSession[] = [];
    for (const username of users) {
      const raw = await RawSession.connect(stage.server.port);
      const converse = raw.open('Converse');
      converse.write(raw.frame({ login: { username } }));
      await once(converse, 'data');
      others.push(raw);
    }
    const newcomer = await RawSession.connect(stage.server.port);
    await newcomer.heard();
    expect(newcomer.session.remoteSettings.maxConcurrentStreams).toBe(8);
    for (const raw of [...others, newcomer]) raw.destroy();
  });

  it('may stay open by the hundred on one of them', async () => {
    const stage = await startStage({ limits: { streamsPerConnectionMax: 300 } });
    const raw = await RawSession.connect(stage.server.port);
    for (let i = 0; i < 299; i++) raw.open('Converse');
    expect((await raw.call('Search', raw.query('y'))).grpcStatus).toBe(0);
    expect(raw.session.remoteSettings.maxConcurrentStreams).toBe(300);
    raw.destroy();
  });
});

describe('too many connections', () => {
  for (const limits of [{ connectionsMax: 2 }, { connectionsPerAddressMax: 2 }]) {
    it(`are UNAVAILABLE until another goes: ${Object.keys(limits)[0]}`, async () => {
      const stage = await startStage({ limits });
      const clients = [stage.client(), stage.client(), stage.client()] as const;
      const search = (client: (typeof clients)[number]) =>
        client.outcome('Search', { query: 'y' }, undefined, { deadline: Date.now() + 5_000 });
      expect([await search(clients[0]), await search(clients[1])]).toEqual([17, 17]);
      expect(await search(clients[2])).toBe('UNAVAILABLE');
      expect(stage.server.connectionCount).toBe(2);
      expect(stage.logged.filter((line) => line.includes('connections are refused'))).toHaveLength(
        1,
      );
      clients[0].close();
      while ((await search(stage.client())) !== 17);
      expect(await search(clients[1])).toBe(17);
    });
  }
});

it('writes nothing of what strangers send to standard error', async () => {
  const stage = await startStage();
  const raw = await RawSession.connect(stage.server.port);
  const written: unknown[] = [];
  const { error } = console;
  console.error = (...line) => written.push(line);
  try {
    const headers = { 'x-color': '\u009b31mred' };
    expect((await raw.call('Search', raw.query('y'), headers)).grpcStatus).toBe(0);
  } finally {
    console.error = error;
  }
  expect(written).toEqual([]);
  raw.destroy();
});
