import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect } from 'node:net';
import { MemoryBudget } from '@tandem/core/server';
import { loadMessageService } from '@tandem/protos';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Stage, startStage } from '../fixture.ts';
import { callHeaders, frame, indexedHeader, RawFrames } from './raw-frames.ts';
import { prefixed, RawSession, responseOf } from './raw-session.ts';

const internalError = 2;
const enhanceYourCalm = 11;
const data = 0;
const resourceExhausted = 8;
const deadlineExceeded = 4;

async function isServed(stage: Stage): Promise<void> {
  expect(await stage.client().outcome('Search', { query: 'y' })).toBe(17);
}

describe('the limits of HTTP/2', () => {
  it('are told to the client, whatever version of grpc-js runs', async () => {
    const stage = await startStage();
    const raw = await RawSession.connect(stage.server.port);
    expect(raw.session.remoteSettings).toMatchObject({
      maxConcurrentStreams: 8,
      maxHeaderListSize: 8_192 + 512 + 64 * 32,
    });
    raw.destroy();
  });

  it('hold before the client has acknowledged them: few bytes cannot stand for many headers', async () => {
    for (const references of [16, 50, 120, 4_000]) {
      const stage = await startStage();
      const raw = await RawFrames.connect(stage.server.port, false);
      const first = Buffer.concat([
        callHeaders('/MessageService/Register'),
        indexedHeader('x-a', 'x'.repeat(3_900)),
      ]);
      const more = Buffer.concat([
        callHeaders('/MessageService/Register'),
        Buffer.alloc(references, 0xbe),
      ]);
      const calls = Array.from({ length: 90 }, (_, i) => frame(1, 4, 2 * i + 3, more));
      raw.socket.write(Buffer.concat([frame(1, 4, 1, first), ...calls]));
      // 64 headers are the most at any time; what is less is seen when it is decoded.
      if (references <= 50) expect(await raw.goAway()).toBe(enhanceYourCalm);
      raw.socket.destroy();
      await isServed(stage);
    }
  });

  it('hold after it has acknowledged them: such a call is reset, and others are served', async () => {
    const stage = await startStage();
    const raw = await RawSession.connect(stage.server.port);
    for (const headers of [{ 'x-a': 'x'.repeat(12_000) }, { 'x-a': 'x'.repeat(60_000) }]) {
      await expect(raw.call('Register', raw.username('zoe'), headers)).rejects.toThrow(
        'ENHANCE_YOUR_CALM',
      );
    }
    expect((await raw.call('Register', raw.username('zoe'))).grpcStatus).toBe(0);
    raw.destroy();
  });

  it('have to be acknowledged in time', async () => {
    const stage = await startStage({ limits: { keepAliveTimeoutMs: 50, messageTimeoutMs: 50 } });
    const raw = await RawFrames.connect(stage.server.port, false);
    expect(await raw.goAway()).toBe(enhanceYourCalm);
  });
});

describe('a flood of', () => {
  const floods: Readonly<Record<string, Buffer>> = {
    PING: frame(6, 0, 0, Buffer.alloc(8)),
    SETTINGS: frame(4, 0, 0, Buffer.from('000400010000', 'hex')),
    PRIORITY: frame(2, 0, 3, Buffer.from('0000000010', 'hex')),
    WINDOW_UPDATE: frame(8, 0, 0, Buffer.from('00000001', 'hex')),
    'unknown frames': frame(0x77, 0, 0),
    'unknown frames that are long': frame(0x77, 0, 0, Buffer.alloc(16_000)),
    'empty DATA': Buffer.concat([
      frame(1, 4, 1, callHeaders('/MessageService/Converse')),
      ...Array(99).fill(frame(0, 0, 1)),
    ]),
    'DATA of one byte': Buffer.concat([
      frame(1, 4, 1, callHeaders('/MessageService/Converse')),
      frame(0, 0, 1, Buffer.from('0000000fa0', 'hex')),
      ...Array(200).fill(frame(0, 0, 1, Buffer.alloc(1))),
    ]),
    CONTINUATION: Buffer.concat([
      frame(1, 0, 1, callHeaders('/MessageService/Register')),
      ...Array(99).fill(frame(9, 0, 1)),
    ]),
  };
  for (const [name, bytes] of Object.entries(floods)) {
    it(`${name} ends the connection, and nobody else notices`, async () => {
      const stage = await startStage();
      const raw = await RawFrames.connect(stage.server.port);
      const some = bytes.length > 900 ? bytes : Buffer.concat(Array(500).fill(bytes));
      await Promise.all([raw.flood(some), isServed(stage)]);
      await isServed(stage);
    });
  }

  it('resets, by the client or brought about by it, ends the connection', async () => {
    const stage = await startStage();
    for (const end of [
      frame(3, 0, 0, Buffer.from('00000008', 'hex')),
      frame(8, 0, 0, Buffer.alloc(4)),
    ]) {
      const raw = await RawFrames.connect(stage.server.port);
      for (let id = 1; !raw.socket.destroyed; id += 2) {
        const ended = Buffer.from(end);
        ended.writeUInt32BE(id, 5);
        raw.socket.write(
          Buffer.concat([frame(1, 4, id, callHeaders('/MessageService/Converse')), ended]),
        );
        if (id % 100 === 1) await new Promise((resolve) => setImmediate(resolve));
      }
      expect([internalError, enhanceYourCalm, undefined, 1]).toContain(await raw.goAway());
      await isServed(stage);
    }
  });
});

