import { describe, expect, it } from 'vitest';
import { drawn } from '../../../test/noise.ts';
import {
  coveredOfCommits,
  machinesOf,
  testCommits,
  testMachines,
} from '../../../test/simulations.ts';
import { median } from '../order.ts';
import { seededRandom } from '../random.ts';
import { acrossMachines } from './machines.ts';
import { ratioOfPairs } from './ratio.ts';

const truth = 1.42;

testMachines([3]);

describe('machines whose commits differ', () => {
  testCommits([2]);

  it('do not when each day of a machine counts as a machine', () => {
    expect(coveredOfCommits(2, 0.4, 0, false)).toBeLessThan(0.85);
    expect(coveredOfCommits(3, 0.4, 0, false)).toBeLessThan(0.9);
  });
});

it('is needed: rounds of all machines as if of one miss the figure more often than not', () => {
  const random = seededRandom(7);
  const held = drawn(300, () => {
    const rounds = machinesOf(random, 3, 0.15).flat();
    const { interval } = ratioOfPairs(rounds, Array(rounds.length).fill(1));
    return interval !== undefined && interval.low <= truth && truth <= interval.high ? 1 : 0;
  });
  expect(held.reduce((sum, each) => sum + each, 0) / held.length).toBeLessThan(0.7);
});

describe('acrossMachines', () => {
  it('says that machines differ, by how much, and that little follows from two', () => {
    const { value, interval, between, share } = acrossMachines([
      [1.07, 1.08, 1.09, 1.08, 1.07, 1.08],
      [1.44, 1.45, 1.46, 1.45, 1.44, 1.45],
    ]);
    expect(value).toBeCloseTo(Math.sqrt(1.08 * 1.45), 2);
    expect(Math.log1p(between)).toBeCloseTo(Math.log(1.45 / 1.08) / Math.SQRT2, 2);
    expect(share).toBeGreaterThan(0.99);
    expect(interval.low).toBeLessThan(0.3);
    expect(interval.high).toBeGreaterThan(5);
  });

  it('finds no difference between machines that agree as well as their rounds do', () => {
    const rounds = [0.98, 1, 1.02, 0.99, 1.01, 1];
    const { value, between, share } = acrossMachines([rounds, rounds, rounds]);
    expect(value).toBeCloseTo(median(rounds), 12);
    expect([between, share]).toEqual([0, 0]);
  });

  it('counts a machine once, however many rounds it had', () => {
    const short = [1.0, 1.01, 0.99];
    const long = Array.from({ length: 300 }, (_, i) => 2 + (i % 3) / 100);
    const { value } = acrossMachines([short, long]);
    expect(value).toBeCloseTo(Math.sqrt(2.01), 2);
  });

  it('takes counts that are the same in every run', () => {
    const same = acrossMachines([
      [2, 2, 2],
      [2, 2, 2],
    ]);
    expect(same.value).toBeCloseTo(2, 12);
    expect(same.between).toBe(0);
    expect(
      acrossMachines([
        [1, 1, 1],
        [2, 2, 2],
      ]).value,
    ).toBeCloseTo(Math.SQRT2, 12);
  });

  it.each([
    ['one machine', [[1, 1, 1]]],
    [
      'a machine with two values',
      [
        [1, 1, 1],
        [1, 1],
      ],
    ],
    [
      'a value of 0',
      [
        [1, 1, 1],
        [1, 0, 1],
      ],
    ],
    [
      'no number',
      [
        [1, 1, 1],
        [1, Number.NaN, 1],
      ],
    ],
  ])('refuses %s', (_, machines) => {
    expect(() => acrossMachines(machines)).toThrow(RangeError);
  });
});
