import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { ServerHttp2Stream } from 'node:http2';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { MemoryBudget } from '@tandem/core/server';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startStage } from '../fixture.ts';
import { frameStatuses, prefixed, RawSession, responseOf } from './raw-session.ts';

const statusOk = 0;
const deadlineExceeded = 4;
const resourceExhausted = 8;
const unimplemented = 12;
const internal = 13;

describe('a message', () => {
  it('that is longer than any request is refused, before it has come', async () => {
    const stage = await startStage();
    const raw = await RawSession.connect(stage.server.port);
    for (const method of ['Register', 'Converse']) {
      const announcing = raw.open(method);
      announcing.write(Buffer.from('00ffffffff', 'hex'));
      expect((await responseOf(announcing)).grpcStatus).toBe(resourceExhausted);
      const whole = await raw.call(method, Buffer.alloc(5_000));
      expect(whole.grpcStatus).toBe(resourceExhausted);
    }
    raw.destroy();
  });

  it('that is packed is refused before it is unpacked', async () => {
    const stage = await startStage();
    const raw = await RawSession.connect(stage.server.port);
    const bomb = gzipSync(Buffer.alloc(4_000_000));
    expect(bomb.length).toBeLessThan(4_096);
    const bombs = Array.from({ length: 80 }, (_, i) => {
      const stream = raw.open(i % 2 === 0 ? 'Register' : 'Converse', { 'grpc-encoding': 'gzip' });
      stream.end(prefixed(bomb, true));
      return responseOf(stream);
    });
    for (const { grpcStatus } of await Promise.all(bombs)) {
      expect(grpcStatus).toBe(unimplemented);
    }
    for (const encoding of ['gzip', 'deflate', 'br', 'identity, gzip']) {
      const stream = raw.open('Register', { 'grpc-encoding': encoding });
      stream.end(prefixed(gzipSync(raw.username('zoe')), true));
      const { grpcStatus, headers } = await responseOf(stream);
      expect([grpcStatus, headers['grpc-accept-encoding']]).toEqual([unimplemented, 'identity']);
    }
    expect(stage.service.accountCount).toBe(0);
    const plain = await raw.call('Register', raw.username('zoe'), { 'grpc-encoding': 'identity' });
    expect(plain.grpcStatus).toBe(statusOk);
    raw.destroy();
  });

  it('whose end comes when the call is over begins nothing', async () => {
    const stage = await startStage({ users: ['alice'] });
    const raw = await RawSession.connect(stage.server.port);
    const late = raw.open('Login', { 'grpc-timeout': '10m' });
    late.write(prefixed(raw.username('alice')));
    const [headers] = await once(late, 'response');
    expect(headers['grpc-status']).toBe(`${deadlineExceeded}`);
    late.end();
    await raw.heard();
    expect(await stage.client().outcome('Login', { username: 'alice' })).toBe(8);
    raw.destroy();
  });

  it('that is none, is missing, or comes twice changes nothing', async () => {
    const stage = await startStage();
    const raw = await RawSession.connect(stage.server.port);
    for (const hex of ['0affffff', '0a10616c696365', '0b0c', '0000']) {
      const none = await raw.call('Register', Buffer.from(hex, 'hex'));
      expect(none.grpcStatus).toBe(internal);
    }
    const missing = raw.open('Register');
    missing.end();
    expect((await responseOf(missing)).grpcStatus).toBe(unimplemented);
    const twice = raw.open('Register');
    twice.write(prefixed(raw.username('zoe')));
    twice.end(prefixed(raw.username('zoe')));
    expect((await responseOf(twice)).grpcStatus).toBe(unimplemented);
    const torn = raw.open('Converse');
    torn.write(raw.frame({ search: { query: 'y' } }));
    torn.write(Buffer.from('0000', 'hex'));
    torn.end();
    expect(frameStatuses((await responseOf(torn)).bytes)).toEqual([17]);
    expect(stage.service.accountCount).toBe(0);
    raw.destroy();
  });
});

it('whatever bytes a message has, it is answered, and others are served', async () => {
  const stage = await startStage({ users: ['alice'] });
  const { subscription } = await stage.client().enter('alice');
  const raw = await RawSession.connect(stage.server.port);
  const bytes = fc.uint8Array({ maxLength: 400, size: 'max' });
  const methods = ['Register', 'Login', 'Search', 'Send', 'Logout', 'Acknowledge', 'Converse'];
  const property = fc.asyncProperty(fc.constantFrom(...methods), bytes, async (method, message) => {
    const { grpcStatus } = await raw.call(method, Buffer.from(message));
    // OK, INVALID_ARGUMENT, INTERNAL (no message at all) or UNAUTHENTICATED.
    expect([0, 3, internal, 16]).toContain(grpcStatus);
  });
  await fc.assert(property, { numRuns: 500 });
  await stage.fillMailbox('alice', ['hi']);
  expect(await subscription.take(1)).toHaveLength(1);
  raw.destroy();
});

