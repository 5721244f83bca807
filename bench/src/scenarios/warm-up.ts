import { steadiness } from '../statistics/index.ts';

/** How a warm-up ended. */
export interface WarmUp {
  /** False: the longest time was over before the figures were steady. */
  readonly steady: boolean;
  readonly warmUpMs: number;
}

// The rule looks at 24 windows: so many leave it many chances.
const windowsPerWarmUp = 60;
// Code is often level for a while before the last compiler takes it up, and level is not steady then.
const shortestPart = 2 / 3;

/**
 * Repeats the work in short windows until the medians of the last ones are steady, or the time is
 * over. The rule is that of the statistics, `steadinessRule`, from two thirds of the time on.
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
    const longEnough = warmUpMs >= warmUpMsMax * shortestPart;
    if (longEnough && steadiness(medians).steady) return { steady: true, warmUpMs };
    if (warmUpMs >= warmUpMsMax) return { steady: false, warmUpMs };
  }
}
