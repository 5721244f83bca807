import { createHistogram } from 'node:perf_hooks';

/** The summary of a run's latencies, in microseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly meanUs: number;
  readonly p50Us: number;
  readonly p90Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  readonly maxUs: number;
}

/** The longest latency that a recorder tells apart from longer ones, in microseconds: an hour. */
export const latencyUsMax = 3_600_000_000;

/**
 * Records latencies in fixed memory (about 250 KB), however many, in some 30 ns each: Node's
 * HdrHistogram, from a nanosecond to an hour with three significant digits, so a percentile is at
 * most 0.1 % off. The mean and the maximum are exact.
 */
export class LatencyRecorder {
  readonly #histogram = createHistogram({ lowest: 1, highest: latencyUsMax * 1_000, figures: 3 });
  #count = 0;
  #sumUs = 0;
  #maxUs = 0;

  /** The latencies recorded. */
  get count(): number {
    return this.#count;
  }

  /** Records a latency; one beyond an hour counts as an hour in the percentiles. */
  record(latencyUs: number): void {
    if (!(latencyUs >= 0)) throw new RangeError(`${latencyUs} is no latency`);
    this.#count++;
    this.#sumUs += latencyUs;
    if (latencyUs > this.#maxUs) this.#maxUs = latencyUs;
    // The histogram knows no zero.
    const ns = Math.max(1, Math.round(Math.min(latencyUs, latencyUsMax) * 1_000));
    this.#histogram.record(ns);
  }

  /** The latency that `percentile` per cent did not exceed, above 0 to 100. NaN when none is in. */
  percentileUs(percentile: number): number {
    if (this.#count === 0) return Number.NaN;
    return Math.min(this.#histogram.percentile(percentile) / 1_000, this.#maxUs);
  }

  /** Undefined when nothing was recorded. */
  summary(): LatencySummary | undefined {
    if (this.#count === 0) return undefined;
    return {
      count: this.#count,
      meanUs: this.#sumUs / this.#count,
      p50Us: this.percentileUs(50),
      p90Us: this.percentileUs(90),
      p99Us: this.percentileUs(99),
      p999Us: this.percentileUs(99.9),
      maxUs: this.#maxUs,
    };
  }
}
