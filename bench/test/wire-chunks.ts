import fc from 'fast-check';
import type { Annotators } from '../src/bytes/dissect/annotator.ts';
import { type ConnectionDissector, WireError } from '../src/bytes/dissect/dissector.ts';
import { Tally } from '../src/bytes/dissect/tally.ts';
import type { Layer } from '../src/bytes/layers.ts';
import type { Traffic } from '../src/bytes/ledger.ts';

/** A chunk as it crossed. */
export interface Chunk {
  readonly way: keyof Annotators;
  readonly bytes: Buffer;
}

export type Dissect = (tally: Tally) => ConnectionDissector;

/** Bytes written as hex pairs, blanks and comments behind `//` left out. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replace(/\/\/.*$/gm, '').replace(/\s/g, ''), 'hex');
}

/** Dissects chunks, and checks that every byte is annotated or pending at any time. */
export function dissect(makeDissector: Dissect, chunks: readonly Chunk[]): Tally {
  const tally = new Tally();
  const dissector = makeDissector(tally);
  const pushed = { sent: 0, received: 0 };
  for (const { way, bytes } of chunks) {
    dissector[way].push(Buffer.from(bytes));
    pushed[way] += bytes.length;
    const known: Traffic = {
      sent: tally.total.sent + dissector.sent.pendingBytes,
      received: tally.total.received + dissector.received.pendingBytes,
    };
    if (known.sent !== pushed.sent || known.received !== pushed.received) {
      throw new Error(`of ${JSON.stringify(pushed)} bytes, ${JSON.stringify(known)} have a place`);
    }
  }
  return tally;
}

/** The layers of chunks of one direction. */
export function layersOf(
  makeDissector: Dissect,
  way: Chunk['way'],
  ...chunks: readonly Buffer[]
): Partial<Record<Layer, number>> {
  const { layers } = dissect(
    makeDissector,
    chunks.map((bytes) => ({ way, bytes })),
  );
  return Object.fromEntries(Object.entries(layers).map(([layer, bytes]) => [layer, bytes[way]]));
}

/** The same, or that it was refused. */
export function dissectOrRefuse(
  makeDissector: Dissect,
  chunks: readonly Chunk[],
): Tally | 'refused' {
  try {
    return dissect(makeDissector, chunks);
  } catch (error) {
    if (error instanceof WireError) return 'refused';
    throw error;
  }
}

/**
 * The same bytes, cut at places (each taken modulo the length of all of them). What crossed in one
 * direction before the other still does: a response never comes before its request.
 */
export function recut(chunks: readonly Chunk[], places: readonly number[]): Chunk[] {
  const joined = joinNeighbours(chunks);
  const total = joined.reduce((length, { bytes }) => length + bytes.length, 0);
  const at = [...new Set(places.map((place) => place % (total + 1)))].sort((a, b) => a - b);
  let start = 0;
  return joined.flatMap(({ way, bytes }) => {
    const end = start + bytes.length;
    const cuts = at.filter((place) => place > start && place < end).map((place) => place - start);
    const edges = [0, ...cuts, bytes.length];
    start = end;
    return edges
      .slice(1)
      .map((edge, index) => ({ way, bytes: bytes.subarray(edges[index], edge) }));
  });
}

/** The same bytes, one a chunk. */
export function recutEverywhere(chunks: readonly Chunk[]): Chunk[] {
  return chunks.flatMap(({ way, bytes }) =>
    [...bytes].map((byte) => ({ way, bytes: Buffer.of(byte) })),
  );
}

/** The chunks with one byte changed. */
export function mutate(chunks: readonly Chunk[], place: number, byte: number): Chunk[] {
  const total = chunks.reduce((length, { bytes }) => length + bytes.length, 0);
  let at = place % total;
  return chunks.map(({ way, bytes }) => {
    const mutated = Buffer.from(bytes);
    if (at >= 0 && at < bytes.length) mutated[at] = byte;
    at -= bytes.length;
    return { way, bytes: mutated };
  });
}

function joinNeighbours(chunks: readonly Chunk[]): Chunk[] {
  const joined: Chunk[] = [];
  for (const chunk of chunks) {
    const last = joined.at(-1);
    if (last?.way !== chunk.way) joined.push(chunk);
    else joined[joined.length - 1] = { ...last, bytes: Buffer.concat([last.bytes, chunk.bytes]) };
  }
  return joined;
}

/** Places at which to cut. */
export const places = fc.array(fc.nat(), { maxLength: 60, size: 'max' });

/** Enough runs to find a planted bug, and an end on a slow machine. */
export const runs = { numRuns: 200, interruptAfterTimeLimit: 8_000 };
