import { describe, expect, it } from 'vitest';
import { drawn } from '../../../test/noise.ts';
import { ascending, mean } from '../order.ts';
import { exponential, seededRandom } from '../random.ts';
import { littlesLaw } from './littles-law.ts';

describe('littlesLaw', () => {
  it('says which part of the concurrency is not accounted for, too much or too little', () => {
    const exact = { concurrency: 64, throughputPerSecond: 32_000, meanLatencyMs: 2 };
    expect(littlesLaw(exact)).toEqual({ relativeError: 0, holds: true });
    const idle = littlesLaw({ ...exact, throughputPerSecond: 24_000 });
    expect(idle).toEqual({ relativeError: 0.25, holds: false });
    const over = littlesLaw({ ...exact, meanLatencyMs: 2.5 });
    expect(over).toEqual({ relativeError: 0.25, holds: false });
  });

  it('holds up to its tolerance', () => {
    const flow = { concurrency: 1, throughputPerSecond: 900, meanLatencyMs: 1 };
    expect(littlesLaw(flow, 0.11).holds).toBe(true);
    expect(littlesLaw(flow, 0.09).holds).toBe(false);
    expect(littlesLaw(flow).holds).toBe(false);
  });

  it('does not hold for figures that are not there', () => {
    const flow = { concurrency: 1, throughputPerSecond: Number.NaN, meanLatencyMs: 1 };
    expect(littlesLaw(flow).holds).toBe(false);
    expect(() => littlesLaw({ ...flow, concurrency: 0 })).toThrow('a concurrency of 0');
  });

  it.each([1, 16, 64])('holds for a simulated closed loop of depth %i', (depth) => {
    const latencies = closedLoop(depth);
    const meanLatencyMs = mean(latencies);
    const flow = { concurrency: depth, throughputPerSecond: latencies.length / 10, meanLatencyMs };
    expect(littlesLaw(flow, 0.01).holds).toBe(true);
    // With the median in place of the mean it would not: latencies are skewed.
    const medianLatencyMs = ascending(latencies)[latencies.length >> 1] ?? 0;
    expect(littlesLaw({ ...flow, meanLatencyMs: medianLatencyMs }, 0.01).holds).toBe(depth === 64);
  });
});

/** The latencies of ten simulated seconds: `depth` clients of one server that takes 1 ms on average. */
function closedLoop(depth: number): number[] {
  const random = seededRandom(depth);
  const sentMs = drawn(depth, () => 0);
  const latencies: number[] = [];
  for (let nowMs = 0, turn = 0; ; turn++) {
    nowMs += exponential(random, 1);
    if (nowMs > 10_000) return latencies;
    // In order: the one that has waited longest is answered, and asks again at once.
    latencies.push(nowMs - (sentMs[turn % depth] ?? 0));
    sentMs[turn % depth] = nowMs;
  }
}
