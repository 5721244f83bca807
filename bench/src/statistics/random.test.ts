import { describe, expect, it } from 'vitest';
import { drawn, kolmogorovSmirnov } from '../../test/noise.ts';
import { ascending, mean } from './order.ts';
import { exponential, seededRandom, xoshiro128StarStar } from './random.ts';

describe('xoshiro128StarStar', () => {
  it('gives what the reference implementation gives for the state 1, 2, 3, 4', () => {
    expect(drawn(10, xoshiro128StarStar([1, 2, 3, 4]))).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ]);
  });
});

describe('seededRandom', () => {
  it('gives the same numbers for the same seed, and others for the next one', () => {
    expect(drawn(5, seededRandom(7))).toEqual(drawn(5, seededRandom(7)));
    expect(drawn(5, seededRandom(7))).not.toEqual(drawn(5, seededRandom(8)));
  });

  it.each([0, 1, 2 ** 31, -5])('is uniform from 0 to 1 for seed %i', (seed) => {
    const sorted = ascending(drawn(20_000, seededRandom(seed)));
    expect(sorted[0]).toBeGreaterThanOrEqual(0);
    expect(sorted.at(-1)).toBeLessThan(1);
    expect(kolmogorovSmirnov(sorted, (x) => x)).toBeLessThan(1.95);
  });

  it('does not let a number tell of the next, nor a seed of its neighbour', () => {
    const [one, other] = [seededRandom(1), seededRandom(2)];
    const values = drawn(20_000, one);
    const neighbours = drawn(20_000, other);
    expect(Math.abs(correlation(values.slice(1), values))).toBeLessThan(0.025);
    expect(Math.abs(correlation(values, neighbours))).toBeLessThan(0.025);
  });
});

describe('exponential', () => {
  it('is exponentially distributed, with the mean asked for', () => {
    const random = seededRandom(3);
    const sorted = ascending(drawn(20_000, () => exponential(random, 4)));
    expect(kolmogorovSmirnov(sorted, (x) => 1 - Math.exp(-x / 4))).toBeLessThan(1.95);
  });

  it('is finite where the random number is as low and as high as can be', () => {
    expect(exponential(() => 0, 4)).toBeCloseTo(0);
    expect(exponential(() => 1 - 2 ** -32, 4)).toBeCloseTo(4 * 32 * Math.LN2);
  });
});

function correlation(a: readonly number[], b: readonly number[]): number {
  return 12 * mean(a.map((value, index) => (value - 0.5) * ((b[index] ?? 0) - 0.5)));
}
