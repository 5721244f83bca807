import { median } from '../order.ts';
import { type Interval, medianInterval } from './median-interval.ts';

/** The ratio of a lane to its baseline. */
export interface Ratio {
  /** The median of the rounds' ratios. */
  readonly value: number;
  /** Undefined with too few rounds: see `runsMin`. */
  readonly interval: Interval | undefined;
  /** The number of rounds. */
  readonly n: number;
}

/**
 * The ratio of a lane to its baseline, from the figures that each had in the same rounds, in order.
 *
 * A ratio is taken within each round, so whatever slows a whole round, such as a neighbour on the
 * machine, falls out; then over the rounds, the unit of which is the process run (Kalibera & Jones,
 * "Rigorous Benchmarking in Reasonable Time", 2013).
 *
 * The median is taken over the rounds, and not the geometric mean, because now and then a run meets
 * with a disturbance, and the median hardly notices. Simulated with 6, 10 and 20 rounds, its
 * root-mean-square error was 14 to 21 % above that of the geometric mean where noise was normal or
 * log-normal, and 34 to 47 % below it where one run in 7 or in 20 was also slowed by up to half.
 *
 * @throws RangeError unless both have the same number of rounds, at least one, and all figures are
 * above 0 and finite.
 */
export function ratioOfPairs(own: readonly number[], baseline: readonly number[]): Ratio {
  if (own.length !== baseline.length || own.length === 0) {
    throw new RangeError(`${own.length} runs cannot be paired with ${baseline.length}`);
  }
  const ratios = own.map((value, round) => {
    const ratio = value / (baseline[round] ?? Number.NaN);
    if (!(ratio > 0 && ratio < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`round ${round + 1} has no ratio: ${value} to ${baseline[round]}`);
    }
    return ratio;
  });
  return { value: median(ratios), interval: medianInterval(ratios), n: ratios.length };
}
