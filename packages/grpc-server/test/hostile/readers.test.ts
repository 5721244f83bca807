import { MemoryBudget } from '@tandem/core/server';
import { describe, expect, it } from 'vitest';
import { startStage } from '../fixture.ts';
import { frameStatuses, RawSession, responseOf } from './raw-session.ts';

const bodies = (count: number) => Array.from({ length: count }, (_, i) => `${i}`.padEnd(262, 'x'));
const takesBatches = { 'batch-frames-max': '64' };
const names = Array.from({ length: 10_000 }, (_, i) => `${i}`.padEnd(50, 'n'));

describe('a client that never reads', () => {
  it('its Subscribe is given a window of messages and no more, then is cut', async () => {
    const stage = await startStage({ users: ['alice'], limits: { drainTimeoutMs: 300 } });
    const raw = await RawSession.connect(stage.server.port, 0);
    const { token } = await stage.client().login('alice');
    raw.start('Subscribe', raw.username('alice'), { authorization: `Bearer ${token}` });
    await raw.heard();
    await stage.fillMailbox('alice', bodies(9_000), 'n'.repeat(50));
    await raw.closed;
    // None was accepted by the stream, though this client does not acknowledge.
    expect(await stage.unread('alice')).toHaveLength(9_000);
  });

  it('its Subscribe is cut on its own connection, not on that of its Login', async () => {
    const stage = await startStage({ users: ['alice', 'bob'], limits: { drainTimeoutMs: 50 } });
    const client = stage.client();
    const bob = await client.enter('bob');
    const { token } = await client.login('alice');
    const raw = await RawSession.connect(stage.server.port, 0);
    raw.start('Subscribe', raw.username('alice'), { authorization: `Bearer ${token}` });
    await raw.heard();
    await stage.fillMailbox('alice', ['hi']);
    await raw.closed;
    expect(await client.outcome('Logout', { username: 'bob' }, bob.token)).toBe(40);
  });

  it('its Subscribe is cut though its session has ended', async () => {
    const stage = await startStage({ users: ['alice'], limits: { drainTimeoutMs: 50 } });
    const client = stage.client();
    const { token } = await client.login('alice');
    const raw = await RawSession.connect(stage.server.port, 0);
    raw.start('Subscribe', raw.username('alice'), { authorization: `Bearer ${token}` });
    await raw.heard();
    await stage.fillMailbox('alice', ['hi']);
    expect(await client.outcome('Logout', { username: 'alice' }, token)).toBe(40);
    await raw.closed;
    expect(await stage.unread('alice')).toEqual(['hi']);
  });

  for (const ending of ['goes on', 'has said goodbye', 'asks in batches']) {
    it(`its Converse makes one page at a time, and is cut (it ${ending})`, async () => {
      const stage = await startStage({ users: names, limits: { drainTimeoutMs: 500 } });
      const raw = await RawSession.connect(stage.server.port, 0);
      const stream = raw.open('Converse', takesBatches);
      const before = process.memoryUsage().arrayBuffers;
      const search = { search: { query: '*' } };
      const isBatch = ending === 'asks in batches';
      const message = isBatch ? { batch: { frames: Array(64).fill(search) } } : search;
      for (let i = 0; i < 200; i++) stream.write(raw.frame(message));
      if (ending === 'has said goodbye') stream.end();
      await stage.untilSteady(() => raw.session.state.remoteWindowSize ?? 0);
      // 200 answers have 100 MB; one page has 64 KiB.
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
      await raw.closed;
    });
  }

  it('its Converse is cut though everything is said on it', async () => {
    const stage = await startStage({ limits: { drainTimeoutMs: 50 } });
    const raw = await RawSession.connect(stage.server.port, 0);
    raw.open('Converse').end(raw.frame({ search: { query: 'y' } }));
    await raw.closed;
  });

  it('its connection is left alone when its streams are gone before their time', async () => {
    const stage = await startStage({ users: ['alice'], limits: { drainTimeoutMs: 50 } });
    const { token } = await stage.client().login('alice');
    const [raw, later] = [
      await RawSession.connect(stage.server.port, 0),
      await RawSession.connect(stage.server.port, 0),
    ];
    const converse = raw.open('Converse');
    converse.write(raw.frame({ search: { query: 'y' } }));
    const authorization = `Bearer ${token}`;
    const subscribe = raw.start('Subscribe', raw.username('alice'), { authorization });
    await raw.heard();
    await stage.fillMailbox('alice', ['hi']);
    converse.close(8);
    subscribe.close(8);
    await raw.heard();
    later.open('Converse').write(later.frame({ search: { query: 'y' } }));
    await later.closed;
    await raw.heard();
    raw.destroy();
  });

  it('its session on a Converse stream ends when it is cut', async () => {
    const stage = await startStage({ users: ['alice'], limits: { drainTimeoutMs: 50 } });
    await stage.fillMailbox('alice', bodies(1_000));
    const raw = await RawSession.connect(stage.server.port, 0);
    const stream = raw.open('Converse');
    stream.write(raw.frame({ login: { username: 'alice' } }));
    await raw.closed;
    expect(await stage.unread('alice')).toHaveLength(1_000);
  });

  it('its searches are refused when too many of its responses wait, and others are answered', async () => {
    const stage = await startStage({
      users: names,
      // One connection may hold five of them, and the calls.
      budget: new MemoryBudget(8 * 3_100_000),
    });
    const raw = await RawSession.connect(stage.server.port, 0);
    const streams = Array.from({ length: 20 }, () => raw.start('Search', raw.query('*')));
    // Five answers of 520,000 bytes are waiting; fifteen calls were refused, which has no content.
    const refused: (number | undefined)[] = [];
    await new Promise<void>((resolve) => {
      for (const stream of streams) {
        void responseOf(stream).then(({ grpcStatus }) => {
          if (refused.push(grpcStatus) === 15) resolve();
        });
      }
    });
    expect(refused).toEqual(Array(15).fill(8));
    expect(await stage.client().outcome('Search', { query: '*' })).toBe(16);
    raw.destroy();
  });

  it.each(['Search', 'Login', '/grpc.health.v1.Health/Check', '/grpc.health.v1.Health/Watch'])(
    'is cut when a short response to %s does not leave',
    async (method) => {
      // The server looks at its calls as often as their messages may be late.
      const limits = { drainTimeoutMs: 50, messageTimeoutMs: 20 };
      const stage = await startStage({ users: ['MessageService'], limits });
      const raw = await RawSession.connect(stage.server.port, 0);
      raw.start(method, raw.username('MessageService'));
      await raw.closed;
      await stage.until(() => stage.logged.join('').includes('it does not read what it is sent'));
      await stage.until(() => stage.isFree('MessageService'));
    },
  );

  it('is cut when its responses do not leave, and what they held is free again', async () => {
    const stage = await startStage({
      users: names,
      budget: new MemoryBudget(8 * 4_000_000),
      limits: { drainTimeoutMs: 300 },
    });
    const raw = await RawSession.connect(stage.server.port, 0);
    for (let i = 0; i < 20; i++) raw.start('Search', raw.query('*'));
    await raw.closed;
    const other = stage.client();
    await stage.until(async () => (await other.outcome('Search', { query: '*' })) === 16);
  });

  it('its Login leaves no session, however short the response', async () => {
    const stage = await startStage({ users: ['alice'], limits: { drainTimeoutMs: 100 } });
    await stage.fillMailbox('alice', ['hi']);
    const raw = await RawSession.connect(stage.server.port, 0);
    raw.start('Login', raw.username('alice'));
    await raw.closed;
    expect(await stage.unread('alice')).toEqual(['hi']);
  });

  const search = { search: { query: 'y' } };
  it.each([
    ['one by one', search, 10_000],
    ['in batches', { batch: { frames: Array(64).fill(search) } }, 300],
  ])(
    'is read from no further than its responses leave, when it asks %s',
    async (_, message, count) => {
      const stage = await startStage();
      const raw = await RawSession.connect(stage.server.port, 0);
      const stream = raw.open('Converse', takesBatches);
      const requests = Buffer.concat(Array(count).fill(raw.frame(message)));
      for (let i = 0; i < 30; i++) stream.write(requests);
      await stage.untilSteady(() => raw.session.state.remoteWindowSize ?? 0);
      expect(stream.writableLength).toBeGreaterThan(requests.length * 20);
      raw.destroy();
    },
  );
});

it('answers a client that reads late, all of it and in order', async () => {
  const stage = await startStage({ users: names });
  const raw = await RawSession.connect(stage.server.port);
  const stream = raw.open('Converse');
  for (let i = 0; i < 5; i++) {
    stream.write(raw.frame({ search: { query: '*' } }));
    stream.write(raw.frame({ search: { query: 'y' } }));
  }
  stream.end();
  await stage.untilSteady(() => raw.session.state.effectiveLocalWindowSize ?? 0);
  const { bytes, grpcStatus } = await responseOf(stream);
  const pages = [...Array(7).fill(18), 16, 17];
  expect([frameStatuses(bytes), grpcStatus]).toEqual([Array(5).fill(pages).flat(), 0]);
  raw.destroy();
});
