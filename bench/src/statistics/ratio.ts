import { type Interval, type IntervalOptions, medianInterval } from './median-interval.ts';
import { median } from './order.ts';

/** What one lane takes as a multiple of what its baseline takes. */
export interface Ratio {
  /** The median of the rounds' ratios. */
  readonly value: number;
  /** Undefined with too few rounds: see `runsMin`. */
  readonly interval: Interval | undefined;
  /** The number of rounds. */
  readonly n: number;
}

export function ratioOfPairs(
  own: readonly number[],
  baseline: readonly number[],
  options: IntervalOptions = {},
): Ratio {
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
  return { value: median(ratios), interval: medianInterval(ratios, options), n: ratios.length };
}
