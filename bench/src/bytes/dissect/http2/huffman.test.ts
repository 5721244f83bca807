import { describe, expect, it } from 'vitest';
import { hex } from '../../../../test/wire-chunks.ts';
import { WireError } from '../dissector.ts';
import { decodeHuffman, huffmanBytes } from './huffman.ts';

describe('decodeHuffman', () => {
  // RFC 7541, appendix C.
  it.each([
    ['f1 e3 c2 e5 f2 3a 6b a0 ab 90 f4 ff', 'www.example.com'],
    ['a8 eb 10 64 9c bf', 'no-cache'],
    ['25 a8 49 e9 5b a9 7d 7f', 'custom-key'],
    ['64 02', '302'],
    [
      'd0 7a be 94 10 54 d4 44 a8 20 05 95 04 0b 81 66 e0 82 a6 2d 1b ff',
      'Mon, 21 Oct 2013 20:13:21 GMT',
    ],
    ['', ''],
  ])('reads %s, and knows how long it is', (bytes, text) => {
    expect(decodeHuffman(hex(bytes))).toBe(text);
    expect(huffmanBytes(text)).toBe(hex(bytes).length);
  });

  it.each([
    ['a whole byte of padding', 'a8 eb 10 64 9c bf ff'],
    // The last code is cut, and what is left of it is not all ones.
    ['padding that is not ones', 'a8 eb 10 64 9c b0'],
    ['the end of string', '3f ff ff ff'],
    ['the end of string, behind a letter', '1f ff ff ff ff'],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeHuffman(hex(bytes))).toThrow(WireError);
  });
});
