import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, hex, testCuts } from '../../../test/chunks.ts';
import { Operation } from '../../rules/codes.ts';
import {
  encodeFramedRequest,
  FramedRequestDecoder,
  framedVersion,
  isFramedVersion,
  requestContentBytesLimit,
  requestFrameBytesMax,
} from './request.ts';

const request = fc
  .tuple(fc.constantFrom(...Object.values(Operation)), fc.nat({ max: 364 }), fc.nat({ max: 255 }))
  .map(([operation, length, byte]) => ({
    kind: 'request' as const,
    operation,
    content: String.fromCharCode(byte).repeat(
      Math.min(length, requestContentBytesLimit(operation)),
    ),
  }));

const requests = fc.array(request, { maxLength: 40, size: 'max' });

describe('encodeFramedRequest', () => {
  it('writes the operation, the length and the content', () => {
    expect(encodeFramedRequest(Operation.search, '')).toEqual(hex('03 00 00'));
    expect(encodeFramedRequest(Operation.login, 'bob')).toEqual(hex('02 00 03 62 6f 62'));
    const longest = encodeFramedRequest(Operation.send, 'x'.repeat(364));
    expect(longest.subarray(0, 4)).toEqual(hex('04 01 6c 78'));
    expect(longest.length).toBe(requestFrameBytesMax);
  });
});

describe('FramedRequestDecoder', () => {
  testCuts(requests, encodeAll, decodeWithinBounds);

  it.each([
    ['register', 1, 50],
    ['login', 2, 50],
    ['search', 3, 50],
    ['send', 4, 364],
    ['logout', 5, 50],
    ['delete', 6, 50],
    ['acknowledge', 8, 16],
    ['no operation', 7, 364],
    ['no operation', 0, 364],
    ['no operation', 255, 364],
  ])('takes as much as %s (%i) can need, %i bytes, and not one more', (_, operation, bytesMax) => {
    const header = (bytes: number) => Buffer.of(operation, bytes >> 8, bytes & 0xff);
    const longest = Buffer.concat([header(bytesMax), Buffer.alloc(bytesMax, 'x')]);
    expect(decode(new FramedRequestDecoder(), [longest])).toEqual([
      { kind: 'request', operation, content: 'x'.repeat(bytesMax) },
    ]);
    expect(decode(new FramedRequestDecoder(), [header(bytesMax + 1)])).toEqual([
      { kind: 'oversized', operation, contentBytes: bytesMax + 1 },
    ]);
  });

  it('refuses by the header alone, before the content has come', () => {
    expect(decode(new FramedRequestDecoder(), [hex('04 ff'), hex('ff')])).toEqual([
      { kind: 'oversized', operation: 4, contentBytes: 65_535 },
    ]);
  });

  it('gives what came before an oversized request first', () => {
    const bytes = hex('05 00 01 61 01 00 33 61');
    expect(decode(new FramedRequestDecoder(), [bytes])).toEqual([
      { kind: 'request', operation: 5, content: 'a' },
      { kind: 'oversized', operation: 1, contentBytes: 51 },
    ]);
  });

  it('does not hold on to the memory of a read for the few bytes at its end', () => {
    const decoder = new FramedRequestDecoder();
    const read = Buffer.concat([...Array(16_384).fill(hex('01 00 01 61')), hex('01')]);
    expect(decode(decoder, [hex('01 00'), hex('01 61 01'), read.subarray(1)])).toHaveLength(16_385);
    expect(decoder.bufferedBytes).toBe(1);
    expect(decoder.capacityBytes).toBe(64);
  });
});

function encodeAll(requests: readonly { operation: Operation; content: string }[]): Buffer {
  return Buffer.concat(
    requests.map(({ operation, content }) => encodeFramedRequest(operation, content)),
  );
}

function decodeWithinBounds(chunks: readonly Buffer[]) {
  const decoder = new FramedRequestDecoder();
  const beyond: string[] = [];
  const frames = decode(decoder, chunks, () => {
    const { bufferedBytes, capacityBytes } = decoder;
    const isWithin = bufferedBytes < requestFrameBytesMax;
    if (isWithin && capacityBytes <= Math.max(64, 4 * bufferedBytes)) return;
    beyond.push(`${bufferedBytes} bytes in ${capacityBytes}`);
  });
  expect(beyond).toEqual([]);
  return frames;
}

it('tells the framed dialect by the high bit of the first byte', () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  expect(bytes.filter(isFramedVersion)).toEqual(bytes.slice(128));
  expect(framedVersion).toBe(0x81);
});
