import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, hex, places, runs } from '../../../test/chunks.ts';
import { Status } from '../../rules/codes.ts';
import {
  encodeSeedIncoming,
  encodeSeedListHeader,
  encodeSeedStatus,
  type SeedResponse,
  SeedResponseDecoder,
  toSeedStatus,
} from './response.ts';

function decodeReads(reads: readonly Uint8Array[]): SeedResponse[] {
  const decoder = new SeedResponseDecoder();
  const responses: SeedResponse[] = [];
  for (const read of reads) {
    decoder.push(read);
    for (let response = decoder.next(); response; response = decoder.next()) {
      responses.push(response);
    }
  }
  return responses;
}

describe('what a server writes', () => {
  it('is one byte for a status', () => {
    expect(encodeSeedStatus(Status.loggedIn)).toEqual(hex('08'));
  });

  it('has the count of a list where the framed dialect has its length', () => {
    expect(encodeSeedListHeader(Status.loggedInUnread, 2)).toEqual(hex('09 00 02'));
    expect(encodeSeedListHeader(Status.found, 10_000)).toEqual(hex('10 27 10'));
  });

  it('has no length for an incoming message', () => {
    expect(encodeSeedIncoming('a|hi')).toEqual(hex('20 61 7c 68 69'));
  });
});

describe('toSeedStatus', () => {
  it('leaves the statuses of 2023 as they are and makes the others 27 or 127', () => {
    const changed = Object.values(Status)
      .map((status) => [status, toSeedStatus(status)])
      .filter(([status, seed]) => status !== seed);
    expect(Object.fromEntries(changed)).toEqual({
      12: 127,
      13: 127,
      14: 127,
      15: 127,
      18: 127,
      19: 127,
      28: 27,
      56: 127,
      64: 127,
      65: 127,
      72: 127,
      73: 127,
      74: 127,
      80: 127,
      116: 127,
      117: 127,
      118: 127,
      119: 127,
      120: 127,
      121: 127,
      122: 127,
      123: 127,
      124: 127,
    });
  });
});

describe('SeedResponseDecoder', () => {
  it('reads a status, a list and a message that each come alone', () => {
    const reads = [
      hex('01'),
      hex('09 00 01 61 7c 62'),
      hex('10 00 02 78 7c 79'),
      hex('20 61 7c 62'),
    ];
    expect(decodeReads(reads)).toEqual([
      { status: 1, content: '' },
      { status: 9, count: 1, content: 'a|b' },
      { status: 16, count: 2, content: 'x|y' },
      { status: 32, content: 'a|b' },
    ]);
  });

  it('takes a status, a count and a list that come in a read each', () => {
    expect(decodeReads([hex('09'), hex('00 01'), hex('61 7c 62')])).toEqual([
      { status: 9, count: 1, content: 'a|b' },
    ]);
  });

  it.each([
    ['314 bytes a message', '09 00 02', 628],
    ['51 bytes a username', '10 00 03', 153],
    ['313 bytes for an incoming message', '20', 313],
  ])('asks for %s', (_, header, bytesAsked) => {
    const [response, ...rest] = decodeReads([
      Buffer.concat([hex(header), Buffer.alloc(bytesAsked + 1, 'x')]),
    ]);
    expect(response?.content).toBe('x'.repeat(bytesAsked));
    expect(rest).toEqual([{ status: 0x78, content: '' }]);
  });

  it('reads half a count for a count when a read ends between its bytes', () => {
    expect(decodeReads([hex('09 01'), hex('02 61')])).toEqual([
      { status: 9, count: 1, content: '\u0002a' },
    ]);
  });

  it('asks for no content when the count is 0', () => {
    expect(decodeReads([hex('10 00 00')])).toEqual([{ status: 16, count: 0, content: '' }]);
  });

  it('comes to an end with arbitrary reads and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000, size: 'max' }), places, (bytes, places) => {
        const read = decodeReads(cut(bytes, places))
          .map(({ content }) => 1 + content.length)
          .reduce((sum, length) => sum + length, 0);
        expect(read).toBeLessThanOrEqual(bytes.length);
      }),
      runs,
    );
  });
});
