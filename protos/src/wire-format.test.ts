import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadMessageService } from './loader.ts';

const { Register, Send, Converse, Login } = loadMessageService();

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const text = fc.string({ maxLength: 200 });
const message = fc.record({ sender: text, recipient: text, body: text });

describe('bytes that are no message', () => {
  // A key is the field's number times 8, and the wire type.
  const username = [
    ['a text that is longer than the bytes', '0a 10 61'],
    ['a text that is one byte longer than the bytes', '0a 02 61'],
    ['a text of 2^32 - 1 bytes', '0a ff ff ff ff 0f 61'],
    ['a text of 2^63 bytes', '0a ff ff ff ff ff ff ff ff 7f 61'],
    ['a text without a length', '0a'],
    ['a length without its last byte', '0a 80'],
    ['a length of eleven bytes', '0a 81 80 80 80 80 80 80 80 80 80 00 61'],
    ['a number without its last byte', '10 ff'],
    ['a number that is left out', '10'],
    ['a number of eleven bytes', '10 ff ff ff ff ff ff ff ff ff ff 01'],
    ['four bytes that are one', '0d 01'],
    ['eight bytes that are seven', '09 01 02 03 04 05 06 07'],
    ['a field without a number', '02 01 61'],
    ['nothing but zeros', '00 00'],
    ['a field number above all that there may be', '82 80 80 80 10 00'],
    ['a group', '0b 0c'],
    ['the end of a group', '0c'],
    ['wire type 6', '0e 01'],
    ['wire type 7', '0f 01'],
    ['an unknown text that is longer than the bytes', '0a 01 61 4a 05 61'],
  ] as const;
  for (const [name, hex] of username) {
    it(`are refused: ${name}`, () => {
      expect(() => Register.requestDeserialize(bytes(hex))).toThrow();
    });
  }

  const frames = [
    ['a request that is longer than the frame', '0a 08 0a 05 616c696365'],
    ['a text that is longer than its request', '0a 06 0a 05 616c696365'],
    ['a text that goes on into the next request', '0a 03 0a 06 61 1a 03 0a 01 62'],
    ['a request that ends inside its length', '0a 01 0a'],
  ] as const;
  for (const [name, hex] of frames) {
    it(`are refused inside a frame: ${name}`, () => {
      expect(() => Converse.requestDeserialize(bytes(hex))).toThrow();
    });
  }

  it('are refused by clients, too', () => {
    expect(() => Login.responseDeserialize(bytes('0809 1203 0a10 62'))).toThrow();
  });

  it('are refused inside a frame of a batch', () => {
    // A message from "bob" whose body is longer than it.
    const batch = '320f 0a0d 0820 1209 0a03 626f62 1203 6869';
    expect(() => Converse.responseDeserialize(bytes(batch))).toThrow();
    expect(() => Converse.requestDeserialize(bytes('c23e06 0a04 1a02 0a05'))).toThrow();
  });

  it('are all that is cut inside a field', () => {
    fc.assert(
      fc.property(message, fc.nat(), (sent, cut) => {
        const whole = Send.requestSerialize(sent);
        const part = whole.subarray(0, cut % (whole.length + 1));
        let read: typeof sent | undefined;
        try {
          read = Send.requestDeserialize(part) as typeof sent;
        } catch {}
        // Between two fields, where a message may end, nothing but whole fields is there.
        if (read === undefined) return;
        for (const field of ['sender', 'recipient', 'body'] as const) {
          expect(['', sent[field]]).toContain(read[field]);
        }
      }),
    );
  });
});

describe('a message', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(message, (sent) => {
        expect(Send.requestDeserialize(Send.requestSerialize(sent))).toEqual(sent);
        const frame = Converse.requestSerialize({ send: sent });
        expect(Converse.requestDeserialize(frame)).toEqual({ request: 'send', send: sent });
      }),
    );
  });

  it('may have fields that are not known, of every wire type', () => {
    const unknown =
      '78 ff ff ff ff ff ff ff ff ff 01  79 0102030405060708  7a 02 0a10  7d 01020304';
    expect(Register.requestDeserialize(bytes(`${unknown} 0a 01 61 ${unknown}`))).toMatchObject({
      username: 'a',
    });
  });
});
