/**
 * Returns the latencies that a closed loop would have recorded if it had sent on time: for each latency above the
 * interval at which it was to send, also the latencies of the requests that were not sent meanwhile,
 * each an interval shorter than the one before, down to the interval. This is the correction of Tene's
 * HdrHistogram (`recordValueWithExpectedInterval`).
 *
 * Any one unit will do, for both. The interval must be above 0.
 */
export function* correctForCoordinatedOmission(
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
