import { describe, expect, it } from 'vitest';
import { drawn, noises, slowed } from '../../../test/noise.ts';
import { ascending } from '../order.ts';
import { type Random, seededRandom } from '../random.ts';
import { bootstrapOfMedian } from './median-bootstrap.ts';
import { expandedTail, type Interval, medianInterval } from './median-interval.ts';
import { ratioOfPairs } from './ratio.ts';

const experiments = 8_000;

// With 8,000 experiments a coverage of 95 % is known to a quarter of a per cent.
const band = { low: 0.945, high: 0.99 };

const cells = [6, 12].flatMap((n) => Object.keys(noises).map((name) => [n, name] as const));

describe('the coverage of medianInterval, nominally 95 %', () => {
  it.each(cells)('is close with %i runs and %s noise', (n, name) => {
    const noise = noises[name];
    if (noise === undefined) throw new Error(name);
    const share = coverage(noise.median, (random) =>
      medianInterval(drawn(n, () => noise.draw(random))),
    );
    expect(share).toBeGreaterThan(band.low);
    expect(share).toBeLessThan(band.high);
  });

  it.each(cells.slice(0, 5))(
    'would be too low with %i runs and %s noise by plain percentiles',
    (n, name) => {
      const noise = noises[name];
      if (noise === undefined) throw new Error(name);
      const share = coverage(noise.median, (random) => plain(drawn(n, () => noise.draw(random))));
      expect(share).toBeLessThan(band.low);
    },
  );

  it.each([6, 12])('is close for a ratio over %i rounds that drift', (n) => {
    const share = coverage(1.1, (random) => {
      const drift = drawn(n, () => Math.exp(2 * random()));
      const own = drift.map((level) => 1.1 * level * slowed(random));
      const baseline = drift.map((level) => level * slowed(random));
      return ratioOfPairs(own, baseline).interval;
    });
    expect(share).toBeGreaterThan(band.low);
    expect(share).toBeLessThan(band.high);
  });
});

describe('medianInterval', () => {
  it('goes from the smallest to the largest of six runs', () => {
    expect(medianInterval([3, 1, 60, 5, 4, 2])).toEqual({ low: 1, high: 60 });
  });

  // With 21 runs, tails without Hesterberg's root of n / (n - 1) would end one run further in.
  it.each([
    [8, { low: 0.5, high: 6.5 }],
    [20, { low: 4.5, high: 14.5 }],
    [21, { low: 5, high: 15 }],
  ])('leaves out the outermost of %i runs, as many at either end', (n, expected) => {
    const runs = Array.from({ length: n }, (_, index) => index);
    expect(medianInterval(runs.toReversed())).toEqual(expected);
  });

  it.each([6, 7, 12, 13, 20, 60])(
    'ends where the tails of the whole distribution do, of %i runs',
    (n) => {
      const random = seededRandom(n);
      const tail = expandedTail(n, 0.97);
      for (let count = 0; count < 50; count++) {
        // Half of them whole numbers, of which many are equal.
        const runs = drawn(n, () => (count % 2 === 0 ? random() : Math.floor(8 * random())));
        expect(medianInterval(runs)).toEqual(cutOff(runs, tail));
      }
    },
  );

  it('is undefined when the smallest and largest run do not hold the median often enough', () => {
    expect(medianInterval([])).toBeUndefined();
    expect(medianInterval([1, 2, 3, 4, 5])).toBeUndefined();
    expect(medianInterval([1, 2, 3, 4, 5, 6])).toEqual({ low: 1, high: 6 });
  });
});

function coverage(median: number, experiment: (random: Random) => Interval | undefined): number {
  const random = seededRandom(1);
  let covered = 0;
  for (let count = 0; count < experiments; count++) {
    const interval = experiment(random);
    if (interval !== undefined && interval.low <= median && median <= interval.high) covered++;
  }
  return covered / experiments;
}

/** The percentile interval as it is mostly used: a fortieth cut off at either end. */
const plain = (values: readonly number[]) => cutOff(values, 0.025);

function cutOff(values: readonly number[], tail: number): Interval {
  const atoms = bootstrapOfMedian(ascending(values));
  const cut = (list: typeof atoms) => {
    let sum = 0;
    const found = list.find(({ probability }) => {
      sum += probability;
      return sum >= tail;
    });
    return found?.value ?? Number.NaN;
  };
  return { low: cut(atoms), high: cut(atoms.toReversed()) };
}
