import { WireError } from '../dissector.ts';

/** The number of bits in the code of each byte, 0 to 255; the last is the end of string. (RFC 7541, appendix B) */
const codeBits = `
  13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28 28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28
  6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6 5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10
  13 6 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 8 7 8 13 19 13 14 6
  15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5 6 7 6 5 5 6 7 7 7 7 7 15 11 14 13 28
  20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23 24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24
  22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23 21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23
  26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25 19 21 26 27 27 26 27 24 21 21 26 26 28 27 27 27
  20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23 26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26
  30
`
  .trim()
  .split(/\s+/)
  .map(Number);

const endOfString = 256;

/** The bytes that a text of Latin-1 takes in HPACK's Huffman code. */
export function huffmanBytes(text: string): number {
  const bits = Buffer.from(text, 'latin1').reduce((sum, byte) => sum + (codeBits[byte] ?? 0), 0);
  return Math.ceil(bits / 8);
}

/** Codes of one length are consecutive numbers, in the order of their symbols. */
interface CodesOfLength {
  readonly first: number;
  readonly symbols: readonly number[];
}

// The code is canonical, so the lengths alone make it.
const codes: readonly CodesOfLength[] = makeCodes();

function makeCodes(): CodesOfLength[] {
  const made: CodesOfLength[] = [];
  let next = 0;
  for (let bits = 0; bits <= Math.max(...codeBits); bits++) {
    const symbols = codeBits.flatMap((length, symbol) => (length === bits ? [symbol] : []));
    made.push({ first: next, symbols });
    next = (next + symbols.length) * 2;
  }
  return made;
}

/**
 * Reads a text that was written with HPACK's Huffman code. (RFC 7541, section 5.2)
 *
 * @throws WireError when it holds the end of string, or ends in anything but up to 7 ones
 */
export function decodeHuffman(bytes: Uint8Array): string {
  const text: number[] = [];
  let code = 0;
  let length = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      code = (code << 1) | ((byte >> bit) & 1);
      length++;
      const symbol = symbolOf(code, length);
      if (symbol === undefined) continue;
      if (symbol === endOfString) throw new WireError('a header text with an end inside');
      text.push(symbol);
      code = 0;
      length = 0;
    }
  }
  if (length > 7 || code !== 2 ** length - 1)
    throw new WireError('a header text without its padding');
  return Buffer.from(text).toString('latin1');
}

function symbolOf(code: number, length: number): number | undefined {
  const { first, symbols } = codes[length] as CodesOfLength;
  return symbols[code - first];
}
