import { describe, expect, it } from 'vitest';
import { alertRecord, cipherSuite, dataRecord, secret } from '../../../../test/rfc8448.ts';
import { hex } from '../../../../test/wire-chunks.ts';
import { type Dissector, WireError } from '../dissector.ts';
import { Tally } from '../tally.ts';
import { TlsDirection } from './direction.ts';
import { RecordKey } from './record-key.ts';

/** A direction whose data is never complete. */
function makeDirection(tally = new Tally()): TlsDirection {
  let pendingBytes = 0;
  const waiting: Dissector = {
    get pendingBytes() {
      return pendingBytes;
    },
    push(chunk) {
      pendingBytes += chunk.length;
    },
  };
  const { sent: annotator } = Tally.annotators(() => tally);
  return new TlsDirection(
    annotator,
    { dissector: waiting, annotator: annotator.carried() },
    {
      hello: () => {},
      key: () => new RecordKey(cipherSuite, secret),
    },
  );
}

describe('TlsDirection', () => {
  it('passes data on, and keeps what protects it apart', () => {
    const tally = new Tally();
    const direction = makeDirection(tally);
    direction.push(dataRecord);
    // A header of 5 bytes, the type, a tag of 16.
    expect(tally.layers).toEqual({ tlsRecords: { sent: 22, received: 0 } });
    expect(direction.pendingBytes).toBe(50);
    direction.push(alertRecord);
    expect(tally.layers).toEqual({ tlsRecords: { sent: 22 + 24, received: 0 } });
  });

  it('has a place for every byte of a record only when all of it is there', () => {
    const direction = makeDirection();
    direction.push(dataRecord.subarray(0, 71));
    expect(direction.pendingBytes).toBe(71);
  });

  it('takes what is for middleboxes for a part of the handshake, and an open alert for none', () => {
    const tally = new Tally();
    makeDirection(tally).push(hex('14 03 03 00 01 01  15 03 03 00 02 02 28'));
    expect(tally.layers).toEqual({
      tlsHandshake: { sent: 6, received: 0 },
      tlsRecords: { sent: 7, received: 0 },
    });
  });

  it.each([
    ['a record of no type', '18 03 03 00 01 00'],
    ['a record that is longer than any', '17 03 03 41 01'],
    [
      'a sealed record that its key does not open',
      '17 03 03 00 12 000102030405060708090a0b0c0d0e0f1011',
    ],
  ])('refuses %s', (_, bytes) => {
    expect(() => makeDirection().push(hex(bytes))).toThrow(WireError);
  });
});
