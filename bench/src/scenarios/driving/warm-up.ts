import { steadiness } from '../../statistics/index.ts';

/** The result of a warm-up. */
export interface WarmUp {
  /** False: the longest time was over before the figures were steady. */
  readonly steady: boolean;
  readonly warmUpMs: number;
}

/** The limits of a warm-up. */
export interface WarmUpLimits {
  /**
   * The fewest operations, however long they take. Code is optimized by the number of its runs and not by their
   * time: a lane whose operations take ten times as long would be ten times less warm after
   * the same time.
   */
  readonly warmUpOperationsMin: number;
  /** The longest time that it goes on after them until it is steady, in milliseconds. */
  readonly warmUpMsMax: number;
}

/** The result of one window of a warm-up. */
export interface Window {
  /** The figure of the window, in any unit. */
  readonly medianLatency: number;
  readonly operations: number;
}

// Long enough for a median of several operations; the rule looks at 24 windows.
const windowMs = 12;

/**
 * Repeats the work in short windows until there were enough operations, and then until the medians of
 * the last windows are steady or the longest time is over. The rule is
 * `steadinessRule` of the statistics.
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
