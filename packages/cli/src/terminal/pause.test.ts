import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pauseMs } from './pause.ts';

it('pauses from 1 to 30 seconds, whatever the attempt', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, random) => {
        const ms = pauseMs(attempt, random);
        expect(ms).toBeGreaterThanOrEqual(1_000);
        expect(ms).toBeLessThanOrEqual(30_000);
      },
    ),
  );
});

it('pauses at most twice as long each time, until 30 seconds', () => {
  expect([1, 2, 3, 4, 5, 6].map((attempt) => pauseMs(attempt, 1))).toEqual([
    2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
  expect(pauseMs(6, 0)).toBe(1_000);
});
