import { expect, onTestFinished, test, vi } from 'vitest';
import type { MeasureContext } from '../scenario.ts';
import { closedLoop } from './closed-loop.ts';

const context = {
  measureMs: 50,
  measureMsMax: 50,
  measureOperations: 1,
  warmUpMsMax: 30,
  warmUpOperationsMin: 1,
  measured: (work) => work(),
} as Pick<
  MeasureContext,
  | 'measureMs'
  | 'measureMsMax'
  | 'measureOperations'
  | 'warmUpMsMax'
  | 'warmUpOperationsMin'
  | 'measured'
> as MeasureContext;

test('keeps one operation under way for each that it is given', async () => {
  let underWay = 0;
  const seen = new Set<number>();
  const operation = async () => {
    seen.add(++underWay);
    await new Promise((resolve) => setTimeout(resolve, 1));
    underWay--;
  };

  const { latency, perSecond, notes } = await onClockOfItsOwn(() =>
    closedLoop(context, Array(8).fill(operation)),
  );

  expect(Math.max(...seen)).toBe(8);
  expect(latency.count).toBeGreaterThan(8);
  expect(perSecond).toBeGreaterThan(0);
  expect(notes).toEqual([]);
});

test('counts operations that outlast the window, and all of their time', async () => {
  const slowMs = context.measureMs * 3;
  const slow = () => new Promise<void>((resolve) => setTimeout(resolve, slowMs));

  const { latency, perSecond, littlesLawError, notes } = await onClockOfItsOwn(() =>
    closedLoop(context, [slow, slow]),
  );

  expect(latency.count).toBe(2);
  // Two operations are under way, each with its own latency.
  expect(perSecond).toBeCloseTo((2 / latency.meanUs) * 1e6, 0);
  expect(littlesLawError).toBeLessThan(0.05);
  expect(notes).toEqual([]);
});

test('reports the part of the depth that was missing at the end, and loses nothing', async () => {
  let [calls, straggles] = [0, false];
  const operation = () =>
    ++calls === 8 && straggles
      ? new Promise<void>((resolve) => setTimeout(resolve, context.measureMs * 4))
      : new Promise<void>((resolve) => setTimeout(resolve, 1));
  const measured: MeasureContext['measured'] = (work) => {
    [calls, straggles] = [0, true];
    return work();
  };

  const loop = await onClockOfItsOwn(() =>
    closedLoop({ ...context, measured }, Array(4).fill(operation)),
  );

  expect(loop.littlesLawError).toBeGreaterThan(0.3);
  expect(loop.notes).toEqual([expect.stringMatching(/^\d\d% of the depth were missing/)]);
  // It contains each second of each of the four operations.
  expect(loop.perSecond).toBeCloseTo((4 / loop.latency.meanUs) * 1e6, -2);
});

test('goes on until it has enough operations for its percentiles, within the longest time', async () => {
  const operation = () => new Promise<void>((resolve) => setImmediate(resolve));
  const run = (measureOperations: number, measureMsMax: number) =>
    closedLoop({ ...context, measureMs: 1, measureOperations, measureMsMax }, [operation]);

  expect((await run(3_000, 60_000)).latency.count).toBeGreaterThanOrEqual(3_000);
  expect((await run(1e9, 20)).latency.count).toBeLessThan(1e9);
});

test('ends with the error of the first operation that fails', async () => {
  const failing = () => Promise.reject(new Error('refused'));

  await expect(closedLoop(context, [failing])).rejects.toThrow('refused');
});

/** Runs something on a clock that goes on only while everything waits for it, so that no timer is late. */
async function onClockOfItsOwn<Result>(work: () => Promise<Result>): Promise<Result> {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const working = work();
  await vi.runAllTimersAsync();
  return working;
}
