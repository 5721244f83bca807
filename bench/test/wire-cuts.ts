import fc from 'fast-check';
import { expect } from 'vitest';
import { dissectConnection } from '../src/bytes/dissect/dissect.ts';
import type { Tally } from '../src/bytes/dissect/tally.ts';
import type { Lane } from '../src/lanes/lane.ts';
import { dissect, dissectOrRefuse, mutate, places, recut, recutEverywhere } from './wire-chunks.ts';
import type { Played } from './wire-play.ts';

/** Expects what was recorded to add up however it is cut, and to be refused or to add up when it is damaged. */
export function expectAddsUp(lane: Lane, { chunks, keyLog }: Played, tls: boolean): void {
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
    // Over TLS, whatever byte is changed, its record is refused.
    { numRuns: tls ? 20 : 80, interruptAfterTimeLimit: 8_000 },
  );
  expect(refused).toBeGreaterThan(0);
}
