import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawn } from '../../test/noise.ts';
import { ascending, mean, median, quantile } from './order.ts';
import { exponential, normal, type Random, seededRandom } from './random.ts';

describe('quantile', () => {
  it('goes between neighbours in proportion, as R and NumPy do', () => {
    const sorted = [1, 2, 4, 8];
    expect([0, 0.1, 0.25, 0.5, 0.9, 1].map((q) => quantile(sorted, q))).toEqual([
      1,
      expect.closeTo(1.3, 12),
      1.75,
      3,
      expect.closeTo(6.8, 12),
      8,
    ]);
  });

  it('lies between the values and never falls as q rises', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 });
    const q = fc.double({ noNaN: true, min: 0, max: 1 });
    fc.assert(
      fc.property(values, q, q, (values, a, b) => {
        const sorted = ascending(values);
        const [low, high] = [quantile(sorted, Math.min(a, b)), quantile(sorted, Math.max(a, b))];
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(sorted[0] as number);
        expect(high).toBeLessThanOrEqual(sorted.at(-1) as number);
      }),
    );
  });

  it('takes equal infinities as they are', () => {
    expect(quantile([1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.75)).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it('has no quantile of an empty list, and refuses a q outside 0 to 1', () => {
    expect(quantile([], 0.5)).toBeNaN();
    expect(mean([])).toBeNaN();
    expect(() => quantile([1], 95)).toThrow('a quantile is from 0 to 1, not 95');
    expect(() => quantile([1], Number.NaN)).toThrow(RangeError);
  });
});

describe('median', () => {
  it('orders by value and leaves the list as it was', () => {
    const values = [10, 9, 100];
    expect(median(values)).toBe(10);
    expect(values).toEqual([10, 9, 100]);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  // The k-th smallest of n exponential times is on average 1/n + 1/(n-1) + ... + 1/(n-k+1).
  const known: readonly [string, number, (random: Random) => number, number][] = [
    ['normal', 6, (random) => 5 + normal(random), 5],
    ['normal', 7, (random) => 5 + normal(random), 5],
    ['exponential', 6, (random) => exponential(random, 1), 1 / 6 + 1 / 5 + 1 / 4 + 1 / 3 / 2],
    ['exponential', 7, (random) => exponential(random, 1), 1 / 7 + 1 / 6 + 1 / 5 + 1 / 4],
  ];

  it.each(known)('of %s samples of %i is on average what theory says', (_, n, draw, expected) => {
    const random = seededRandom(n);
    const medians = drawn(20_000, () => median(drawn(n, () => draw(random))));
    expect(distanceInErrors(medians, expected)).toBeLessThan(3);
  });

  it('of many samples comes to the known median', () => {
    const random = seededRandom(5);
    const ofLogNormal = median(drawn(100_001, () => Math.exp(2 + 0.5 * normal(random))));
    const ofExponential = median(drawn(100_001, () => exponential(random, 1)));
    // Standard errors of a median: half over the density there and the root of the number.
    expect(Math.abs(Math.log(ofLogNormal) - 2)).toBeLessThan(3 * 0.5 * 1.2533 * 0.00317);
    expect(Math.abs(ofExponential - Math.LN2)).toBeLessThan(3 * 0.00317);
  });
});

/** The distance of the mean from the expected one, in standard errors. */
function distanceInErrors(values: readonly number[], expected: number): number {
  const centre = mean(values);
  const variance = mean(values.map((value) => (value - centre) ** 2));
  return Math.abs(centre - expected) / Math.sqrt(variance / values.length);
}
