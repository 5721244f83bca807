import { describe, expect, it } from 'vitest';
import { drawn } from '../../../test/noise.ts';
import { ascending, mean } from '../order.ts';
import { normal, seededRandom } from '../random.ts';
import { LatencyRecorder, latencyUsMax } from './latency-recorder.ts';

describe('LatencyRecorder', () => {
  it('is within 0.1 % of the exact percentiles, from nanoseconds to minutes', () => {
    const random = seededRandom(1);
    const latencies = ascending(drawn(50_000, () => 100 * Math.exp(3 * normal(random))));
    const recorder = recorderOf(latencies);
    for (const percentile of [0.1, 1, 50, 90, 99, 99.9, 99.99, 100]) {
      // Rounded before it is rounded up: 0.999 times 50,000 is not quite 49,950.
      const rank = Math.ceil(Number((percentile * latencies.length).toFixed(3)) / 100);
      const exact = latencies[rank - 1] ?? 0;
      // A nanosecond more, to which each is rounded.
      const allowed = 0.001 * exact + 0.001;
      expect(Math.abs(recorder.percentileUs(percentile) - exact)).toBeLessThanOrEqual(allowed);
    }
  });

  it('sums up', () => {
    const latencies = [...drawn(900, () => 10), ...drawn(90, () => 20), ...drawn(10, () => 4_000)];
    expect(recorderOf(latencies).summary()).toEqual({
      count: 1_000,
      meanUs: expect.closeTo(mean(latencies), 9),
      p50Us: expect.closeTo(10, 1),
      p90Us: expect.closeTo(10, 1),
      p99Us: expect.closeTo(20, 1),
      p999Us: 4_000,
      maxUs: 4_000,
    });
  });

  it('gives no percentile above the maximum', () => {
    const recorder = recorderOf([1_234.567]);
    expect(recorder.percentileUs(50)).toBe(1_234.567);
    expect(recorder.summary()?.maxUs).toBe(1_234.567);
  });

  it('accepts a latency of zero, and one beyond an hour', () => {
    const recorder = recorderOf([0, 0, 3 * latencyUsMax]);
    expect(recorder.percentileUs(50)).toBeLessThanOrEqual(0.001);
    expect(recorder.percentileUs(100) / latencyUsMax).toBeCloseTo(1, 2);
    expect(recorder.summary()).toMatchObject({ count: 3, maxUs: 3 * latencyUsMax });
  });

  it('has no values when nothing was recorded', () => {
    const recorder = new LatencyRecorder();
    expect(recorder.count).toBe(0);
    expect(recorder.summary()).toBeUndefined();
    expect(recorder.percentileUs(50)).toBeNaN();
  });

  it('refuses values that are not latencies', () => {
    const recorder = new LatencyRecorder();
    expect(() => recorder.record(-1)).toThrow('-1 is no latency');
    expect(() => recorder.record(Number.NaN)).toThrow(RangeError);
    expect(recorder.count).toBe(0);
  });
});

function recorderOf(latenciesUs: readonly number[]): LatencyRecorder {
  const recorder = new LatencyRecorder();
  for (const latencyUs of latenciesUs) recorder.record(latencyUs);
  return recorder;
}
