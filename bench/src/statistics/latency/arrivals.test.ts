import { describe, expect, it } from 'vitest';
import { drawn, kolmogorovSmirnov } from '../../../test/noise.ts';
import { ascending, mean } from '../order.ts';
import { seededRandom } from '../random.ts';
import { type ArrivalKind, arrivals } from './arrivals.ts';

describe('constant arrivals', () => {
  it('begin at once and keep their distance, without drift', () => {
    expect(sendTimes('constant', 500, 4)).toEqual([0, 2, 4, 6]);
    // A third of a second cannot be written in binary; 3,000 of them are 1,000 seconds all the same.
    expect(sendTimes('constant', 3, 3_001).at(-1)).toBe(1_000_000);
  });
});

describe('Poisson arrivals', () => {
  it('have the rate asked for', () => {
    const counts = drawn(200, seedsFrom(1)).map(
      (seed) => sendTimes('poisson', 1_000, 5_000, seed).filter((ms) => ms < 1_000).length,
    );
    // The number in a second has the rate as its mean and as its variance.
    expect(Math.abs(mean(counts) - 1_000)).toBeLessThan(3 * Math.sqrt(1_000 / counts.length));
    const variance = mean(counts.map((count) => (count - 1_000) ** 2));
    expect(Math.abs(variance / 1_000 - 1)).toBeLessThan(3 * Math.sqrt(2 / counts.length));
  });

  it('have exponential gaps, the first one too', () => {
    const times = sendTimes('poisson', 200, 20_000);
    const gaps = times.map((ms, index) => ms - (times[index - 1] ?? 0));
    const below = (ms: number) => 1 - Math.exp(-ms / 5);
    expect(kolmogorovSmirnov(ascending(gaps), below)).toBeLessThan(1.95);
    const firsts = drawn(2_000, seedsFrom(1)).map((seed) => sendTimes('poisson', 200, 1, seed)[0]);
    expect(kolmogorovSmirnov(ascending(firsts as number[]), below)).toBeLessThan(1.95);
  });

  it('are the same for the same seed', () => {
    expect(sendTimes('poisson', 200, 9, 4)).toEqual(sendTimes('poisson', 200, 9, 4));
    expect(sendTimes('poisson', 200, 9, 4)).not.toEqual(sendTimes('poisson', 200, 9, 5));
  });
});

describe('arrivals', () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuse a rate of %d', (rate) => {
    expect(() => sendTimes('constant', rate, 1)).toThrow('is no rate');
  });
});

function seedsFrom(first: number): () => number {
  let next = first;
  return () => next++;
}

function sendTimes(kind: ArrivalKind, ratePerSecond: number, count: number, seed = 1): number[] {
  const times = arrivals(kind, ratePerSecond, seededRandom(seed));
  return drawn(count, () => times.next().value);
}
