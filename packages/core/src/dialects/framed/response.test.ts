import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutEverywhere, decode, hex, testCuts } from '../../../test/chunks.ts';
import { Status } from '../../rules/codes.ts';
import { hasContent } from '../../rules/outcomes.ts';
import { encodeFramedResponse, FramedResponseDecoder, frameContentBytesMax } from './response.ts';

const statuses = Object.values(Status);
const withContent = [9, 12, 13, 16, 18, 19, 32, 64, 119];

const response = fc
  .tuple(fc.constantFrom(...statuses), fc.nat({ max: 2_000 }), fc.nat({ max: 255 }))
  .map(([status, length, byte]) => ({
    kind: 'response' as const,
    status,
    content: hasContent(status) ? String.fromCharCode(byte).repeat(length) : '',
  }));

const responses = fc.array(response, { maxLength: 40, size: 'max' });

describe('encodeFramedResponse', () => {
  it('writes a status without content as one byte', () => {
    expect(encodeFramedResponse(Status.registered)).toEqual(hex('01'));
    expect(encodeFramedResponse(Status.unknownError)).toEqual(hex('7f'));
  });

  it('writes a status with content with the length, empty content included', () => {
    expect(encodeFramedResponse(Status.incoming, 'a|b')).toEqual(hex('20 00 03 61 7c 62'));
    expect(encodeFramedResponse(Status.found)).toEqual(hex('10 00 00'));
    const longest = encodeFramedResponse(Status.foundMore, 'x'.repeat(65_535));
    expect(longest.subarray(0, 4)).toEqual(hex('12 ff ff 78'));
  });
});

describe('hasContent', () => {
  it('holds for messages, usernames, tokens and seconds, and for nothing else', () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte);
    expect(bytes.filter(hasContent)).toEqual(withContent);
  });
});

describe('FramedResponseDecoder', () => {
  testCuts(responses, encodeAll, decodeWithinBounds);

  it('reads the longest page byte by byte', () => {
    const content = 'a'.repeat(frameContentBytesMax);
    const frames = decode(
      new FramedResponseDecoder(),
      cutEverywhere(encodeFramedResponse(Status.foundMore, content)),
    );
    expect(frames).toEqual([{ kind: 'response', status: 18, content }]);
  });

  it('says which byte is no status, and says so before anything else comes', () => {
    const known = new Set<number>(statuses);
    for (let byte = 0; byte < 256; byte++) {
      if (known.has(byte)) continue;
      expect(decode(new FramedResponseDecoder(), [Buffer.of(byte)])).toEqual([
        { kind: 'unknown-status', byte },
      ]);
    }
  });

  it('does not hold on to the memory of a read for the few bytes at its end', () => {
    const decoder = new FramedResponseDecoder();
    const chunk = Buffer.concat([Buffer.alloc(1_000, 1), hex('20 00 02 61')]);
    decode(decoder, [chunk]);
    chunk.fill(0);
    expect(decode(decoder, [hex('7c')])).toEqual([{ kind: 'response', status: 32, content: 'a|' }]);
  });
});

function encodeAll(responses: readonly { status: Status; content: string }[]): Buffer {
  return Buffer.concat(
    responses.map(({ status, content }) => encodeFramedResponse(status, content)),
  );
}

function decodeWithinBounds(chunks: readonly Buffer[]) {
  const decoder = new FramedResponseDecoder();
  let bufferedBytesMost = 0;
  const frames = decode(decoder, chunks, () => {
    bufferedBytesMost = Math.max(bufferedBytesMost, decoder.bufferedBytes);
  });
  expect(bufferedBytesMost).toBeLessThan(3 + frameContentBytesMax);
  return frames;
}
