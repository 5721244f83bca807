import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex, runs } from '../../../../test/wire-chunks.ts';
import { Annotator } from '../annotator.ts';
import { WireError } from '../dissector.ts';
import { HpackDecoder } from './hpack.ts';

const annotator = Annotator.of(() => {});

const fieldsOf = (decoder: HpackDecoder, block: string) =>
  decoder
    .decode(hex(block), annotator)
    .map(({ name, value, bytes }) => `${name}: ${value} (${bytes})`);

describe('HpackDecoder', () => {
  it('reads the requests of RFC 7541, C.4, which build on each other', () => {
    const decoder = new HpackDecoder();
    expect(fieldsOf(decoder, '82 86 84 41 8c f1 e3 c2 e5 f2 3a 6b a0 ab 90 f4 ff')).toEqual([
      ':method: GET (1)',
      ':scheme: http (1)',
      ':path: / (1)',
      ':authority: www.example.com (14)',
    ]);
    expect(fieldsOf(decoder, '82 86 84 be 58 86 a8 eb 10 64 9c bf')).toEqual([
      ':method: GET (1)',
      ':scheme: http (1)',
      ':path: / (1)',
      ':authority: www.example.com (1)',
      'cache-control: no-cache (8)',
    ]);
    const third = '82 87 85 bf 40 88 25 a8 49 e9 5b a9 7d 7f 89 25 a8 49 e9 5b b8 e8 b4 bf';
    expect(fieldsOf(decoder, third)).toEqual([
      ':method: GET (1)',
      ':scheme: https (1)',
      ':path: /index.html (1)',
      ':authority: www.example.com (1)',
      'custom-key: custom-value (20)',
    ]);
  });

  it('forgets the oldest when its table is full, as in RFC 7541, C.5', () => {
    const decoder = new HpackDecoder();
    const first = `3f e1 01 // the table has 256 bytes
      48 03 33 30 32 58 07 70 72 69 76 61 74 65
      61 1d 4d 6f 6e 2c 20 32 31 20 4f 63 74 20 32 30 31 33 20 32 30 3a 31 33 3a 32 31 20 47 4d 54
      6e 17 68 74 74 70 73 3a 2f 2f 77 77 77 2e 65 78 61 6d 70 6c 65 2e 63 6f 6d`;
    expect(fieldsOf(decoder, first)).toEqual([
      ':status: 302 (5)',
      'cache-control: private (9)',
      'date: Mon, 21 Oct 2013 20:13:21 GMT (31)',
      'location: https://www.example.com (25)',
    ]);
    expect(fieldsOf(decoder, '48 03 33 30 37 c1 c0 bf')).toEqual([
      ':status: 307 (5)',
      'cache-control: private (1)',
      'date: Mon, 21 Oct 2013 20:13:21 GMT (1)',
      'location: https://www.example.com (1)',
    ]);
    // Number 66 was 302, which 307 has driven out.
    expect(() => decoder.decode(hex('c2'), annotator)).toThrow(WireError);
  });

  it('tells how a field was written', () => {
    const literal = '04 01 2f'; // :path: /
    const neverIndexed = '1f 08 01 78'; // authorization: x
    const remembered = '41 01 61'; // :authority: a
    const fields = new HpackDecoder().decode(
      hex(`82 ${remembered} ${literal} ${neverIndexed}`),
      annotator,
    );
    expect(fields.map(({ representation }) => representation)).toEqual([
      'indexed',
      'remembered',
      'literal',
      'never-indexed',
    ]);
  });

  it.each([
    ['number 0', '80'],
    ['a number that no table has', 'be'],
    ['a number that is cut off', 'ff'],
    ['a number without end', 'ff ff ff ff ff ff ff ff ff ff 01'],
    ['a text that is cut off', '41 05 61 62'],
    ['a name without a value', '40 01 61'],
    ['a table that is larger than allowed', '3f e2 1f'],
  ])('refuses %s', (_, block) => {
    expect(() => new HpackDecoder().decode(hex(block), annotator)).toThrow(WireError);
  });

  it('keeps as large a table as the receiver has said', () => {
    const decoder = new HpackDecoder();
    decoder.limitTable(8_192);
    expect(decoder.decode(hex('3f e1 3f'), annotator)).toEqual([]); // 8,192
    decoder.limitTable(0);
    expect(() => decoder.decode(hex('3f e1 3f'), annotator)).toThrow(WireError);
  });

  it('annotates every byte of a block, or refuses it', () => {
    const byte = fc.nat({ max: 255 });
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 40, size: 'max' }), (bytes) => {
        let annotated = 0;
        const counting = Annotator.of(({ length }) => {
          annotated += length;
        });
        try {
          new HpackDecoder().decode(Buffer.from(bytes), counting);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
          return;
        }
        expect(annotated).toBe(bytes.length);
      }),
      runs,
    );
  });
});
