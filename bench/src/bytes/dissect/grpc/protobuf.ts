import type { Annotator } from '../annotator.ts';
import { WireError } from '../dissector.ts';
import { textWords } from '../sockets/text.ts';

/** The fields of a message of the contract, by number, as far as its bytes show them. */
export interface MessageShape {
  readonly name: string;
  readonly fields: ReadonlyMap<number, FieldShape>;
}

/** `message`: one inside. `number`: anything that a varint carries, in words if it is a code. */
export type FieldShape = { readonly name: string } & (
  | { readonly kind: 'text' }
  | { readonly kind: 'number'; readonly words?: (value: number) => string }
  | { readonly kind: 'message'; readonly shape: () => MessageShape }
);

const WireType = { varint: 0, lengthDelimited: 2 } as const;

/**
 * Annotates one message: texts are content; tags, lengths and numbers are protobuf.
 *
 * @throws WireError when it is no such message, or has a field that the contract does not have
 */
export function annotateMessage(shape: MessageShape, bytes: Buffer, annotator: Annotator): void {
  const reader = new FieldReader(bytes);
  annotator.within({ title: shape.name, clause: 'protobuf, encoding' }, () => {
    while (!reader.atEnd) annotateField(shape, reader, annotator);
  });
}

function annotateField(shape: MessageShape, reader: FieldReader, annotator: Annotator): void {
  const start = reader.at;
  const tag = reader.varint();
  const tagBytes = reader.at - start;
  const number = Math.floor(tag / 8);
  const field = shape.fields.get(number);
  if (field === undefined) throw new WireError(`${shape.name} has no field ${number}`);
  const { name, kind } = field;
  const wireType = kind === 'number' ? WireType.varint : WireType.lengthDelimited;
  if (tag % 8 !== wireType) throw new WireError(`field ${number} of ${shape.name} is no such type`);
  const value = reader.varint();
  const valueBytes = reader.at - start - tagBytes;
  annotator.within({ title: `field ${name}` }, () => {
    annotator.add('protobuf', tagBytes, `tag: field ${number}, ${wireTypeWords[wireType]}`);
    if (kind === 'number') {
      annotator.add('protobuf', valueBytes, `${name} ${field.words?.(value) ?? value}`);
      return;
    }
    annotator.add('protobuf', valueBytes, `length ${value}`);
    const inside = reader.take(value);
    if (kind === 'message') annotateMessage(field.shape(), inside, annotator);
    else annotator.add('content', inside.length, textWords(name, inside.toString('utf8')));
  });
}

const wireTypeWords = { [WireType.varint]: 'varint', [WireType.lengthDelimited]: 'with a length' };

const varintBytesMax = 10;

class FieldReader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.at === this.#bytes.length;
  }

  /** Exact up to 2^53; a greater number is not a length of anything here. */
  varint(): number {
    let value = 0;
    for (let i = 0; i < varintBytesMax; i++) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw new WireError('a protobuf message that is cut off');
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw new WireError('a protobuf number without end');
  }

  take(length: number): Buffer {
    const taken = this.#bytes.subarray(this.at, this.at + length);
    if (taken.length < length) throw new WireError('a protobuf message that is cut off');
    this.at += length;
    return taken;
  }
}
