/** The longest and the shortest pause between two attempts to connect, in milliseconds. */
const pauseMsMax = 30_000;
const pauseMsMin = 1_000;

/**
 * Returns the pause before an attempt to connect again, in milliseconds: from a second to a limit that
 * doubles with each attempt, up to 30 seconds. It is random over all of that range, so that clients that
 * lost the same server do not come back together.
 *
 * @param attempt 1 for the first
 * @param random a number from 0 to 1
 */
export function pauseMs(attempt: number, random: number): number {
  const limit = Math.min(pauseMsMax, pauseMsMin * 2 ** attempt);
  return Math.round(pauseMsMin + random * (limit - pauseMsMin));
}
