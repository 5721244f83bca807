import { describe, expect, it } from 'vitest';
import type { LatencyReport } from './record/report.ts';
import { judge, parseErrorsMax } from './thresholds.ts';

const none = { p50Ms: undefined, p99Ms: undefined, errors: undefined, rateMin: undefined };
const operations = { due: 1_000, answered: 990, refused: 4, failed: 6, perSecond: 99 };
const connects = { succeeded: 2, failed: 0 };

function latencyOf(p50Us: number | null, p99Us: number | null): LatencyReport {
  const percentiles = [
    { percentile: 50, us: p50Us, operationsNeeded: 20 },
    { percentile: 99, us: p99Us, operationsNeeded: 1_000 },
  ];
  return { of: 'all', from: 'intended', count: 990, meanUs: 1, maxUs: 1, percentiles };
}
const report = { operations, connects, latency: [latencyOf(2_000, 20_000)] };

describe('errors that are allowed', () => {
  it.each([
    ['0', { count: 0 }],
    ['17', { count: 17 }],
    ['1%', { share: 0.01 }],
    ['0.1%', { share: 0.001 }],
    ['0%', { share: 0 }],
    ['100%', { share: 1 }],
  ])('are read from %s', (text, expected) => {
    expect(parseErrorsMax(text)).toEqual(expected);
  });

  it.each([
    '',
    '%',
    '-1',
    '1.5',
    '1 %',
    '101%',
    '100.1%',
    '.5%',
    '1e2',
    '1e1%',
    '٣',
    '9'.repeat(16),
  ])('are not read from %j', (text) => expect(parseErrorsMax(text)).toBeUndefined());
});

describe('a threshold', () => {
  it.each([
    ['p50-ms', { p50Ms: 2 }, true],
    ['p50-ms', { p50Ms: 1.99 }, false],
    ['p99-ms', { p99Ms: 20 }, true],
    ['p99-ms', { p99Ms: 19.9 }, false],
    ['errors', { errors: { count: 10 } }, true],
    ['errors', { errors: { count: 9 } }, false],
    ['errors', { errors: { share: 0.01 } }, true],
    ['errors', { errors: { share: 0.009 } }, false],
    ['rate-min', { rateMin: 99 }, true],
    ['rate-min', { rateMin: 99.1 }, false],
  ])('%s of %j is met: %s', (name, asked, met) => {
    expect(judge({ ...none, ...asked }, report)).toEqual([expect.objectContaining({ name, met })]);
  });

  it('counts a connect that failed as an error', () => {
    const failing = { ...report, connects: { succeeded: 2, failed: 1 } };
    expect(judge({ ...none, errors: { count: 10 } }, failing)[0]?.met).toBe(false);
  });

  it('of a percentile is missed with too few operations, and names the number that it needs', () => {
    const few = { ...report, latency: [latencyOf(2_000, null)] };
    expect(judge({ ...none, p99Ms: 1_000 }, few)).toEqual([
      {
        name: 'p99-ms',
        limit: 1_000,
        value: null,
        met: false,
        text: 'too few operations to tell: 990, and it takes 1,000',
      },
    ]);
  });

  it('is judged only when it was asked for', () => {
    expect(judge(none, report)).toEqual([]);
  });
});
