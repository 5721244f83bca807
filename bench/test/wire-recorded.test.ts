import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadLane } from '../src/lanes/index.ts';
import { dissectConnection } from '../src/wire/dissect.ts';
import type { Tally } from '../src/wire/tally.ts';
import { dissect, dissectOrRefuse, mutate, places, recut, recutEverywhere } from './wire-chunks.ts';
import { play } from './wire-play.ts';

// One for each thing that there is to take apart. In the seed dialect a cut has a meaning, and of an
// echo nothing can be cut.
const names = ['sockets-framed', 'http2-echo', 'grpc-echo', 'grpc-unary', 'grpc-converse'];
const lanes = await Promise.all(names.map(loadLane));

describe.each([
  ['TCP', false],
  ['TLS', true],
])('what was recorded over %s', (_, tls) => {
  it.each(lanes)(
    'adds up however it is cut, and is refused or adds up when damaged, on $name',
    { timeout: 60_000 },
    async (lane) => {
      const { chunks, keyLog } = await play(lane, tls);
      const make = (tally: Tally) => dissectConnection(lane, () => tally, keyLog);
      const whole = dissect(make, chunks);
      expect(whole.total.sent).toBeGreaterThan(0);
      expect(dissect(make, recutEverywhere(chunks)).layers).toEqual(whole.layers);
      fc.assert(
        fc.property(places, (places) => {
          expect(dissect(make, recut(chunks, places)).layers).toEqual(whole.layers);
        }),
        { numRuns: 20, interruptAfterTimeLimit: 8_000 },
      );
      let refused = 0;
      fc.assert(
        fc.property(fc.nat(), fc.nat({ max: 255 }), (place, byte) => {
          // It throws, and no WireError, when a byte has no place or two.
          if (dissectOrRefuse(make, mutate(chunks, place, byte)) === 'refused') refused++;
        }),
        { numRuns: 80, interruptAfterTimeLimit: 8_000 },
      );
      expect(refused).toBeGreaterThan(0);
    },
  );
});
