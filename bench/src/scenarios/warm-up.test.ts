import { expect, test } from 'vitest';
import { warmUp } from './warm-up.ts';

const warmUpMsMax = 60;

test('ends as soon as the figures are steady, but not in the first two thirds of its time', async () => {
  const { steady, warmUpMs } = await warmUp(
    warmUpMsMax,
    windows(() => 10),
  );

  expect(steady).toBe(true);
  expect(warmUpMs).toBeGreaterThanOrEqual((warmUpMsMax * 2) / 3);
});

test('says that it never became steady', async () => {
  const { steady, warmUpMs } = await warmUp(
    warmUpMsMax,
    windows((count) => 1_000 / (count + 1)),
  );

  expect(steady).toBe(false);
  expect(warmUpMs).toBeGreaterThanOrEqual(warmUpMsMax);
});

/** Windows that take their time, and say what they are told to. */
function windows(median: (count: number) => number): (windowMs: number) => Promise<number> {
  let count = 0;
  return async (windowMs) => {
    const until = performance.now() + windowMs;
    while (performance.now() < until);
    return median(count++);
  };
}
