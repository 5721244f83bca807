import { describe, expect, it } from 'vitest';
import { alertRecord, cipherSuite, dataRecord, secret } from '../../../../test/rfc8448.ts';
import { hex } from '../../../../test/wire-chunks.ts';
import { WireError } from '../dissector.ts';
import { RecordDecoder, type TlsRecord } from './record.ts';
import { RecordKey } from './record-key.ts';

function recordOf(bytes: Buffer): TlsRecord {
  const decoder = new RecordDecoder();
  decoder.push(bytes);
  return decoder.next() as TlsRecord;
}

describe('RecordKey', () => {
  it('opens the records of RFC 8448, one after the other', () => {
    const key = new RecordKey(cipherSuite, secret);
    const content = Buffer.from(Array.from({ length: 50 }, (_, byte) => byte));
    expect(key.open(recordOf(dataRecord))).toEqual({ type: 23, content });
    expect(key.open(recordOf(alertRecord))).toEqual({ type: 21, content: hex('01 00') });
  });

  it('opens none that is damaged, out of turn, too short, or of another suite', () => {
    const damaged = Buffer.from(dataRecord);
    damaged[6] = 0x3e;
    const short = hex('17 03 03 00 02 00 00');
    for (const bytes of [damaged, alertRecord, short]) {
      const key = new RecordKey(cipherSuite, secret);
      expect(() => key.open(recordOf(bytes))).toThrow(WireError);
    }
    expect(() => new RecordKey(0x1303, secret)).toThrow(WireError);
  });
});
