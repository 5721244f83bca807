import { describe, expect, it } from 'vitest';
import { dissectConnection } from '../src/bytes/dissect/dissect.ts';
import { dissectHttp2, opaqueBodies } from '../src/bytes/dissect/http2/connection.ts';
import { Tally } from '../src/bytes/dissect/tally.ts';
import { loadLane } from '../src/lanes/index.ts';
import type { Lane } from '../src/lanes/lane.ts';
import { controls, hasTshark, ownReading, readColumns, tsharkReading } from './tshark.ts';
import { type Chunk, dissect, hex } from './wire-chunks.ts';
import { expectAddsUp } from './wire-cuts.ts';
import { type Played, play } from './wire-play.ts';

const converse = await loadLane('grpc-converse');
const grpc = [await loadLane('grpc-unary'), converse];
// The other lanes are in wire-recorded.long.test.ts.
const cut = [await loadLane('sockets-framed'), converse];

const read = hasTshark
  ? 'is read by tshark in the same way'
  : 'is read by tshark in the same way (skipped: there is none; apt-get install tshark)';

describe.each([
  ['TCP', false],
  ['TLS', true],
])('what was recorded over %s', (_, tls) => {
  const played = new Map<Lane, Promise<Played>>();
  const playOnce = (lane: Lane) => {
    const playing = played.get(lane) ?? play(lane, tls);
    played.set(lane, playing);
    return playing;
  };

  it.each(cut)(
    'adds up however it is cut, and is refused or adds up when damaged, on $name',
    async (lane) => {
      expectAddsUp(lane, await playOnce(lane), tls);
    },
  );

  it.skipIf(!hasTshark).each(grpc)(`${read}, on $name`, async (lane) => {
    const { chunks, keyLog } = await playOnce(lane);
    const { annotations } = dissect(
      (tally) => dissectConnection(lane, () => tally, keyLog),
      chunks,
    );
    const tshark = tsharkReading(chunks, keyLog);
    for (const way of ['sent', 'received'] as const) {
      const own = ownReading(annotations[way]);
      expect(own).toEqual(tshark[way]);
      expect(own.frames.length).toBeGreaterThan(10);
      expect(own.headers.length).toBeGreaterThan(5);
      expect(own.fields.length).toBeGreaterThan(10);
      expect(own.records.length > 10).toBe(tls);
    }
  });
});

describe.skipIf(!hasTshark)('what no recording has', () => {
  // Each number of 31 bits stands behind its reserved bit, which is set.
  it('reads the same numbers in frames of every type', () => {
    const preface = hex('50 52 49 20 2a 20 48 54 54 50 2f 32 2e 30 0d 0a 0d 0a 53 4d 0d 0a 0d 0a');
    const sent = hex(`
      00 00 00 04 00 00000000
      00 00 0c 01 2c 80000001 03 80000000 10 82 86 84 000000  // HEADERS, padded, with priority
      00 00 04 08 00 80000001 8000ffff                         // WINDOW_UPDATE
      00 00 05 02 00 00000003 80000001 ff                      // PRIORITY
      00 00 01 01 00 00000005 82                               // HEADERS, not whole
      00 00 02 09 04 00000005 86 84                            // CONTINUATION
      00 00 04 00 08 00000005 02 61 0000                       // DATA, padded
      00 00 04 03 00 80000005 00000008                         // RST_STREAM
      00 00 03 fa ff 00000000 010203                           // a type that nobody knows
      00 00 08 06 01 00000000 0102030405060708                 // PING`);
    const received = hex(`
      00 00 06 04 00 00000000 0003 000003e8
      00 00 0a 05 0c 00000001 02 80000002 82 86 84 0000        // PUSH_PROMISE, padded
      00 00 0a 07 00 00000000 80000007 0000000b 6279           // GOAWAY`);
    const chunks: Chunk[] = [
      { way: 'sent', bytes: Buffer.concat([preface, sent]) },
      { way: 'received', bytes: received },
    ];
    const { annotations } = dissect(
      (tally) =>
        dissectHttp2(
          Tally.annotators(() => tally),
          opaqueBodies,
        ),
      chunks,
    );
    const fields = controls.flatMap(([, columns]) => columns);
    const tshark = readColumns(chunks, undefined, fields);
    for (const way of ['sent', 'received'] as const) {
      const inOrder = annotations[way].toSorted((a, b) => a.offset - b.offset);
      for (const [pattern, columns] of controls) {
        const own = inOrder.flatMap(({ meaning }) => pattern.exec(meaning)?.[1] ?? []);
        expect(own.map(Number), String(pattern)).toEqual(columns.flatMap(tshark[way]).map(Number));
      }
    }
    const meanings = [...annotations.sent, ...annotations.received].map((one) => one.meaning);
    for (const [pattern] of controls) expect(meanings.join('\n')).toMatch(new RegExp(pattern, 'm'));
  });
});
