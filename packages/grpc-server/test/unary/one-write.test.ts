import { once } from 'node:events';
import { MemoryBudget } from '@tandem/core/server';
import { expect, it } from 'vitest';
import { startStage } from '../fixture.ts';
import { callHeaders, frame, RawFrames } from '../hostile/raw-frames.ts';
import { prefixed, RawSession, responseOf } from '../hostile/raw-session.ts';

const headers = 1;
const data = 0;
const deadlineExceeded = 4;

/** A request with a string in its first field. */
function request(text: string): Buffer {
  return prefixed(Buffer.concat([Buffer.from([0x0a, text.length]), Buffer.from(text)]));
}

function call(stream: number, method: string, text: string): Buffer {
  return Buffer.concat([
    frame(headers, 4, stream, callHeaders(`/MessageService/${method}`)),
    frame(data, 1, stream, request(text)),
  ]);
}

/** Returns the types of the frames in each read, for each stream. */
function readsOf(raw: RawFrames): Map<number, number[][]> {
  const reads = new Map<number, number[][]>();
  raw.socket.on('data', (bytes: Buffer) => {
    const types = new Map<number, number[]>();
    for (let at = 0; at < bytes.length; at += 9 + bytes.readUIntBE(at, 3)) {
      const stream = bytes.readUInt32BE(at + 5);
      types.set(stream, [...(types.get(stream) ?? []), bytes.readUInt8(at + 3)]);
    }
    for (const [stream, read] of types) reads.set(stream, [...(reads.get(stream) ?? []), read]);
  });
  return reads;
}

it('answers a unary call with its status in one write', async () => {
  const stage = await startStage();
  const raw = await RawFrames.connect(stage.server.port);
  const reads = readsOf(raw);
  // Node encodes the status of the first call of a process.
  for (const [stream, method] of [
    [1, 'Register'],
    [3, 'Search'],
    [5, 'Register'],
  ] as const) {
    raw.socket.write(call(stream, method, `zoe${stream}`));
    expect(await raw.response(stream)).toEqual([headers, data, headers]);
  }
  expect([reads.get(3), reads.get(5)]).toEqual([
    [[headers, data, headers]],
    [[headers, data, headers]],
  ]);
  raw.socket.destroy();
});

it('answers many calls at once, each whole', async () => {
  const stage = await startStage();
  const raw = await RawFrames.connect(stage.server.port);
  const reads = readsOf(raw);
  raw.socket.write(call(1, 'Register', 'zoe'));
  await raw.response(1);
  const streams = [3, 5, 7, 9, 11, 13];
  raw.socket.write(Buffer.concat(streams.map((stream) => call(stream, 'Search', 'zoe'))));
  for (const stream of streams) {
    expect(await raw.response(stream)).toEqual([headers, data, headers]);
    expect(reads.get(stream)).toEqual([[headers, data, headers]]);
  }
  raw.socket.destroy();
});

it('waits for a client that reads late, and answers it whole', async () => {
  const stage = await startStage({ limits: { messageTimeoutMs: 20 }, users: ['zoe', 'zora'] });
  const raw = await RawSession.connect(stage.server.port, 1);
  const search = raw.start('Search', raw.query('z*'));
  // Each is ended when the server looks at its calls after the time is over.
  for (let look = 0; look < 3; look++) {
    expect((await responseOf(raw.open('Register'))).grpcStatus).toBe(deadlineExceeded);
  }
  const { grpcStatus, bytes } = await responseOf(search);
  expect(grpcStatus).toBe(0);
  expect(bytes.toString()).toContain('zora');
  raw.destroy();
});

it('keeps the memory of a response that waits for its client, also after the deadline of its call', async () => {
  const names = Array.from({ length: 1_000 }, (_, i) => `${i}`.padEnd(50, 'n'));
  const budget = new MemoryBudget(64 * 1024 * 1024);
  const stage = await startStage({ users: names, budget });
  const raw = await RawSession.connect(stage.server.port, 0);
  const before = budget.bytes;
  const soon = { 'grpc-timeout': '20m' };
  await once(raw.start('Search', raw.query('*'), soon), 'response');
  // Begun later with the same time, so its deadline passes later.
  expect((await responseOf(raw.open('Register', soon))).grpcStatus).toBe(deadlineExceeded);
  expect(budget.bytes - before).toBeGreaterThan(50 * names.length);
  raw.destroy();
  await stage.server.stop();
  expect(budget.bytes).toBe(0);
});
