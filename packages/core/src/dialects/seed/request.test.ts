import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, decode, hex, places, runs } from '../../../test/chunks.ts';
import { Operation } from '../../rules/codes.ts';
import { encodeSeedRequest, SeedRequestDecoder } from './request.ts';

describe('encodeSeedRequest', () => {
  it('writes the operation and the text, and nothing else', () => {
    expect(encodeSeedRequest(Operation.register, 'bob')).toEqual(hex('01 62 6f 62'));
  });
});

describe('SeedRequestDecoder', () => {
  it.each([1, 2, 3, 5, 6])('asks for 50 bytes of text for operation %i', (operation) => {
    const read = Buffer.concat([Buffer.of(operation), Buffer.alloc(51, 'x')]);
    expect(decode(new SeedRequestDecoder(), [read])).toEqual([
      { kind: 'request', operation, content: 'x'.repeat(50) },
      { kind: 'unknown-operation', operation: 0x78 },
    ]);
  });

  it('asks for 364 bytes of text for a send', () => {
    const read = Buffer.concat([hex('04'), Buffer.alloc(365, 'x')]);
    expect(decode(new SeedRequestDecoder(), [read])).toEqual([
      { kind: 'request', operation: 4, content: 'x'.repeat(364) },
      { kind: 'unknown-operation', operation: 0x78 },
    ]);
  });

  it('finds the text in the next read when only the operation has come', () => {
    expect(decode(new SeedRequestDecoder(), [hex('02'), hex('62 6f 62')])).toEqual([
      { kind: 'request', operation: 2, content: 'bob' },
    ]);
  });

  it('waits for the text of an operation that came alone', () => {
    expect(decode(new SeedRequestDecoder(), [hex('02')])).toEqual([]);
  });

  it('knows neither quit nor acknowledge', () => {
    expect(decode(new SeedRequestDecoder(), [hex('07 08 00 81')])).toEqual(
      [7, 8, 0, 0x81].map((operation) => ({ kind: 'unknown-operation', operation })),
    );
  });

  it('reads what one client sends request by request, if each is a read of its own', () => {
    const operation = fc.constantFrom<Operation>(1, 2, 3, 5, 6);
    const text = fc.stringMatching(/^[A-Za-z0-9]{1,50}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(operation, text), { maxLength: 30, size: 'max' }), (sent) => {
        const reads = sent.map(([operation, text]) => encodeSeedRequest(operation, text));
        expect(decode(new SeedRequestDecoder(), reads)).toEqual(
          sent.map(([operation, content]) => ({ kind: 'request', operation, content })),
        );
      }),
      runs,
    );
  });

  it('accounts for every byte of arbitrary reads once, in order, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000, size: 'max' }), places, (bytes, places) => {
        const frames = decode(new SeedRequestDecoder(), cut(bytes, places));
        const accounted = Buffer.concat(
          frames.map((frame) =>
            frame.kind === 'request'
              ? encodeSeedRequest(frame.operation, frame.content)
              : Buffer.of(frame.operation),
          ),
        );
        // The last byte may be an operation whose text has not come.
        expect(bytes.length - accounted.length).toBeLessThanOrEqual(1);
        expect(accounted.equals(bytes.subarray(0, accounted.length))).toBe(true);
      }),
      runs,
    );
  });
});
