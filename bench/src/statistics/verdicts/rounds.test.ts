import { describe, expect, it } from 'vitest';
import { testRoundsNeeded } from '../../../test/simulations.ts';
import type { Ratio } from '../intervals/ratio.ts';
import { halfWidth, roundsNeeded, roundWanted } from './rounds.ts';

const rule = { roundsMin: 6, roundsMax: 10, halfWidthMax: 0.05, repeatsMax: 3 };
const narrow: Ratio = { value: 2, interval: { low: 1.96, high: 2.04 }, n: 8 };
const wide: Ratio = { value: 2, interval: { low: 1.8, high: 2.2 }, n: 8 };
const none: Ratio = { value: 2, interval: undefined, n: 5 };

describe('roundWanted', () => {
  it.each([
    ['there are too few', { calm: 5, slow: 0, ratios: [narrow] }, 'slow'],
    ['one was slow', { calm: 5, slow: 1, ratios: [narrow] }, 'slow'],
    ['one that was added was slow too', { calm: 5, slow: 3, ratios: [none] }, 'slow'],
    ['an interval is wide', { calm: 6, slow: 0, ratios: [narrow, wide] }, 'wide'],
    ['there is no interval yet', { calm: 6, slow: 0, ratios: [none] }, 'wide'],
  ] as const)('wants one more when %s', (_, soFar, reason) => {
    expect(roundWanted(soFar, rule)).toBe(reason);
  });

  it('wants one last when a comparison has the few that it was promised, and no interval', () => {
    const few = { promised: 3, slow: 0, ratios: [none] };

    expect(roundWanted({ ...few, calm: 2 }, rule)).toBe('slow');
    expect(roundWanted({ ...few, calm: 3 }, rule)).toBe('few');
    expect(roundWanted({ ...few, calm: 3, slow: 6 }, rule)).toBeUndefined();
  });

  it.each([
    ['all intervals are narrow', { calm: 6, slow: 0, ratios: [narrow, narrow] }],
    ['nothing is compared', { calm: 6, slow: 0, ratios: [] }],
    ['there are as many as there may be', { calm: 10, slow: 0, ratios: [wide] }],
    ['as many were added for slow ones as may be', { calm: 2, slow: 7, ratios: [none] }],
  ])('wants no more when %s', (_, soFar) => {
    expect(roundWanted(soFar, rule)).toBeUndefined();
  });
});

describe('halfWidth', () => {
  it('is how far both ends lie from their middle, as a fraction', () => {
    expect(halfWidth({ low: 1 / 1.05, high: 1.05 })).toBeCloseTo(0.05);
    expect(halfWidth({ low: 10 / 1.05, high: 10.5 })).toBeCloseTo(0.05);
    expect(halfWidth({ low: 3, high: 3 })).toBe(0);
    expect(halfWidth(undefined)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('roundsNeeded', () => {
  const target = 0.05;

  it('is what there is where that is narrow, and one more at least where it is not', () => {
    expect(roundsNeeded(narrow, target)).toBe(8);
    const almost = { low: 1 / 1.0501, high: 1.0501 };
    for (const n of [6, 10, 18, 40]) {
      expect(roundsNeeded({ value: 1, interval: almost, n }, target)).toBeGreaterThan(n);
    }
  });

  it('goes with the square of the width where rounds are many', () => {
    const of = (factor: number) => ({ low: 1 / factor, high: factor });
    const needed = roundsNeeded({ value: 1, interval: of(1.05 ** 2), n: 60 }, target);
    expect(needed).toBeGreaterThan(180);
    expect(needed).toBeLessThan(240);
  });

  testRoundsNeeded([0.09]);
});
