import type { ServerHttp2Stream } from 'node:http2';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { CallInput } from './call-input.ts';

const messageBytesMax = 4_096;

/** A message of so many bytes, with its prefix. */
function message(bytes: number): Buffer {
  const prefixed = Buffer.alloc(5 + bytes, bytes % 251);
  prefixed.writeUInt8(0, 0);
  prefixed.writeUInt32BE(bytes, 1);
  return prefixed;
}

/** The input of a stream, which reads what it is given once it is told to. */
function inputOf() {
  const stream = new Readable({ read() {} });
  const given: Buffer[] = [];
  let paid = 0;
  const account = {
    charge: (bytes: number) => {
      paid += bytes;
    },
    give: (bytes: number) => {
      paid -= bytes;
    },
  };
  const partCame = vi.fn();
  const messageBytesCame = vi.fn();
  const owner = { account, messageBytesCame, partCame };
  const input = new CallInput(stream as unknown as ServerHttp2Stream, owner, messageBytesMax);
  const read = async () => {
    stream.on('data', (chunk: Buffer) => given.push(chunk));
    await nextTurn();
  };
  const came = () => messageBytesCame.mock.calls.reduce((sum, [bytes]) => sum + bytes, 0);
  return { stream, input, given, read, partCame, came, paid: () => paid };
}

/** Cuts bytes into parts of these lengths, again and again. */
function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = lengths[parts.length % lengths.length] ?? 1;
    parts.push(bytes.subarray(at, at + length));
    at += length;
  }
  return parts;
}

describe('what comes on the stream of a call', () => {
  it('goes on unchanged, however it is cut, in messages that are whole and pieces that are short', async () => {
    const sizes = fc.array(fc.oneof(fc.nat(20), fc.nat(messageBytesMax)), { maxLength: 12 });
    const lengths = fc.array(
      fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 16_384 })),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(sizes, lengths, fc.boolean(), async (messages, parts, isTorn) => {
        const { stream, given, read, came } = inputOf();
        await read();
        const all = Buffer.concat([...messages.map(message), Buffer.alloc(isTorn ? 3 : 0)]);
        for (const part of cut(all, parts)) stream.push(part);
        const whole = Buffer.concat(given);
        expect(whole.equals(all.subarray(0, all.length - (isTorn ? 3 : 0)))).toBe(true);
        expect(Math.max(0, ...given.map(({ length }) => length))).toBeLessThanOrEqual(1_024);
        stream.push(null);
        await new Promise((resolve) => stream.once('end', resolve));
        expect(Buffer.concat(given).equals(all)).toBe(true);
        expect(came()).toBe(all.length);
      }),
    );
  });

  it('waits as one message, and not as its bytes', async () => {
    const { stream, given, read, partCame } = inputOf();
    await read();
    const parts = cut(message(4_000), [1]);
    for (const part of parts.slice(0, -1)) stream.push(part);
    expect(given).toEqual([]);
    stream.push(parts.at(-1));
    expect(given.length).toBe(4);
    expect(partCame).toHaveBeenCalledTimes(4_004);
    for (const bytes of [0, 100, 4_000]) stream.push(message(bytes));
    expect(partCame).toHaveBeenCalledTimes(4_004);
  });

  it('goes on at once when it is too long for a message, so that the call ends', async () => {
    const { stream, given, read } = inputOf();
    await read();
    for (const part of cut(message(messageBytesMax + 1).subarray(0, 9), [2])) stream.push(part);
    expect(Buffer.concat(given).length).toBe(9);
  });

  it.each([
    [14, 4_000, 56_000],
    [5_000, 0, 1_000_000],
  ])('is paid for while nobody reads it: %i messages of %i bytes', async (count, bytes, least) => {
    const { stream, input, read, paid } = inputOf();
    stream.push(message(100));
    expect(paid()).toBe(0);
    for (let i = 0; i < count; i++) stream.push(message(bytes));
    input.look();
    expect(paid()).toBeGreaterThan(least);
    await read();
    input.look();
    expect(paid()).toBe(0);
  });

  it('is paid for no more when the stream is closed', () => {
    const { stream, input, paid } = inputOf();
    for (let i = 0; i < 20; i++) stream.push(message(4_000));
    expect(paid()).toBeGreaterThan(70_000);
    input.close();
    input.close();
    expect(paid()).toBe(0);
  });
});
