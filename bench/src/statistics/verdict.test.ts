import { describe, expect, it } from 'vitest';
import { drawn, normal, slowed } from './noise.ts';
import { type Random, seededRandom } from './random.ts';
import { type Ratio, ratioOfPairs } from './ratio.ts';
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

  it('finds no difference within the noise floor, up or down', () => {
    expect(verdict(ratio(1.05, 1.1, 1.2), 0.11)).toBe('no detectable difference');
    expect(verdict(ratio(1.05, 1.1, 1.2), 0.09)).toBe('higher');
    // 0.9 is as far below 1 as 1.111 is above.
    expect(verdict(ratio(0.8, 0.9, 0.95), 0.12)).toBe('no detectable difference');
    expect(verdict(ratio(0.8, 0.9, 0.95), 0.105)).toBe('lower');
  });
});

describe('noiseFloor', () => {
  it('is the farthest from 1 that any interval reaches', () => {
    expect(noiseFloor([ratio(0.98, 1, 1.04), ratio(0.99, 1, 1.01)])).toBeCloseTo(0.04);
    expect(noiseFloor([ratio(0.8, 0.9, 1.04)])).toBeCloseTo(0.25);
    expect(noiseFloor([ratio(0.98, 1, 1.02), none])).toBeCloseTo(0.0204);
  });

  it('is undefined when no interval says anything', () => {
    expect(noiseFloor([])).toBeUndefined();
    expect(noiseFloor([none])).toBeUndefined();
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
    expect(withFloor).toBeLessThan(0.01);
  });
});

describe('a lane that takes 10 % longer', () => {
  // What is found, at the least: by the interval alone, and beyond the floor of an A/A ratio too.
  it.each([
    ['noise of 1 %', 6, quiet, 1, 0.999],
    ['noise of 3 %', 6, noisy, 0.91, 0.72],
    ['noise of 3 %', 10, noisy, 0.995, 0.98],
    ['noise of 3 %', 12, noisy, 0.995, 0.98],
  ] as const)('is found with %s and %i rounds', (_, rounds, noise, aloneMin, withFloorMin) => {
    const { alone, withFloor } = found(rounds, 1.1, noise);
    expect(alone).toBeGreaterThanOrEqual(aloneMin);
    expect(withFloor).toBeGreaterThanOrEqual(withFloorMin);
  });
});

/** The part of simulated experiments that find a difference for a lane `factor` times as slow. */
function found(rounds: number, factor: number, noise: (random: Random) => number) {
  const random = seededRandom(rounds);
  const experiments = 5_000;
  const run = (by: number) => {
    const drift = drawn(rounds, () => Math.exp(0.2 * normal(random)));
    const own = drift.map((level) => level * by * noise(random));
    const baseline = drift.map((level) => level * noise(random));
    return ratioOfPairs(own, baseline);
  };
  let [alone, withFloor] = [0, 0];
  for (let experiment = 0; experiment < experiments; experiment++) {
    const measured = run(factor);
    const floor = noiseFloor([run(1)]);
    if (isFound(verdict(measured), factor)) alone++;
    if (isFound(verdict(measured, floor), factor)) withFloor++;
  }
  return { alone: alone / experiments, withFloor: withFloor / experiments };
}

/** With a real difference, one in the wrong direction is not found. */
function isFound(given: string, factor: number): boolean {
  return given === 'higher' || (factor === 1 && given === 'lower');
}
