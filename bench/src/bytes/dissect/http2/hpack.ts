import type { Annotator } from '../annotator.ts';
import { WireError } from '../dissector.ts';
import { decodeHuffman } from './huffman.ts';
import { staticTable } from './static-table.ts';

/** The representation of a field. (RFC 7541, section 6) */
type Representation =
  /** A number that stands for name and value, both of which the receiver knows. */
  | 'indexed'
  /** Written out, and added to the table. */
  | 'remembered'
  /** Written out, the name perhaps as a number, and not added to the table. */
  | 'literal'
  /** The same; an intermediary must not add it to a table either. */
  | 'never-indexed';

/** A header as it crossed. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
  /** Its length on the wire. */
  readonly bytes: number;
  readonly representation: Representation;
}

type NameAndValue = readonly [name: string, value: string];

/** The bytes that a table entry counts besides its text. (RFC 7541, section 4.1) */
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
   * The fields of a whole block, which is annotated.
   *
   * @throws WireError when it is malformed
   */
  decode(block: Buffer, annotator: Annotator): HeaderField[] {
    const reader = new BlockReader(block);
    const fields: HeaderField[] = [];
    while (!reader.atEnd) {
      const field = this.#next(reader);
      const pieces = reader.takePieces();
      const title = field === undefined ? 'header table' : `${field.name}: ${field.value}`;
      annotator.within(
        { title, clause: `RFC 7541, ${clauses[field?.representation ?? 'resize']}` },
        () => {
          for (const { length, meaning } of pieces) annotator.add('hpack', length, meaning);
        },
      );
      if (field !== undefined) fields.push({ ...field, bytes: sumOf(pieces) });
    }
    return fields;
  }

  #next(reader: BlockReader): Omit<HeaderField, 'bytes'> | undefined {
    const first = reader.firstByte;
    if (first >= 0x80) {
      const index = reader.integer(7);
      const [name, value] = this.#lookUp(index);
      reader.mark(`name and value: ${placeOf(index)}`);
      return { name, value, representation: 'indexed' };
    }
    if (first >= 0x40) {
      const [name, value] = this.#literal(reader, 6, 'remembered');
      this.#remember(name, value);
      return { name, value, representation: 'remembered' };
    }
    if (first >= 0x20) return this.#resize(reader);
    const representation = first >= 0x10 ? 'never-indexed' : 'literal';
    const [name, value] = this.#literal(reader, 4, representation);
    return { name, value, representation };
  }

  #literal(
    reader: BlockReader,
    prefixBits: number,
    representation: Exclude<Representation, 'indexed'>,
  ): NameAndValue {
    const index = reader.integer(prefixBits);
    const named = index === 0 ? 'name: a literal' : `name: ${placeOf(index)}`;
    reader.mark(`${written[representation]}; ${named}`);
    const name = index === 0 ? reader.text('name') : this.#lookUp(index)[0];
    return [name, reader.text('value', random.has(name) ? ', random' : '')];
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

  #resize(reader: BlockReader): undefined {
    const bytesMax = reader.integer(5);
    reader.mark(`the dynamic table has ${bytesMax} bytes from now on`);
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

/** The headers with a token of ours, which is another one each time. */
const random: ReadonlySet<string> = new Set(['authorization', 'session-token']);

const written = {
  remembered: 'literal, to be remembered',
  literal: 'literal, not remembered',
  'never-indexed': 'literal, never to be indexed',
} as const;

const clauses = {
  indexed: '6.1',
  remembered: '6.2.1',
  literal: '6.2.2',
  'never-indexed': '6.2.3',
  resize: '6.3',
} as const;

function placeOf(index: number): string {
  return `${index} of the ${index <= staticTable.length ? 'static' : 'dynamic'} table`;
}

function entryBytes([name, value]: NameAndValue): number {
  return name.length + value.length + entryOverheadBytes;
}

// As many bytes as a number that is still exact can need.
const integerBytesMax = 6;

/** Some bytes of a field, and their meaning. */
interface Piece {
  readonly length: number;
  readonly meaning: string;
}

function sumOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** Reads the parts of a block: numbers and texts. (RFC 7541, section 5) */
class BlockReader {
  readonly #block: Buffer;
  #pieces: Piece[] = [];
  #marked = 0;
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

  /** Describes the bytes that were read since the last call. */
  mark(meaning: string): void {
    this.#pieces.push({ length: this.at - this.#marked, meaning });
    this.#marked = this.at;
  }

  /** The pieces since the last call. */
  takePieces(): Piece[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  text(what: 'name' | 'value', note = ''): string {
    const isHuffman = this.firstByte >= 0x80;
    const length = this.integer(7);
    this.mark(`length ${length} of the ${what}${isHuffman ? ', in Huffman code' : ''}`);
    const bytes = this.#block.subarray(this.at, this.at + length);
    if (bytes.length < length) throw new WireError('a header text that is cut off');
    this.at += length;
    const text = isHuffman ? decodeHuffman(bytes) : bytes.toString('latin1');
    const characters = isHuffman ? ` (${text.length} characters)` : '';
    this.mark(`${what} "${text}"${characters}${note}`);
    return text;
  }

  #byte(): number {
    const byte = this.firstByte;
    this.at++;
    return byte;
  }
}
