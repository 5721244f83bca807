import { expect, test } from 'vitest';
import { warmUp } from './warm-up.ts';

const limits = { warmUpMsMax: 60_000, warmUpOperationsMin: 300 };

test('ends when there were enough operations and the figures are steady', async () => {
  let done = 0;
  const { steady } = await warmUp(limits, async () => {
    done += 10;
    return { medianLatency: 10, operations: 10 };
  });

  expect([steady, done]).toEqual([true, 300]);
});

test('goes on after the operations that it needs until the figures are steady', async () => {
  let windows = 0;
  const { steady } = await warmUp(limits, async () => {
    windows++;
    // The figures are level from the sixtieth window on; the rule must see enough of those windows.
    return { medianLatency: 10 + Math.max(0, 60 - windows), operations: 100 };
  });

  expect(steady).toBe(true);
  expect(windows).toBeGreaterThan(60);
});

test('does not end before the operations that it needs, however long they take', async () => {
  let done = 0;
  const { warmUpMs } = await warmUp({ ...limits, warmUpMsMax: 1 }, async () => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    done += 10;
    return { medianLatency: 10, operations: 10 };
  });

  expect(done).toBe(300);
  expect(warmUpMs).toBeGreaterThan(10);
});

test('reports that it never became steady', async () => {
  let windows = 0;
  const falling = async () => ({ medianLatency: 0.9 ** (++windows % 1_000), operations: 100 });

  const { steady, warmUpMs } = await warmUp({ ...limits, warmUpMsMax: 20 }, falling);

  expect(steady).toBe(false);
  expect(warmUpMs).toBeGreaterThanOrEqual(20);
});
