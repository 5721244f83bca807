import { describe, expect, it } from 'vitest';
import { drawn, slowed } from '../../../test/noise.ts';
import { type Ratio, ratioOfPairs } from '../intervals/ratio.ts';
import { normal, type Random, seededRandom } from '../random.ts';
import { noiseFloor, verdict } from './verdict.ts';

const ratio = (low: number, value: number, high: number): Ratio => ({
  value,
  interval: { low, high },
  n: 6,
});

const none: Ratio = { value: 2, interval: undefined, n: 3 };

describe('verdict', () => {
  it.each([
    [ratio(1.05, 1.1, 1.2), 'higher'],
    [ratio(0.8, 0.9, 0.95), 'lower'],
    [ratio(0.99, 1.1, 1.2), 'no detectable difference'],
    [ratio(0.8, 0.9, 1.01), 'no detectable difference'],
    [ratio(1, 1.1, 1.2), 'no detectable difference'],
    [none, 'not enough runs'],
  ] as const)('of %o is %s', (given, expected) => {
    expect(verdict(given)).toBe(expected);
  });

  it('says that a difference could be the rig’s where it is within the floor, up or down', () => {
    expect(verdict(ratio(1.05, 1.1, 1.2), 0.11)).toBe('within the noise floor');
    expect(verdict(ratio(1.05, 1.1, 1.2), 0.09)).toBe('higher');
    // 0.9 is as far below 1 as 1.111 is above.
    expect(verdict(ratio(0.8, 0.9, 0.95), 0.12)).toBe('within the noise floor');
    expect(verdict(ratio(0.8, 0.9, 0.95), 0.105)).toBe('lower');
  });

  it('has a floor decide nothing where the interval holds 1, or there is none', () => {
    expect(verdict(ratio(0.99, 1.01, 1.2), 0.5)).toBe('no detectable difference');
    expect(verdict(none, 0.5)).toBe('not enough runs');
  });
});

describe('noiseFloor', () => {
  const calm = [1.02, 0.99, 1.01, 0.98, 1.01, 0.99, 1.02, 0.98, 1.01, 0.99];

  it('is as far as the median of as many rounds may come to lie from 1', () => {
    expect(noiseFloor(calm)).toBeCloseTo(0.0116, 3);
    expect(noiseFloor([...calm, ...calm, ...calm, ...calm])).toBeCloseTo(0.0058, 3);
    expect(noiseFloor(calm.map((one) => 1 / one))).toBeCloseTo(noiseFloor(calm) ?? 0, 10);
  });

  it('has in it what two equal lanes lie apart in every round', () => {
    expect(noiseFloor(calm.map((one) => one * 1.1))).toBeGreaterThan(0.1);
  });

  it.each([13, 1 / 13])('hardly moves for one round in ten that is %f times as much', (outlier) => {
    const moved = noiseFloor([...calm.slice(1), outlier]) ?? Number.NaN;
    expect(moved).toBeLessThan(2 * (noiseFloor(calm) ?? 0));
  });

  it('is undefined when there are too few rounds', () => {
    expect(noiseFloor([])).toBeUndefined();
    expect(noiseFloor([1.1, 0.9])).toBeUndefined();
    expect(noiseFloor([1, 1, 1])).toBe(0);
  });
});

const noisy = (random: Random) => Math.exp(0.03 * normal(random));
const quiet = (random: Random) => Math.exp(0.01 * normal(random));

describe('an A/A run', () => {
  const cells = [6, 10, 12].flatMap((rounds) => [
    ['noise of 3 %', rounds, noisy] as const,
    ['noise that also slows one run in seven', rounds, slowed] as const,
  ]);

  it.each(cells)('with %s and %i rounds is hardly ever found different', (_, rounds, noise) => {
    const { alone, withFloor } = found(rounds, 1, noise);
    expect(alone).toBeLessThan(0.05);
    expect(withFloor).toBeLessThan(0.03);
  });
});

describe('a lane that takes 10 % longer', () => {
  // What is found, at the least: by the interval alone, and beyond the floor of an A/A ratio too.
  it.each([
    ['noise of 1 %', 6, quiet, 1, 0.999],
    ['noise of 3 %', 6, noisy, 0.91, 0.72],
    ['noise of 3 %', 10, noisy, 0.99, 0.95],
    ['noise of 3 %', 12, noisy, 0.99, 0.97],
  ] as const)('is found with %s and %i rounds', (_, rounds, noise, aloneMin, withFloorMin) => {
    const { alone, withFloor } = found(rounds, 1.1, noise);
    expect(alone).toBeGreaterThanOrEqual(aloneMin);
    expect(withFloor).toBeGreaterThanOrEqual(withFloorMin);
  });
});

/** The part of simulated experiments that find a difference for a lane `factor` times as slow. */
function found(rounds: number, factor: number, noise: (random: Random) => number) {
  const random = seededRandom(rounds);
  const experiments = 3_000;
  const run = (by: number) => {
    const drift = drawn(rounds, () => Math.exp(0.2 * normal(random)));
    const own = drift.map((level) => level * by * noise(random));
    const baseline = drift.map((level) => level * noise(random));
    const ratios = own.map((value, round) => value / (baseline[round] ?? Number.NaN));
    return { ratios, ratio: ratioOfPairs(own, baseline) };
  };
  let [alone, withFloor] = [0, 0];
  for (let experiment = 0; experiment < experiments; experiment++) {
    const measured = run(factor);
    const floor = noiseFloor(run(1).ratios);
    if (isFound(verdict(measured.ratio), factor)) alone++;
    if (isFound(verdict(measured.ratio, floor), factor)) withFloor++;
  }
  return { alone: alone / experiments, withFloor: withFloor / experiments };
}

/** With a real difference, one in the wrong direction is not found. */
function isFound(given: string, factor: number): boolean {
  return given === 'higher' || (factor === 1 && given === 'lower');
}
