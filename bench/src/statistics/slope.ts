import type { Interval } from './median-interval.ts';
import { ascending, median, quantile } from './order.ts';

/** A measured pair, such as connections and bytes, or seconds and descriptors. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line through points. */
interface Slope {
  /** How much `y` grows as `x` grows by one. */
  readonly perX: number;
  /** The line's `y` at an `x` of 0. */
  readonly atZero: number;
  /** Holds the slope with 95 % confidence. Undefined with too few points for that, at most four. */
  readonly interval: Interval | undefined;
}

/** The most points used as they are; of more, every second, third, ... is, evenly. */
export const slopePointsMax = 1_000;

/**
 * The slope of Theil (1950) and Sen ("Estimates of the Regression Coefficient Based on Kendall's
 * Tau", 1968): the median of the slopes between all pairs of points, with Sen's interval. A few wild
 * points, such as a garbage collection that came late, do not move it, as they would move least
 * squares. The interval takes the points for independent; those of a series that wanders are not,
 * and it is then too narrow.
 *
 * Undefined when no two points differ in `x`.
 */
export function slope(points: readonly Point[]): Slope | undefined {
  const used = thinned(points);
  const slopes: number[] = [];
  for (const [i, a] of used.entries()) {
    for (let j = i + 1; j < used.length; j++) {
      const b = used[j] as Point;
      if (a.x !== b.x) slopes.push((b.y - a.y) / (b.x - a.x));
    }
  }
  if (slopes.length === 0) return undefined;
  const sorted = ascending(slopes);
  const perX = quantile(sorted, 0.5);
  const atZero = median(used.map(({ x, y }) => y - perX * x));
  return { perX, atZero, interval: senInterval(sorted, used) };
}

function senInterval(slopes: readonly number[], points: readonly Point[]): Interval | undefined {
  // The variance of Kendall's S, less what pairs of the same x take from it.
  const together = new Map<number, number>();
  for (const { x } of points) together.set(x, (together.get(x) ?? 0) + 1);
  const term = (n: number) => n * (n - 1) * (2 * n + 5);
  const ties = [...together.values()].reduce((sum, n) => sum + term(n), 0);
  const reach = 1.959964 * Math.sqrt((term(points.length) - ties) / 18);
  const outside = Math.round((slopes.length - reach) / 2);
  const [low, high] = [slopes[outside - 1], slopes[slopes.length - outside]];
  return low === undefined || high === undefined ? undefined : { low, high };
}

function thinned(points: readonly Point[]): readonly Point[] {
  const step = Math.ceil(points.length / slopePointsMax);
  return step <= 1 ? points : points.filter((_, index) => index % step === 0);
}
