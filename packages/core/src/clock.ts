// Its global is a getter.
const { process } = globalThis;

const [beginS] = process.hrtime();

/**
 * Returns the time in milliseconds, about since the process began, on a clock that never goes back.
 * `performance.now` has another origin, and finds out at each call whether it is asked of a clock: this is
 * for what reads the clock at each request.
 */
export function clockMs(): number {
  const time = process.hrtime();
  return (time[0] - beginS) * 1_000 + time[1] / 1_000_000;
}