describe('calls of a client that has not acknowledged its limit', () => {
  const paced = 'paced, since its address broke a limit';
  const reset = Buffer.from('00000008', 'hex');
  const calls = (count: number, ...ends: readonly Buffer[]) =>
    Buffer.concat(
      Array.from({ length: count }, (_, i) => {
        const id = 2 * i + 1;
        return [
          frame(1, 4, id, callHeaders('/MessageService/Converse')),
          ...ends.map((payload) => frame(3, 0, id, payload)),
        ];
      }).flat(),
    );

  /** A search on a stream. */
  function search(stream: number): Buffer {
    const query = loadMessageService().Search.requestSerialize({ query: 'y' });
    return Buffer.concat([
      frame(1, 4, stream, callHeaders('/MessageService/Search')),
      frame(data, 1, stream, prefixed(query)),
    ]);
  }

  /** Makes searches, each when the one before it has its response. Returns the stream of the next. */
  async function searchOneByOne(raw: RawFrames, count: number): Promise<number> {
    for (let i = 0; i < count; i++) {
      raw.socket.write(search(2 * i + 1));
      // A call that is refused has no data.
      expect(await raw.response(2 * i + 1), `search ${i + 1}`).toContain(data);
    }
    return 2 * count + 1;
  }

  /** Opens connections that say nothing, a part of them at a time: more would not fit into the queue. */
  async function openIdle(stage: Stage, count: number): Promise<void> {
    for (let opened = 0; opened < count; opened += 200) {
      const some = Array.from({ length: 200 }, () =>
        connect(stage.server.port, '127.0.0.1')
          .on('error', () => {})
          .resume(),
      );
      onTestFinished(() => {
        for (const socket of some) socket.destroy();
      });
      await Promise.all(some.map((socket) => once(socket, 'connect')));
      await stage.until(() => stage.server.connectionCount > opened + some.length);
    }
  }

  /** Counts the calls that HTTP/2 has decoded. */
  function countDecoded(): () => number {
    let decoded = 0;
    const count = () => {
      decoded++;
    };
    const channel = 'http2.server.stream.created';
    subscribe(channel, count);
    onTestFinished(() => void unsubscribe(channel, count));
    return () => decoded;
  }

  it('that are reset at once end the connection, and the rest of what came with them is not decoded', async () => {
    const stage = await startStage();
    const decoded = countDecoded();
    const raw = await RawFrames.connect(stage.server.port, false);
    raw.socket.write(calls(60, reset));
    expect(await raw.goAway()).toBe(enhanceYourCalm);
    expect(decoded()).toBe(17);
    expect(stage.logged.join('')).toContain('before it has acknowledged their limit');
    await isServed(stage);
    expect(stage.logged.join('')).toContain(paced);
  });

  it('are taken as long as they are few', async () => {
    const stage = await startStage();
    const raw = await RawFrames.connect(stage.server.port, false);
    raw.socket.write(calls(16, reset));
    await isServed(stage);
    expect(raw.socket.closed).toBe(false);
    raw.socket.destroy();
  });

  it.each([0, 600])('are answered one by one, beside %i other connections', async (others) => {
    const stage = await startStage();
    await openIdle(stage, others);
    const raw = await RawFrames.connect(stage.server.port, false);
    await searchOneByOne(raw, 20);
    expect(raw.socket.closed).toBe(false);
    raw.socket.destroy();
  });

  it('are 128 in all: one more ends the connection, and its address is not paced', async () => {
    const stage = await startStage();
    const raw = await RawFrames.connect(stage.server.port, false);
    const next = await searchOneByOne(raw, 128);
    raw.socket.write(search(next));
    expect(await raw.goAway()).toBe(enhanceYourCalm);
    await isServed(stage);
    expect(stage.logged.join('')).not.toContain(paced);
  });

  it('are no measure for those after it: then each counts until the end of its turn', async () => {
    const stage = await startStage();
    const raw = await RawFrames.connect(stage.server.port);
    await isServed(stage);
    const decoded = countDecoded();
    raw.socket.write(calls(90, reset));
    await isServed(stage);
    // That of the other client is one of them.
    expect(decoded()).toBeLessThanOrEqual(8 + 1);
    raw.socket.destroy();
  });
});

