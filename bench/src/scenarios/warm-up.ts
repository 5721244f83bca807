import { steadiness } from '../statistics/index.ts';

/** The end of a warm-up. */
export interface WarmUp {
  /** False: the longest time was over before the figures were steady. */
  readonly steady: boolean;
  readonly warmUpMs: number;
}

/** The limits of a warm-up. */
export interface WarmUpLimits {
  /**
   * The fewest operations, however long they take. Code is optimized by how often it ran and not by how
   * long: a lane whose operations take ten times as long would be measured ten times less warm after
   * the same time.
   */
  readonly warmUpOperationsMin: number;
  /** The longest that it goes on behind them until it is steady, in milliseconds. */
  readonly warmUpMsMax: number;
}

/** The result of one window of a warm-up. */
export interface Window {
  /** In any unit. */
  readonly medianLatency: number;
  readonly operations: number;
}

// Long enough for a median of something; the rule looks at 24 of them.
const windowMs = 12;

/**
 * Repeats the work in short windows until there were enough operations, and then until the medians of
 * the last windows are steady or the time for that is over. The rule is that of the statistics,
 * `steadinessRule`.
 *
 * @param window does the work for so many milliseconds
 */
export async function warmUp(
  { warmUpMsMax, warmUpOperationsMin }: WarmUpLimits,
  window: (windowMs: number) => Promise<Window>,
): Promise<WarmUp> {
  const startedAt = performance.now();
  const medians: number[] = [];
  let done = 0;
  let enoughAt = Number.POSITIVE_INFINITY;
  for (;;) {
    const { medianLatency, operations } = await window(windowMs);
    medians.push(medianLatency);
    done += operations;
    const now = performance.now();
    if (done < warmUpOperationsMin) continue;
    enoughAt = Math.min(enoughAt, now);
    const { steady } = steadiness(medians);
    if (steady || now - enoughAt >= warmUpMsMax) return { steady, warmUpMs: now - startedAt };
  }
}
