/** A quantity at a moment. */
export interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** The trend of a quantity, and whether it grew. */
export interface Trend {
  /** The number of points that were used: those after the warm-up. */
  readonly points: number;
  readonly first: number;
  readonly last: number;
  /** The median of the slopes of all pairs of points, for an hour (Theil and Sen). */
  readonly perHour: number;
  /** The lower end of the slope's 95 % confidence interval, for an hour (Sen 1968). */
  readonly perHourAtLeast: number;
  /** Undefined when there were too few points to tell. */
  readonly flat: boolean | undefined;
}

/** The growth that counts as flat, whatever the points show. */
export interface Allowance {
  readonly absolute: number;
  /** A part of the median. */
  readonly relative: number;
}

/** The part of the points, from the first on, that is warm-up: caches fill, code is compiled. */
const warmUpFraction = 0.25;

/** The fewest points after the warm-up from which a trend is known. */
export const pointsMin = 6;

const hourMs = 3_600_000;

/**
 * Finds the trend of a quantity. The trend is not flat if the growth in the observed time exceeds the
 * allowance even at the lower end of the 95 % interval of the slope, so with a probability of
 * 97.5 %. One outlier changes nothing; a steady leak of any size shows after some time.
 */
export function trendOf(all: readonly Point[], allowance: Allowance): Trend {
  const points = all.slice(Math.floor(all.length * warmUpFraction));
  const slopes = slopesOf(points);
  const slope = median(slopes);
  const atLeast = slopes[lowerIndex(points.length, slopes.length)] ?? 0;
  const [first, last] = [points[0], points.at(-1)];
  const grewAtLeast = atLeast * ((last?.atMs ?? 0) - (first?.atMs ?? 0));
  const allowed = Math.max(
    allowance.absolute,
    allowance.relative * median(points.map(({ value }) => value).sort((a, b) => a - b)),
  );
  return {
    points: points.length,
    first: first?.value ?? 0,
    last: last?.value ?? 0,
    perHour: slope * hourMs,
    perHourAtLeast: atLeast * hourMs,
    flat: points.length < pointsMin ? undefined : grewAtLeast <= allowed,
  };
}

/** The slopes of all pairs, for a millisecond, sorted. */
function slopesOf(points: readonly Point[]): number[] {
  const slopes = points.flatMap((a, i) =>
    points.slice(i + 1).map((b) => (b.value - a.value) / (b.atMs - a.atMs)),
  );
  return slopes.sort((a, b) => a - b);
}

/** The index, among the sorted slopes, of the lower end of the interval, from the variance of Kendall's S. */
function lowerIndex(points: number, slopes: number): number {
  const variance = (points * (points - 1) * (2 * points + 5)) / 18;
  return Math.max(0, Math.floor((slopes - 1.96 * Math.sqrt(variance)) / 2));
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? 0;
  const high = sorted[Math.floor(middle)] ?? 0;
  return (low + high) / 2;
}
