/**
 * The content of a message: for each field that holds a message, by the field's number, what that one
 * has inside.
 */
export type Shape = ReadonlyMap<number, Shape>;

// Wire types. Those of groups, which proto3 does not have, and 6 and 7, which nobody has, are refused.
// [https://protobuf.dev/programming-guides/encoding/#structure]
const varint = 0;
const fixed64 = 1;
const lengthDelimited = 2;
const fixed32 = 5;

const fieldNumberMax = 2 ** 29 - 1;
const varintBytesMax = 10;

/**
 * Says whether bytes are fields, one after the other, each of them whole, down to the messages inside.
 *
 * protobufjs takes a text whose length goes beyond the end of the bytes, or beyond the end of the
 * message that it is in, for one that ends there: another text than was sent, or than anybody sent.
 */
export function isWellFormed(bytes: Uint8Array, shape: Shape): boolean {
  return new Walk(bytes).fields(shape, bytes.length);
}

/**
 * Returns the contents of a field that holds messages, in their order; undefined when the bytes have
 * anything else. It copies nothing.
 *
 * @param countMax undefined is returned for more than so many
 */
export function contentsOf(bytes: Buffer, field: number, countMax: number): Buffer[] | undefined {
  return new Walk(bytes).contents(bytes, field, countMax);
}

class Walk {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Goes over fields that end exactly at `end`; false when they do not. */
  fields(shape: Shape, end: number): boolean {
    while (this.#at < end) {
      const tag = this.#varint(end);
      const number = Math.floor(tag / 8);
      if (!(number >= 1 && number <= fieldNumberMax)) return false;
      const wireType = tag % 8;
      const length = this.#length(wireType, end);
      if (!(this.#at + length <= end)) return false;
      const inside = wireType === lengthDelimited ? shape.get(number) : undefined;
      if (inside === undefined) this.#at += length;
      else if (!this.fields(inside, this.#at + length)) return false;
    }
    return true;
  }

  contents(bytes: Buffer, field: number, countMax: number): Buffer[] | undefined {
    const contents: Buffer[] = [];
    while (this.#at < bytes.length) {
      const tag = this.#varint(bytes.length);
      const length = this.#varint(bytes.length);
      const end = this.#at + length;
      if (tag !== field * 8 + lengthDelimited || !(end <= bytes.length)) return undefined;
      if (contents.length === countMax) return undefined;
      contents.push(bytes.subarray(this.#at, end));
      this.#at = end;
    }
    return contents;
  }

  /** The number of bytes of a field behind its tag and its length; NaN when that cannot be. */
  #length(wireType: number, end: number): number {
    switch (wireType) {
      case varint:
        return Number.isNaN(this.#varint(end)) ? Number.NaN : 0;
      case fixed64:
        return 8;
      case lengthDelimited:
        return this.#varint(end);
      case fixed32:
        return 4;
      default:
        return Number.NaN;
    }
  }

  /** Reads a varint; NaN when it does not end before `end`, or is too long. */
  #varint(end: number): number {
    let value = 0;
    let scale = 1;
    for (let read = 0; read < varintBytesMax && this.#at < end; read++) {
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    return Number.NaN;
  }
}
