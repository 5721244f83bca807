import fc from 'fast-check';
import { expect, it } from 'vitest';

/** A decoder of bytes. */
interface Decoder<T> {
  push(chunk: Uint8Array): void;
  next(): T | undefined;
}

/** Bytes written as hex pairs with blanks between: `'01 00 05'`. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

/**
 * Cuts bytes into copies, at the places given (each taken modulo the length). Copies, since a
 * decoder is given its chunks: two of them never lie in the same memory.
 */
export function cut(bytes: Uint8Array, places: readonly number[]): Buffer[] {
  const at = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  const ends = [...at, bytes.length];
  return ends.map((end, index) => Buffer.from(bytes.slice(at[index - 1] ?? 0, end)));
}

/** The same bytes, one a chunk. */
export function cutEverywhere(bytes: Uint8Array): Buffer[] {
  return [...bytes].map((byte) => Buffer.of(byte));
}

/**
 * Everything that a decoder makes of the chunks, up to a frame after which there is nothing to ask
 * for. `drained` is called each time that the decoder wants more.
 */
export function decode<T extends { readonly kind: string }>(
  decoder: Decoder<T>,
  chunks: readonly Uint8Array[],
  drained: () => void = () => {},
): T[] {
  const frames: T[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
      frames.push(frame);
      if (frame.kind === 'oversized' || frame.kind === 'unknown-status') return frames;
    }
    drained();
  }
  return frames;
}

/** The places of cuts, and the changes of bytes. */
export const places = fc.array(fc.nat(), { maxLength: 200, size: 'max' });
const mutations = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
  maxLength: 8,
});

/** The bytes with some of them changed. */
function mutate(bytes: Buffer, changes: readonly (readonly [number, number])[]): Buffer {
  const mutated = Buffer.from(bytes);
  for (const [place, byte] of changes) {
    if (mutated.length > 0) mutated[place % mutated.length] = byte;
  }
  return mutated;
}

/** Enough runs to find a planted bug, and an end on a slow machine. */
export const runs = { numRuns: 500, interruptAfterTimeLimit: 8_000 };

/** Tests that a decoder makes of bytes, whole, cut and byte by byte, the frames that were written. */
export function testCuts<Frame>(
  frames: fc.Arbitrary<Frame[]>,
  encode: (frames: readonly Frame[]) => Buffer,
  decodeWithinBounds: (chunks: readonly Buffer[]) => unknown[],
): void {
  const sameHoweverCut = (bytes: Uint8Array, places: readonly number[]) => {
    const whole = decodeWithinBounds([Buffer.from(bytes)]);
    expect(decodeWithinBounds(cut(bytes, places))).toEqual(whole);
    expect(decodeWithinBounds(cutEverywhere(bytes))).toEqual(whole);
  };

  it('reads back what was written, however it is cut', () => {
    fc.assert(
      fc.property(frames, places, (frames, places) => {
        expect(decodeWithinBounds(cut(encode(frames), places))).toEqual(frames);
      }),
      runs,
    );
  });

  it('makes the same of arbitrary bytes whole, cut and byte by byte, and never throws', () => {
    const bytes = fc.uint8Array({ maxLength: 3_000, size: 'max' });
    fc.assert(fc.property(bytes, places, sameHoweverCut), runs);
  });

  it('makes the same of damaged frames whole, cut and byte by byte, and never throws', () => {
    fc.assert(
      fc.property(frames, mutations, places, (frames, mutations, places) => {
        sameHoweverCut(mutate(encode(frames), mutations), places);
      }),
      { ...runs, numRuns: 150 },
    );
  });
}
