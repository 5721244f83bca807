import { describe, expect, it } from 'vitest';
import { drawn, noises } from '../../../test/noise.ts';
import { ascending } from '../order.ts';
import { type Random, seededRandom } from '../random.ts';
import { bootstrapOfMedian } from './median-bootstrap.ts';
import { expandedTail } from './median-interval.ts';
import { ratioOfMedians } from './ratio-of-medians.ts';

/** Distances from 1, which have a sign, are of no use in a ratio of positive figures. */
const positive = (draw: (random: Random) => number, random: Random) => Math.abs(draw(random));

describe('ratioOfMedians', () => {
  it('divides the medians, whatever order the values are in', () => {
    expect(ratioOfMedians([9, 3, 6], [2, 4, 3]).value).toBe(2);
  });

  it('holds the true ratio in at least 95% of experiments, and not in all of them', () => {
    for (const [name, { draw }] of Object.entries(noises)) {
      const random = seededRandom(11);
      let held = 0;
      for (let i = 0; i < 1_000; i++) {
        const own = drawn(8, () => 1.3 * positive(draw, random));
        const baseline = drawn(12, () => positive(draw, random));
        const { interval } = ratioOfMedians(own, baseline);
        if (interval !== undefined && interval.low <= 1.3 && interval.high >= 1.3) held++;
      }
      expect(held, name).toBeGreaterThan(950);
      expect(held, name).toBeLessThan(998);
    }
  });

  it('cuts the tails of the distribution that all pairs of medians make up', () => {
    const random = seededRandom(5);
    const own = drawn(7, () => 2 + random());
    const baseline = drawn(6, () => 1 + random());
    const [above, below] = [own, baseline].map((values) => bootstrapOfMedian(ascending(values)));
    const pairs = (above ?? []).flatMap((a) =>
      (below ?? []).map((b) => ({
        ratio: a.value / b.value,
        probability: a.probability * b.probability,
      })),
    );
    const tail = expandedTail(6, 0.95, 11);
    let sum = 0;
    const low = pairs
      .sort((a, b) => a.ratio - b.ratio)
      .find(({ probability }) => {
        sum += probability;
        return sum >= tail;
      });
    expect(ratioOfMedians(own, baseline).interval?.low).toBeCloseTo(low?.ratio ?? 0, 10);
  });

  it('gives the inverse for exchanged sides', () => {
    const random = seededRandom(6);
    const [own, baseline] = [drawn(6, () => 2 + random()), drawn(9, () => 1 + random())];
    const [there, back] = [ratioOfMedians(own, baseline), ratioOfMedians(baseline, own)];
    expect(back.value).toBeCloseTo(1 / there.value, 12);
    expect(back.interval?.low).toBeCloseTo(1 / (there.interval?.high ?? 0), 12);
    expect(back.interval?.high).toBeCloseTo(1 / (there.interval?.low ?? 0), 12);
  });

  it('has no interval with fewer than six values on either side', () => {
    const six = [1, 2, 3, 4, 5, 6];
    expect(ratioOfMedians(six, [1, 2, 3, 4, 5]).interval).toBeUndefined();
    expect(ratioOfMedians([1, 2, 3, 4, 5], six).interval).toBeUndefined();
    expect(ratioOfMedians(six, six).interval).toBeDefined();
  });

  it('refuses values without a ratio', () => {
    expect(() => ratioOfMedians([], [1])).toThrow(RangeError);
    expect(() => ratioOfMedians([1], [0])).toThrow(RangeError);
    expect(() => ratioOfMedians([Number.NaN], [1])).toThrow(RangeError);
  });
});
