import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponential, seededRandom } from '../random.ts';
import { arrivals } from './arrivals.ts';
import { LatencyRecorder } from './latency-recorder.ts';

const corrected = (latencies: readonly number[], interval: number) => [
  ...correctForCoordinatedOmission(latencies, interval),
];

/** Node has it since 24.21, its types do not. */
interface Correcting extends RecordableHistogram {
  recordCorrected(value: number, expectedInterval: number): void;
}

describe('the correction for coordinated omission', () => {
  it.each([45, 40, 9, 10, 1_000_000])('corrects %d us as HdrHistogram does', (latencyUs) => {
    const intervalUs = 10;
    const recorder = new LatencyRecorder();
    for (const each of corrected([latencyUs], intervalUs)) recorder.record(each);
    const reference = createHistogram({ figures: 3 }) as Correcting;
    reference.recordCorrected(latencyUs * 1_000, intervalUs * 1_000);
    expect(recorder.count).toBe(reference.count);
    for (const percentile of [10, 50, 90, 99]) {
      const expected = reference.percentile(percentile) / 1_000;
      expect(Math.abs(recorder.percentileUs(percentile) / expected - 1)).toBeLessThan(0.001);
    }
  });

  it('adds the requests that were not sent meanwhile, down to the interval', () => {
    expect(corrected([45], 10)).toEqual([45, 35, 25, 15]);
    expect(corrected([40], 10)).toEqual([40, 30, 20, 10]);
  });

  it('does not change requests that were sent on time', () => {
    expect(corrected([1, 9, 10, 19], 10)).toEqual([1, 9, 10, 19]);
    expect(corrected([], 10)).toEqual([]);
  });

  it('adds as many as intervals fit in, less one, each at least an interval', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 100 }), (l, i) => {
        const all = corrected([l], i);
        expect(all).toHaveLength(Math.max(1, Math.floor(l / i)));
        expect(Math.min(...all)).toBeGreaterThanOrEqual(Math.min(l, i));
      }),
    );
  });

  it('refuses an interval that would never end', () => {
    expect(() => corrected([1], 0)).toThrow('0 is no interval');
    expect(() => corrected([1], Number.NaN)).toThrow(RangeError);
  });
});

// A server that answers in 0.2 ms but stands still for 4 of every 200 seconds; a request every 10 ms.
const server = { serviceMs: 0.2, everyMs: 200_000, stallMs: 4_000 };
const [intervalMs, endMs] = [10, 2_000_000];

describe('a server that stands still for 2 % of the time', () => {
  const closed = closedLoop();
  const uncorrected = recorded(closed);
  const fixed = recorded(corrected(closed, intervalMs));

  it('does not show in the p99 of a closed loop', () => {
    expect(uncorrected.percentileUs(99)).toBeLessThan(2_000);
    expect(uncorrected.percentileUs(100)).toBeGreaterThan(3_900_000);
  });

  // The correction does not know of the queue that is still there when the stall is over; and of
  // Poisson arrivals, chance decides how many come in a stall: some 400, give or take 20 each time.
  it.each([
    ['constant', 0.07],
    ['poisson', 0.1],
  ] as const)(
    'shows in the corrected percentiles as it does from intended send times, %s, within %d',
    (kind, tolerance) => {
      const intended = recorded(openLoop(kind));
      // A hundredth of the requests waited for longer than half of the stall.
      expect(intended.percentileUs(99)).toBeGreaterThan(1_900_000);
      for (const percentile of [98.5, 99, 99.5, 99.9]) {
        const [one, other] = [fixed.percentileUs(percentile), intended.percentileUs(percentile)];
        expect(Math.abs(one / other - 1)).toBeLessThan(tolerance);
      }
      expect(fixed.percentileUs(50) / intended.percentileUs(50)).toBeCloseTo(1, 1);
    },
  );

  it('does not show from the times at which an open loop really sends, one at a time', () => {
    // The mistake that the intended time is there for: the clock starts when the client gets to it.
    expect(recorded(openLoop('constant', 'sent')).percentileUs(99)).toBeLessThan(2_000);
  });
});

/** Virtual time: when a request that comes at `atMs` is answered. Requests are served in order. */
function makeServer() {
  const random = seededRandom(11);
  let freeMs = 0;
  return (atMs: number): number => {
    let doneMs = Math.max(atMs, freeMs) + exponential(random, server.serviceMs);
    // The stall is at the end of each stretch.
    const untilNextMs = server.everyMs - (doneMs % server.everyMs);
    if (untilNextMs < server.stallMs) doneMs += untilNextMs;
    freeMs = doneMs;
    return doneMs;
  };
}

/** A client that sends every 10 ms, unless it is still waiting: then it skips. */
function closedLoop(): number[] {
  const answered = makeServer();
  const latencies: number[] = [];
  for (let atMs = 0; atMs < endMs; ) {
    const doneMs = answered(atMs);
    latencies.push(doneMs - atMs);
    atMs = Math.max(atMs + intervalMs, Math.ceil(doneMs / intervalMs) * intervalMs);
  }
  return latencies;
}

/** A client that sends when it intended to, or at least counts from then. */
function openLoop(kind: 'constant' | 'poisson', countedFrom: 'intended' | 'sent' = 'intended') {
  const answered = makeServer();
  const latencies: number[] = [];
  let doneMs = 0;
  for (const intendedMs of arrivals(kind, 1_000 / intervalMs, seededRandom(12))) {
    if (intendedMs >= endMs) return latencies;
    const sentMs = Math.max(intendedMs, doneMs);
    doneMs = answered(sentMs);
    latencies.push(doneMs - (countedFrom === 'intended' ? intendedMs : sentMs));
  }
  return latencies;
}

function recorded(latenciesMs: readonly number[]): LatencyRecorder {
  const recorder = new LatencyRecorder();
  for (const latencyMs of latenciesMs) recorder.record(latencyMs * 1_000);
  return recorder;
}

/**
 * Returns the latencies that a closed loop would have recorded if it had sent on time: for each latency above the
 * interval at which it was to send, also the latencies of the requests that were not sent meanwhile,
 * each an interval shorter than the one before, down to the interval. This is the correction of Tene's
 * HdrHistogram (`recordValueWithExpectedInterval`).
 *
 * Any one unit will do, for both. The interval must be above 0.
 */
function* correctForCoordinatedOmission(
  latencies: Iterable<number>,
  expectedInterval: number,
): Generator<number, void, undefined> {
  if (!(expectedInterval > 0)) throw new RangeError(`${expectedInterval} is no interval`);
  for (const latency of latencies) {
    yield latency;
    // A product, since repeated subtraction would add up rounding errors in a long stall.
    for (let missed = 1; latency - missed * expectedInterval >= expectedInterval; missed++) {
      yield latency - missed * expectedInterval;
    }
  }
}
