import { describe, expect, it } from 'vitest';
import { drawn, slowed } from '../../../test/noise.ts';
import { mean } from '../order.ts';
import { normal, type Random, seededRandom } from '../random.ts';
import { ratioOfPairs } from './ratio.ts';

describe('ratioOfPairs', () => {
  it('is the median of the ratios within the rounds', () => {
    expect(ratioOfPairs([2, 30, 400], [1, 10, 100])).toEqual({
      value: 3,
      interval: undefined,
      n: 3,
    });
    expect(ratioOfPairs([1, 2, 3, 4, 5, 60], [1, 1, 1, 1, 1, 1])).toEqual({
      value: 3.5,
      interval: { low: 1, high: 60 },
      n: 6,
    });
  });

  it('has no interval with too few rounds', () => {
    expect(ratioOfPairs([1, 2, 3, 4, 5], [1, 1, 1, 1, 1]).interval).toBeUndefined();
  });

  it('does not see what slows a whole round', () => {
    const rounds = [1, 7, 2, 9, 3, 30];
    const { value, interval } = ratioOfPairs(
      rounds.map((level) => level * 1.2),
      rounds,
    );
    expect(value).toBeCloseTo(1.2);
    expect(interval).toEqual({ low: expect.closeTo(1.2), high: expect.closeTo(1.2) });
  });

  it('refuses rounds that do not pair, and figures that have no ratio', () => {
    expect(() => ratioOfPairs([1, 2], [1])).toThrow('2 runs cannot be paired with 1');
    expect(() => ratioOfPairs([], [])).toThrow(RangeError);
    expect(() => ratioOfPairs([1, 2], [1, 0])).toThrow('round 2 has no ratio: 2 to 0');
    expect(() => ratioOfPairs([1, Number.NaN], [1, 1])).toThrow(RangeError);
    expect(() => ratioOfPairs([1, -2], [1, 1])).toThrow(RangeError);
  });
});

describe.each([6, 10, 20])('the estimator of ratioOfPairs over %i rounds', (rounds) => {
  const errors = {
    normal: logErrors(rounds, (random) => 1 + 0.03 * normal(random)),
    'log-normal': logErrors(rounds, (random) => Math.exp(0.1 * normal(random))),
    contaminated: logErrors(rounds, slowed),
  };

  it.each(Object.entries(errors))('has no bias in %s noise', (_, { median }) => {
    const standardError = size(median) / Math.sqrt(median.length);
    expect(Math.abs(mean(median))).toBeLessThan(3 * standardError);
  });

  it('is better in contaminated noise than the mean', () => {
    const { median, mean } = errors.contaminated;
    expect(size(median)).toBeLessThan(0.75 * size(mean));
  });

  it('is hardly worse in normal noise', () => {
    const { median, mean } = errors.normal;
    expect(size(median)).toBeLessThan(1.25 * size(mean));
  });
});

/** The errors of the logarithm of a ratio of 1.1, by the median and by the geometric mean. */
function logErrors(rounds: number, noise: (random: Random) => number) {
  const random = seededRandom(rounds);
  const errors = { median: [] as number[], mean: [] as number[] };
  for (let experiment = 0; experiment < 4_000; experiment++) {
    const drift = drawn(rounds, () => Math.exp(random()));
    const own = drift.map((level) => 1.1 * level * noise(random));
    const baseline = drift.map((level) => level * noise(random));
    errors.median.push(Math.log(ratioOfPairs(own, baseline).value / 1.1));
    const logs = own.map((value, round) => Math.log(value / (baseline[round] ?? 0) / 1.1));
    errors.mean.push(mean(logs));
  }
  return errors;
}

function size(errors: readonly number[]): number {
  return Math.sqrt(mean(errors.map((error) => error ** 2)));
}
