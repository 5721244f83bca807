import { steadiness } from '../statistics/index.ts';

/** How a warm-up ended. */
export interface WarmUp {
  /** False: the longest time was over before the figures were steady. */
  readonly steady: boolean;
  readonly warmUpMs: number;
}

// Enough windows for the rule to judge by, in the shortest warm-up that a preset has.
const windowsPerWarmUp = 30;

/**
 * Repeats the work in short windows until the medians of the last ones are steady, or the time is
 * over. The rule is that of the statistics, `steadinessRule`.
 *
 * @param warmUpMsMax the longest time, in milliseconds
 * @param window does the work for so many milliseconds, and returns its median latency, in any unit
 */
export async function warmUp(
  warmUpMsMax: number,
  window: (windowMs: number) => Promise<number>,
): Promise<WarmUp> {
  const startedAt = performance.now();
  const medians: number[] = [];
  for (;;) {
    medians.push(await window(warmUpMsMax / windowsPerWarmUp));
    const warmUpMs = performance.now() - startedAt;
    if (steadiness(medians).steady) return { steady: true, warmUpMs };
    if (warmUpMs >= warmUpMsMax) return { steady: false, warmUpMs };
  }
}