describe('an address that has offended', () => {
  it('is served on new connections, as before, over calls and streams', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    const raw = await RawFrames.connect(stage.server.port);
    await raw.flood(Buffer.alloc(2_000, frame(6, 0, 0, Buffer.alloc(8))));
    const client = stage.client();
    // Without a token: known by the connection.
    await client.login('alice');
    const hi = { sender: 'alice', recipient: 'alice', body: 'hi' };
    expect(await client.outcome('Send', hi)).toBe(24);
    const stream = stage.client().converse();
    stream.say({ login: { username: 'bob' } });
    expect(await stream.statuses(1)).toEqual([8]);
    for (let i = 0; i < 300; i++) stream.say({ send: { ...hi, sender: 'bob' } });
    expect(await stream.statuses(300)).toEqual(Array(300).fill(24));
    stream.end();
    expect(await stream.ended).toBe('OK');
    client.close();
    // The stream of bob, and the connection of whoever waits here.
    await stage.until(() => stage.server.connectionCount === 2);
  });
});

describe('a call', () => {
  it('whose message does not come, or not whole, ends, and is forgotten though its client is silent', async () => {
    const stage = await startStage({ limits: { messageTimeoutMs: 100 } });
    const reflection = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
    const methods = ['Register', 'Login', 'Subscribe', '/grpc.health.v1.Health/Watch', reflection];
    // At once, since each takes the timeout.
    const callTwice = async (method: string) => {
      const raw = await RawSession.connect(stage.server.port);
      const streams = [raw.open(method), raw.open(method)];
      streams[1]?.write(Buffer.from('0000000fff00', 'hex'));
      const ends = streams.map(async (stream) => {
        let status: unknown;
        stream.on('response', (headers) => {
          status = headers['grpc-status'];
        });
        await new Promise((resolve) => stream.once('close', resolve));
        return status;
      });
      const statuses = await Promise.all(ends);
      raw.destroy();
      return statuses;
    };
    const ended = `${deadlineExceeded}`;
    expect(await Promise.all(methods.map(callTwice))).toEqual(methods.map(() => [ended, ended]));
  });

  it('that was refused is forgotten though its client does not end its side', async () => {
    const stage = await startStage({ users: ['alice'] });
    const raw = await RawSession.connect(stage.server.port);
    const said = raw.open('Subscribe');
    said.write(Buffer.alloc(10));
    const refused = [
      said,
      raw.open('/nobody/Knows'),
      raw.open('Register', { 'grpc-encoding': 'gzip' }),
      raw.open('Register', { 'x-a': 'x'.repeat(8_500) }),
    ];
    const closes = refused.map(
      (stream) => new Promise((resolve) => stream.resume().once('close', resolve)),
    );
    await Promise.all(closes);
    raw.destroy();
  });

  it('waits for nothing on a Converse stream, whose user may think', async () => {
    const stage = await startStage({ limits: { messageTimeoutMs: 20 } });
    const raw = await RawSession.connect(stage.server.port);
    const stream = raw.open('Converse');
    await stage.untilSteady(() => 0);
    stream.end(raw.frame({ search: { query: 'y' } }));
    expect((await responseOf(stream)).grpcStatus).toBe(0);
    raw.destroy();
  });

  it('of any timeout brings no warning to standard error', async () => {
    const stage = await startStage();
    const raw = await RawSession.connect(stage.server.port);
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    for (const timeout of [
      '99999999H',
      '596H',
      '597H',
      '99999999M',
      '99999999S',
      '2147484S',
      '99999999m',
      '100S',
    ]) {
      const answer = await raw.call('Search', raw.query('y'), { 'grpc-timeout': timeout });
      expect([timeout, answer.grpcStatus]).toEqual([timeout, 0]);
    }
    for (const timeout of ['', '1', 'H', '-1S', '1e9H', '999999999H', '0n', 'ü']) {
      await raw.call('Search', raw.query('y'), { 'grpc-timeout': timeout }).catch(() => {});
    }
    await stage.untilSteady(() => 0);
    expect(warnings).toEqual([]);
    raw.destroy();
  });
});

