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
  const user = undefined;
  meter.record({ operation: 'send', status: Status.delivered, user, ms: 2 });
  meter.record({ operation: 'send', status: Status.delivered, user, ms: 4 });
  meter.record({ operation: 'send', status: Status.tooBusy, user, ms: 1 });
  meter.record({ operation: 'unknown', status: Status.badOperation, user, ms: 0 });
  expect([...meter].map(([kind, { sum }]) => [kind, sum])).toEqual([
    [{ operation: 'send', status: Status.delivered }, 0.006],
    [{ operation: 'send', status: Status.tooBusy }, 0.001],
    [{ operation: 'unknown', status: Status.badOperation }, 0],
  ]);
});
