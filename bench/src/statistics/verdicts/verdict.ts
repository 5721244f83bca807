import type { Ratio } from '../intervals/ratio.ts';
import { median } from '../order.ts';

/** The verdicts on a ratio. */
export type Verdict =
  | 'higher'
  | 'lower'
  | 'no detectable difference'
  | 'within the noise floor'
  | 'not enough runs';

/**
 * Says whether a ratio differs from 1, and whether the rig alone could have made it so. There is a
 * difference when the interval excludes 1. It could be the rig's when it is not farther from 1 than
 * the noise floor, a fraction as {@link noiseFloor} gives it; without a floor, nothing says that it is.
 * 'lower' and 'higher' are about the figure, not about merit.
 */
export function verdict({ value, interval }: Ratio, floor = 0): Verdict {
  if (interval === undefined) return 'not enough runs';
  if (interval.low <= 1 && interval.high >= 1) return 'no detectable difference';
  if (Math.max(value, 1 / value) - 1 <= floor) return 'within the noise floor';
  return value > 1 ? 'higher' : 'lower';
}

/**
 * The rig's noise floor for a comparison of so many rounds, as a fraction, from the ratios of a lane
 * to itself (A/A), one for each round: 0.04 says that the rig may show a difference of 4 % where there
 * is none.
 *
 * It is how far their median lies from 1, and how far the median of as many rounds may lie beyond
 * that: 1.96 standard errors of a median. The spread behind these is the median of the rounds'
 * distances from 1, which is where the truth is known to be: so up to half of the rounds may have
 * been disturbed, however much, and the floor hardly moves. The farthest end of the interval, as it
 * was before, is one round's figure when there are six.
 *
 * Undefined with fewer than three rounds, whose median is one of them.
 */
export function noiseFloor(roundRatios: readonly number[]): number | undefined {
  const n = roundRatios.length;
  if (n < 3) return undefined;
  const logs = roundRatios.map(Math.log);
  const spread = deviationsOfMedianDistance * median(logs.map(Math.abs));
  const reach = (z95 * medianError * spread) / Math.sqrt(n);
  return Math.exp(Math.abs(median(logs)) + reach) - 1;
}

// Of a normal distribution: its standard deviation, as a multiple of the median distance from its
// centre; what 95 % lie within; and the standard error of the median of many as a multiple of the mean's.
const deviationsOfMedianDistance = 1.4826;
const z95 = 1.96;
const medianError = Math.sqrt(Math.PI / 2);
