import { Status } from '@tandem/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { durationBounds, OperationMeter } from './operation-meter.ts';
import { PlainHistogram } from './plain-histogram.ts';

it('counts each value in the first bucket whose bound it does not exceed', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 20, noNaN: true })), (values) => {
      const histogram = new PlainHistogram(durationBounds);
      for (const value of values) histogram.record(value);
      const expected = [...durationBounds, Number.POSITIVE_INFINITY].map(
        (bound, at, bounds) =>
          values.filter((value) => value <= bound && value > (bounds[at - 1] ?? -1)).length,
      );
      expect(Array.from(histogram.counts)).toEqual(expected);
    }),
  );
});

it('keeps operations and statuses apart, and milliseconds as seconds', () => {
  const meter = new OperationMeter();
  meter.tell('send', Status.delivered, 2);
  meter.tell('send', Status.delivered, 4);
  meter.tell('send', Status.tooBusy, 1);
  meter.tell('unknown', Status.badOperation, 0);
  expect([...meter].map(([kind, { sum }]) => [kind, sum])).toEqual([
    [{ operation: 'send', status: Status.delivered }, 0.006],
    [{ operation: 'send', status: Status.tooBusy }, 0.001],
    [{ operation: 'unknown', status: Status.badOperation }, 0],
  ]);
});

it('counts each operation, and times one in 16 of those that are frequent, for those since the last', () => {
  const meter = new OperationMeter();
  const timed = Array.from({ length: 33 }, () => meter.times('send'));
  expect(timed.flatMap((each, at) => (each ? [at] : []))).toEqual([0, 16, 32]);
  expect(Array.from({ length: 3 }, () => meter.times('login'))).toEqual([true, true, true]);
  meter.tell('send', Status.delivered, 1);
  for (let i = 0; i < 15; i++) meter.tell('send', Status.delivered, undefined);
  meter.tell('send', Status.delivered, 100);
  meter.tell('send', Status.delivered, undefined);
  // No other of its kind was timed.
  meter.tell('send', Status.tooBusy, undefined);
  const read = () =>
    [...meter].map(([{ status }, { counts, sum }]) => [
      status,
      Array.from(counts).reduce((one, other) => one + other),
      sum,
    ]);
  const expected = [
    [Status.delivered, 18, expect.closeTo(0.001 + 17 * 0.1)],
    [Status.tooBusy, 1, expect.closeTo(0.1)],
  ];
  expect(read()).toEqual(expected);
  expect(read()).toEqual(expected);
});
