import { WireError } from '../dissector.ts';
import { decodeHuffman } from './huffman.ts';
import { staticTable } from './static-table.ts';

/** How a field was written. (RFC 7541, section 6) */
type Representation =
  /** A number that stands for name and value, both of which the receiver knows. */
  | 'indexed'
  /** Written out, and to be remembered. */
  | 'remembered'
  /** Written out, the name perhaps as a number, and to be written out again the next time. */
  | 'literal'
  /** The same, and no intermediary may do otherwise. */
  | 'never-indexed';

/** A header as it crossed. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
  /** What it took on the wire. */
  readonly bytes: number;
  readonly representation: Representation;
}

type NameAndValue = readonly [name: string, value: string];

/** What a table entry weighs besides its text. (RFC 7541, section 4.1) */
const entryOverheadBytes = 32;
const defaultTableBytesMax = 4_096;

/** Reads the header blocks of one direction, which build on each other. (RFC 7541) */
export class HpackDecoder {
  /** Newest first. */
  readonly #entries: NameAndValue[] = [];
  #tableBytes = 0;
  #tableBytesMax = defaultTableBytesMax;
  #tableBytesLimit = defaultTableBytesMax;

  /** The receiver has said how large a table it keeps; the sender will say how much it uses. */
  limitTable(bytesMax: number): void {
    this.#tableBytesLimit = bytesMax;
  }

  /**
   * The fields of a whole block.
   *
   * @throws WireError when it is malformed
   */
  decode(block: Buffer): HeaderField[] {
    const reader = new BlockReader(block);
    const fields: HeaderField[] = [];
    while (!reader.atEnd) {
      const start = reader.at;
      const field = this.#next(reader);
      if (field !== undefined) fields.push({ ...field, bytes: reader.at - start });
    }
    return fields;
  }

  #next(reader: BlockReader): Omit<HeaderField, 'bytes'> | undefined {
    const first = reader.firstByte;
    if (first >= 0x80) {
      const [name, value] = this.#lookUp(reader.integer(7));
      return { name, value, representation: 'indexed' };
    }
    if (first >= 0x40) {
      const [name, value] = this.#literal(reader, 6);
      this.#remember(name, value);
      return { name, value, representation: 'remembered' };
    }
    if (first >= 0x20) return this.#resize(reader.integer(5));
    const [name, value] = this.#literal(reader, 4);
    return { name, value, representation: first >= 0x10 ? 'never-indexed' : 'literal' };
  }

  #literal(reader: BlockReader, prefixBits: number): NameAndValue {
    const index = reader.integer(prefixBits);
    const name = index === 0 ? reader.text() : this.#lookUp(index)[0];
    return [name, reader.text()];
  }

  #lookUp(index: number): NameAndValue {
    const entry = staticTable[index - 1] ?? this.#entries[index - 1 - staticTable.length];
    if (entry === undefined) throw new WireError(`header table index ${index}`);
    return entry;
  }

  #remember(name: string, value: string): void {
    this.#entries.unshift([name, value]);
    this.#tableBytes += entryBytes([name, value]);
    this.#evict();
  }

  #resize(bytesMax: number): undefined {
    if (bytesMax > this.#tableBytesLimit)
      throw new WireError(`a header table of ${bytesMax} bytes`);
    this.#tableBytesMax = bytesMax;
    this.#evict();
  }

  #evict(): void {
    while (this.#tableBytes > this.#tableBytesMax) {
      this.#tableBytes -= entryBytes(this.#entries.pop() as NameAndValue);
    }
  }
}

function entryBytes([name, value]: NameAndValue): number {
  return name.length + value.length + entryOverheadBytes;
}

// As many bytes as a number that is still exact can need.
const integerBytesMax = 6;

/** Reads what a block is made of: numbers and texts. (RFC 7541, section 5) */
class BlockReader {
  readonly #block: Buffer;
  at = 0;

  constructor(block: Buffer) {
    this.#block = block;
  }

  get atEnd(): boolean {
    return this.at === this.#block.length;
  }

  get firstByte(): number {
    const byte = this.#block[this.at];
    if (byte === undefined) throw new WireError('a header block that is cut off');
    return byte;
  }

  /** A number that begins in the low bits of the next byte. */
  integer(prefixBits: number): number {
    const prefixMax = 2 ** prefixBits - 1;
    const prefix = this.#byte() & prefixMax;
    if (prefix < prefixMax) return prefix;
    let value = prefixMax;
    for (let i = 0; i < integerBytesMax; i++) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw new WireError('a header number without end');
  }

  text(): string {
    const isHuffman = this.firstByte >= 0x80;
    const length = this.integer(7);
    const bytes = this.#block.subarray(this.at, this.at + length);
    if (bytes.length < length) throw new WireError('a header text that is cut off');
    this.at += length;
    return isHuffman ? decodeHuffman(bytes) : bytes.toString('latin1');
  }

  #byte(): number {
    const byte = this.firstByte;
    this.at++;
    return byte;
  }
}
