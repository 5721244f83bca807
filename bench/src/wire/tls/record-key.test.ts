import { describe, expect, it } from 'vitest';
import { hex } from '../../../test/wire-chunks.ts';
import { WireError } from '../dissector.ts';
import { RecordDecoder, type TlsRecord } from './record.ts';
import { RecordKey } from './record-key.ts';

// The client's data in the handshake trace of RFC 8448, section 3.
const secret = hex('9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5');
const aes128 = 0x1301;
const data = `
  17 03 03 00 43 a2 3f 70 54 b6 2c 94 d0 af fa fe 82 28 ba 55 cb ef ac ea 42 f9 14 aa 66 bc ab 3f
  2b 98 19 a8 a5 b4 6b 39 5b d5 4a 9a 20 44 1e 2b 62 97 4e 1f 5a 62 92 a2 97 70 14 bd 1e 3d ea e6
  3a ee bb 21 69 49 15 e4`;
const alert = '17 03 03 00 13 c9 87 27 60 65 56 66 b7 4d 7f f1 15 3e fd 6d b6 d0 b0 e3';

function recordOf(text: string): TlsRecord {
  const decoder = new RecordDecoder();
  decoder.push(hex(text));
  return decoder.next() as TlsRecord;
}

describe('RecordKey', () => {
  it('opens the records of RFC 8448, one after the other', () => {
    const key = new RecordKey(aes128, secret);
    const content = Buffer.from(Array.from({ length: 50 }, (_, byte) => byte));
    expect(key.open(recordOf(data))).toEqual({ type: 23, content });
    // A warning: close_notify.
    expect(key.open(recordOf(alert))).toEqual({ type: 21, content: hex('01 00') });
  });

  it('opens none that is damaged, out of turn, too short, or of another suite', () => {
    const damaged = data.replace('a2 3f', 'a2 3e');
    expect(() => new RecordKey(aes128, secret).open(recordOf(damaged))).toThrow(WireError);
    expect(() => new RecordKey(aes128, secret).open(recordOf(alert))).toThrow(WireError);
    const short = recordOf('17 03 03 00 02 00 00');
    expect(() => new RecordKey(aes128, secret).open(short)).toThrow(WireError);
    expect(() => new RecordKey(0x1303, secret)).toThrow(WireError);
  });
});
