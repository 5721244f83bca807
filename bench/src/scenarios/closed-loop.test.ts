import { expect, test } from 'vitest';
import { closedLoop } from './closed-loop.ts';
import type { MeasureContext } from './scenario.ts';

const context = {
  measureMs: 50,
  warmUpMsMax: 30,
  warmUpOperationsMin: 1,
  measured: (work) => work(),
} as Pick<
  MeasureContext,
  'measureMs' | 'warmUpMsMax' | 'warmUpOperationsMin' | 'measured'
> as MeasureContext;

test('keeps one operation under way for each that it is given', async () => {
  let underWay = 0;
  const seen = new Set<number>();
  const operation = async () => {
    seen.add(++underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay--;
  };

  const { latency, perSecond, invalid } = await closedLoop(context, Array(8).fill(operation));

  expect(Math.max(...seen)).toBe(8);
  expect(latency.count).toBeGreaterThan(8);
  expect(perSecond).toBeGreaterThan(0);
  expect(invalid).toEqual([]);
});

test('is invalid when answers outlast the window, so that hardly any falls into it', async () => {
  const slow = () => new Promise<void>((resolve) => setTimeout(resolve, context.measureMs * 3));

  const { invalid, littlesLawError } = await closedLoop(context, [slow, slow]);

  expect(littlesLawError).toBe(1);
  expect(invalid).toEqual(["the figures break Little's law: the depth was not kept"]);
});

test('ends with the error of the first operation that fails', async () => {
  const failing = () => Promise.reject(new Error('refused'));

  await expect(closedLoop(context, [failing])).rejects.toThrow('refused');
});