describe('metadata', () => {
  it('may have 8,192 bytes and no more, in one entry or in many', async () => {
    const stage = await startStage();
    const raw = await RawSession.connect(stage.server.port);
    const search = (headers: Record<string, string>) => raw.call('Search', raw.query(''), headers);
    expect((await search({ 'x-long': 'x'.repeat(8_000) })).grpcStatus).toBe(0);
    expect((await search({ 'x-long': 'x'.repeat(9_000) })).grpcStatus).toBe(resourceExhausted);
    const entries = (count: number, length: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, 'x'.repeat(length)]));
    expect((await search(entries(50, 155))).grpcStatus).toBe(0);
    expect((await search(entries(50, 165))).grpcStatus).toBe(resourceExhausted);
    // HTTP/2 itself refuses more than 64 headers, and what is far too much.
    for (const headers of [entries(100, 20), entries(20, 1_000)]) {
      await expect(search(headers)).rejects.toThrow('ENHANCE_YOUR_CALM');
    }
    const binary = { 'x-long-bin': Buffer.alloc(6_500).toString('base64') };
    expect((await search(binary)).grpcStatus).toBe(resourceExhausted);
    expect((await search({})).grpcStatus).toBe(0);
    raw.destroy();
  });

  it('that is too long keeps every kind of call from its handler', async () => {
    const stage = await startStage({ users: ['alice'] });
    const raw = await RawSession.connect(stage.server.port);
    const headers = { 'x-long': 'x'.repeat(9_000) };
    for (const method of ['Login', 'Subscribe', 'Converse']) {
      const answer = await raw.call(method, raw.username('alice'), headers);
      expect(answer.grpcStatus).toBe(resourceExhausted);
    }
    expect(stage.isFree('alice')).toBe(true);
    raw.destroy();
  });
});

describe('a cancellation', () => {
  it('in the middle of any call leaves no session and no bytes reserved', async () => {
    const names = Array.from({ length: 1_000 }, (_, i) => `${i}`.padEnd(50, 'n'));
    const stage = await startStage({
      users: [...names, 'alice'],
      // A few answers and calls fit, so that some that are not given back would be seen.
      budget: new MemoryBudget(8 * 512 * 1024),
      // Searches take many turns: a cancellation comes before their results do.
      chatLimits: { searchSliceMs: 0 },
    });
    const raw = await RawSession.connect(stage.server.port);
    // 75 resets: more than 100 at once end a connection.
    for (let i = 0; i < 15; i++) {
      const streams = [
        raw.start('Search', raw.query('*n*')),
        raw.start('Login', raw.username('alice')),
        raw.start('Register', raw.username(`${i}`)),
        raw.start('Subscribe', raw.username('alice')),
        raw.start('Converse', raw.username('alice')),
      ];
      await raw.heard();
      for (const stream of streams) stream.close(8);
      await raw.heard();
    }
    await stage.until(() => stage.isFree('alice'));
    await stage.untilSteady(() => 0);
    const search = () => stage.client().outcome('Search', { query: '*n*' });
    expect(await Promise.all([search(), search()])).toEqual([16, 16]);
    raw.destroy();
  });
});

describe('a call that is over', () => {
  it('leaves nothing on its stream, which Node.js may keep', async () => {
    const stage = await startStage();
    const raw = await RawSession.connect(stage.server.port);
    const closed: ServerHttp2Stream[] = [];
    const four = Promise.withResolvers<void>();
    const onClose = (message: unknown) => {
      if (closed.push((message as { stream: ServerHttp2Stream }).stream) === 4) four.resolve();
    };
    subscribe('http2.server.stream.close', onClose);
    onTestFinished(() => void unsubscribe('http2.server.stream.close', onClose));
    await raw.call('Search', raw.query('y'));
    await raw.call('Subscribe', raw.query('y'));
    await raw.call('Search', raw.query('y'), { 'grpc-encoding': 'gzip' });
    raw.open('Search').destroy();
    await four.promise;
    await nextTurn();
    expect(closed.map((stream) => stream.eventNames())).toEqual(closed.map(() => ['error']));
    raw.destroy();
  });
});
