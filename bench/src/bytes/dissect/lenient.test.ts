import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Chunk, hex, runs } from '../../../test/wire-chunks.ts';
import type { Lane } from '../../lanes/lane.ts';
import { dissectAnything } from './dissect.ts';
import { Tally } from './tally.ts';
import { KeyLog } from './tls/key-log.ts';

type Wire = Lane['wire'];

/** Has chunks taken apart to their end, and checks that each byte has one annotation. */
function annotate(wire: Wire, chunks: readonly Chunk[], keyLog?: KeyLog) {
  const tally = new Tally();
  const connection = dissectAnything({ wire, hasChat: true }, () => tally, keyLog);
  const bytes = { sent: 0, received: 0 };
  for (const chunk of chunks) {
    connection[chunk.way].push(chunk.bytes);
    bytes[chunk.way] += chunk.bytes.length;
  }
  connection.end();
  for (const way of ['sent', 'received'] as const) {
    const inOrder = tally.annotations[way].toSorted((a, b) => a.offset - b.offset);
    let at = 0;
    for (const { offset, length, meaning } of inOrder) {
      expect(offset, meaning).toBe(at);
      expect(length).toBeGreaterThan(0);
      expect(meaning).not.toBe('');
      at += length;
    }
    expect(at).toBe(bytes[way]);
    expect(connection[way].pendingBytes).toBe(0);
  }
  return tally;
}

const way = fc.constantFrom('sent', 'received');
const anyBytes = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
const anyChunks = fc.array(fc.record({ way, bytes: anyBytes }), { maxLength: 8 });

// What a connection begins with, so that what follows is taken apart and not refused at once.
const preface = hex('50 52 49 20 2a 20 48 54 54 50 2f 32 2e 30 0d 0a 0d 0a 53 4d 0d 0a 0d 0a');
const settings = hex('00 00 00 04 00 00000000');
const openings: Readonly<Partial<Record<Wire, readonly Buffer[]>>> = {
  framed: [hex('81'), hex('81')],
  websocket: [Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.from('HTTP/1.1 101 ok\r\n\r\n')],
  http2: [Buffer.concat([preface, settings]), settings],
};

const few = { ...runs, numRuns: 100 };

function opened(wire: Wire, chunks: readonly Chunk[]): Chunk[] {
  const [sent, received] = openings[wire === 'grpc-unary' ? 'http2' : wire] ?? [];
  if (sent === undefined || received === undefined) return [...chunks];
  return [{ way: 'sent', bytes: sent }, { way: 'received', bytes: received }, ...chunks];
}

const wires = [
  ...(['echo', 'seed', 'framed', 'framed-protobuf', 'websocket', 'http1', 'http2'] as const),
  ...(['connect-unary', 'grpc-unary', 'grpc-converse'] as const),
];

describe('dissectAnything', () => {
  it.each(wires)('annotates each byte once, whatever they are, on %s', (wire) => {
    fc.assert(
      fc.property(anyChunks, (chunks) => {
        annotate(wire, chunks);
        annotate(wire, opened(wire, chunks));
      }),
      few,
    );
  });

  it('annotates each byte once, whatever they are, over TLS', () => {
    const records = fc.record({
      type: fc.integer({ min: 19, max: 24 }),
      payload: anyBytes,
    });
    const chunk = records.map(({ type, payload }) =>
      Buffer.concat([Buffer.of(type, 3, 3, 0, payload.length), payload]),
    );
    fc.assert(
      fc.property(fc.array(fc.record({ way, bytes: chunk }), { maxLength: 6 }), (chunks) => {
        annotate('framed', chunks, new KeyLog());
      }),
      few,
    );
  });

  // A register; a path that the contract has; a message of it; some of each.
  const blocks = [
    '838644182f4d657373616765536572766963652f526567697374657286',
    '828684',
    '88',
    'be',
  ];
  const payloads = fc.oneof(
    anyBytes,
    fc.constantFrom(...blocks, '00000000070a05616c696365', '00000000070a', '0802').map(hex),
  );
  const frame = fc
    .record({
      type: fc.integer({ min: 0, max: 12 }),
      flags: fc.constantFrom(0, 1, 4, 5, 8, 0x0d, 0x20, 0x2d, 0xff),
      stream: fc.constantFrom(0, 1, 2, 3, 0x80000000, 0x80000001),
      payload: payloads,
    })
    .map(({ type, flags, stream, payload }) => {
      const header = Buffer.alloc(9);
      header.writeUIntBE(payload.length, 0, 3);
      header.writeUInt8(type, 3);
      header.writeUInt8(flags, 4);
      header.writeUInt32BE(stream, 5);
      return Buffer.concat([header, payload]);
    });

  it.each(['http2', 'grpc-unary'] as const)(
    'annotates each byte once of frames of every type, whole and cut off, on %s',
    (wire) => {
      const frames = fc.array(fc.record({ way, bytes: frame }), { minLength: 1, maxLength: 12 });
      fc.assert(
        fc.property(frames, fc.nat({ max: 20 }), (chunks, missing) => {
          annotate(wire, opened(wire, chunks));
          const last = chunks.at(-1) as Chunk;
          const bytes = last.bytes.subarray(0, Math.max(0, last.bytes.length - missing));
          annotate(wire, opened(wire, [...chunks.slice(0, -1), { ...last, bytes }]));
        }),
        runs,
      );
    },
  );

  it('says from where on it understands nothing, and goes on in the other direction', () => {
    const tally = annotate('framed', [
      { way: 'sent', bytes: hex('81 01 00 05 61 6c 69 63 65 01 00 33') },
      { way: 'sent', bytes: hex('61 62') },
      { way: 'received', bytes: hex('81 01') },
    ]);
    const [sent, received] = [tally.annotations.sent, tally.annotations.received];
    expect(sent.slice(-2).map(({ offset, length, meaning }) => [offset, length, meaning])).toEqual([
      [9, 3, 'not understood: operation 1 with 51 bytes'],
      [12, 2, 'not understood: operation 1 with 51 bytes'],
    ]);
    expect(received.at(-1)?.meaning).toBe('status 1: registered');
  });

  it('says of what is not complete at the end that it was cut off', () => {
    const { annotations } = annotate('framed', [{ way: 'sent', bytes: hex('81 01 00 05 61') }]);
    expect(annotations.sent.at(-1)).toMatchObject({
      offset: 1,
      length: 4,
      meaning: 'cut off: the rest did not come',
    });
  });
});
