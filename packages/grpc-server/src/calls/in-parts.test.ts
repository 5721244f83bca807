import type { ServerHttp2Stream } from 'node:http2';
import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import type { InterceptedCall } from './call-hooks.ts';
import { answerInParts } from './in-parts.ts';

/** Keeps each write until it is accepted. */
class SlowStream extends Writable {
  readonly writes: Buffer[] = [];
  #accept: (error?: Error | null) => void = () => {};

  override _writev(chunks: { chunk: Buffer }[], callback: (error?: Error | null) => void): void {
    this.writes.push(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    this.#accept = callback;
  }

  async accept(): Promise<void> {
    this.#accept();
    await turn();
  }
}

function stage() {
  const stream = new SlowStream();
  const [sendMessage, onTaken, onAccepted] = [vi.fn(), vi.fn(), vi.fn()];
  const call = { sendMessage } as unknown as InterceptedCall;
  answerInParts(stream as unknown as ServerHttp2Stream, call, onTaken);
  return { stream, call, sendMessage, onTaken, onAccepted };
}

it('writes a short message at once, behind its prefix', async () => {
  const { stream, call, onTaken, onAccepted } = stage();
  call.sendMessage({ parts: ['ab', '', 'c'].map((text) => Buffer.from(text)) }, onAccepted);
  await turn();
  expect(stream.writes).toEqual([Buffer.from('\0\0\0\0\x03abc')]);
  expect(onAccepted).not.toHaveBeenCalled();
  await stream.accept();
  expect([onAccepted.mock.calls.length, onTaken.mock.calls.length]).toEqual([1, 0]);
});

it('writes a long one in groups, each when the one before is accepted, and tells', async () => {
  const { stream, call, onTaken, onAccepted } = stage();
  const parts = Array.from({ length: 9 }, (_, n) => Buffer.alloc(30_000, n));
  call.sendMessage({ parts }, onAccepted);
  await turn();
  const counts = [];
  for (let group = 1; onAccepted.mock.calls.length === 0; group++) {
    counts.push([stream.writes.length, onTaken.mock.calls.length]);
    expect(stream.writes).toHaveLength(group);
    await stream.accept();
  }
  expect(counts).toEqual([
    [1, 0],
    [2, 1],
    [3, 2],
  ]);
  const written = Buffer.concat(stream.writes);
  expect(written.readUInt32BE(1)).toBe(270_000);
  expect(written.subarray(5)).toEqual(Buffer.concat(parts));
});

it('leaves other messages to gRPC, and writes nothing on a stream that is over', async () => {
  const { stream, call, sendMessage, onAccepted } = stage();
  call.sendMessage({ statusCode: 1 }, onAccepted);
  expect(sendMessage).toHaveBeenCalledWith({ statusCode: 1 }, onAccepted);
  stream.destroy();
  call.sendMessage({ parts: [Buffer.from('a')] }, onAccepted);
  await turn();
  expect([stream.writes, onAccepted.mock.calls]).toEqual([[], []]);
});
