import fc from 'fast-check';
import { expect, it } from 'vitest';
import { InFlight, type SentMessage } from './in-flight.ts';

const message = fc.record({
  id: fc.integer({ min: 1, max: 2 ** 43 - 1 }),
  bytes: fc.integer({ min: 0, max: 1_023 }),
});
const step = fc.oneof(
  { weight: 3, arbitrary: fc.array(message, { maxLength: 2_000 }) },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
);

it('has what was added and not taken, in order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const inFlight = new InFlight();
      let expected: SentMessage[] = [];
      for (const next of steps) {
        if (typeof next !== 'number') {
          for (const each of next) inFlight.push(each);
          expected.push(...next);
        } else {
          const count = Math.floor(next * expected.length);
          expect(inFlight.take(count)).toBe(count === 0 ? 0 : expected[count - 1]?.id);
          expected = expected.slice(count);
        }
        expect(inFlight.length).toBe(expected.length);
        expect(inFlight.bytes).toBe(expected.reduce((sum, { bytes }) => sum + bytes, 0));
      }
    }),
    { numRuns: 200 },
  );
});
