import type { Ratio } from './ratio.ts';

/** What may be said of a ratio. */
export type Verdict = 'higher' | 'lower' | 'no detectable difference' | 'not enough runs';

/**
 * Says whether a ratio differs from 1. It does when its interval excludes 1, and when it is also
 * farther from 1 than the rig's own noise floor, a fraction as `noiseFloor` gives it; without a
 * floor the interval alone decides. 'lower' and 'higher' are about the figure, not about merit.
 *
 * Simulated with normal noise of 3 % in each run, a lane against itself was found different in 2 to
 * 4 % of the experiments by the interval alone and in under 1 % with the floor of one A/A ratio; a
 * lane slower by 10 % was found higher with that floor in 74 % of them with 6 rounds, 91 % with 8 and
 * 99 % with 10, and with noise of 1 % in all, with 6 rounds too.
 */
export function verdict(ratio: Ratio, floor = 0): Verdict {
  const { value, interval } = ratio;
  if (interval === undefined) return 'not enough runs';
  if (interval.low <= 1 && interval.high >= 1) return 'no detectable difference';
  if (distanceFromOne(value) <= floor) return 'no detectable difference';
  return value > 1 ? 'higher' : 'lower';
}

/**
 * The rig's noise floor, as a fraction: the farthest from 1 that an interval of the A/A ratios
 * reaches, each of them of a lane against itself. 0.04 says that the rig may show a difference of
 * 4 % where there is none. Undefined when no A/A ratio has an interval.
 */
export function noiseFloor(aaRatios: readonly Ratio[]): number | undefined {
  const reaches = aaRatios.flatMap(({ interval }) =>
    interval === undefined ? [] : [distanceFromOne(interval.low), distanceFromOne(interval.high)],
  );
  return reaches.length === 0 ? undefined : Math.max(...reaches);
}

/** 0.25 for 1.25 and for 0.8: as a factor, these are as far from 1. */
function distanceFromOne(ratio: number): number {
  return Math.max(ratio, 1 / ratio) - 1;
}