describe('the memory of all connections', () => {
  it('is taken from those who do not read, and an honest client keeps its share', async () => {
    const names = Array.from({ length: 5_000 }, (_, i) => `${i}`.padEnd(50, 'n'));
    const budget = new MemoryBudget(16 * 1024 * 1024);
    const stage = await startStage({ users: names, budget });
    const honest = stage.client();
    const greedy = await Promise.all(
      Array.from({ length: 20 }, () => RawSession.connect(stage.server.port, 0)),
    );
    for (const raw of greedy) for (let i = 0; i < 20; i++) raw.start('Search', raw.query('*'));
    for (let i = 0; i < 20; i++) {
      expect(await honest.outcome('Search', { query: '*' })).toBe(16);
      expect(budget.bytes).toBeLessThanOrEqual(budget.bytesMax);
    }
    for (const raw of greedy) raw.destroy();
    honest.close();
    await stage.server.stop();
    expect(budget.bytes).toBe(0);
  });

  it('pays for requests that wait on a stream, until they are taken', async () => {
    const budget = new MemoryBudget(16 * 1024 * 1024);
    const stage = await startStage({ users: ['alice'], budget });
    const raw = await RawSession.connect(stage.server.port, 0);
    const stream = raw.open('Converse');
    const search = raw.frame({ search: { query: 'alice' } });
    stream.write(Buffer.alloc(60_000 - (60_000 % search.length), search));
    const unread = 400 * 1024;
    await stage.until(() => budget.bytes > unread);
    raw.session.settings({ initialWindowSize: 1_000_000 });
    stream.resume();
    await stage.until(() => budget.bytes < unread / 2);
    raw.destroy();
    await stage.server.stop();
    expect(budget.bytes).toBe(0);
  });

  it('pays for headers that do not end', async () => {
    const budget = new MemoryBudget(16 * 1024 * 1024);
    const stage = await startStage({ budget });
    const raw = await RawFrames.connect(stage.server.port);
    const begun = indexedHeader('x'.repeat(16_000), 'x'.repeat(16_000)).subarray(0, -100);
    raw.socket.write(
      Buffer.concat([
        frame(1, 0, 1, callHeaders('/MessageService/Register')),
        frame(9, 0, 1, begun.subarray(0, 16_000)),
        frame(9, 0, 1, begun.subarray(16_000)),
      ]),
    );
    // The other client holds less.
    await stage.until(() => budget.bytes > 2 * begun.length + 32 * 1024 + 12 * 1024);
    raw.socket.destroy();
    await stage.server.stop();
    expect(budget.bytes).toBe(0);
  });

  it('is not taken by calls whose message does not come: who has most of them loses them', async () => {
    // Each of them may have eight such calls, which take more than its part of this.
    const budget = new MemoryBudget(4 * 1024 * 1024);
    const stage = await startStage({ users: ['alice'], budget });
    const { subscription } = await stage.client().enter('alice');
    const greedy = await Promise.all(
      Array.from({ length: 12 }, () => RawSession.connect(stage.server.port)),
    );
    const refused = greedy.flatMap((raw) =>
      Array.from({ length: 90 }, () =>
        responseOf(raw.open('Register', { 'x-a': 'x'.repeat(7_900) })).catch(() => ({
          grpcStatus: resourceExhausted,
        })),
      ),
    );
    expect((await Promise.race(refused)).grpcStatus).toBe(resourceExhausted);
    await stage.fillMailbox('alice', ['hi']);
    expect(await subscription.take(1)).toHaveLength(1);
    await isServed(stage);
    expect(budget.bytes).toBeLessThanOrEqual(budget.bytesMax);
    for (const raw of greedy) raw.destroy();
  });
});
