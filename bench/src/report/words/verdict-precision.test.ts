import { expect, test } from 'vitest';
import { sampleReport } from '../../../test/sample-report.ts';
import type { Report } from '../schema/report.ts';
import { precisionSentences } from './verdict-precision.ts';

type Ended = NonNullable<Report['ended']>;
type Headline = Ended['headlines'][number];

const one: Headline = {
  scenario: 'latency-1',
  placement: 'same-core',
  metric: 'p50',
  lane: 'grpc-unary',
  baseline: 'sockets-framed',
  halfWidth: 0.04,
  moreMs: 0,
};
const wide: Headline = { ...one, lane: 'grpc-converse', halfWidth: 0.081, moreMs: 90_000 };
const elsewhere: Headline = { ...wide, placement: 'different-cores', moreMs: 30_000 };

test('says that all are known as well as they should be', () => {
  expect(said({ reason: 'narrow', headlines: [one, one] })).toBe(
    'each of 2 main ratios is known within 5.0% (half of the width of their 95% intervals).',
  );
});

test('names those that are not, and says why rounds ended and how much more it takes', () => {
  const headlines = [one, wide, { ...wide, moreMs: 60_000 }, elsewhere];
  const text = said({ reason: 'time', headlines });

  expect(text).toMatch(
    /^3 of 4 main ratios are not known within .* when the time of 5 min 30 s was over: /,
  );
  expect(text).toContain('gRPC Converse over sockets, latency-1 on one core, within 8.1%; ');
  // Those of one place share their rounds.
  expect(text).toMatch(/At their present width, that would take some 2 min 0 s more\.$/);
});

test('says how long the others take beside one without an interval', () => {
  const headlines = [wide, { ...elsewhere, halfWidth: null, moreMs: null }];
  expect(said({ reason: 'time', headlines })).toMatch(
    /some 1 min 30 s more, without those that have no interval\.$/,
  );
});

test.each([
  ['rounds', /after all rounds of the plan/],
  ['interrupted', /because the run was ended/],
] as const)('says why there are no more: %s', (reason, words) => {
  expect(said({ reason, headlines: [{ ...wide, halfWidth: null, moreMs: null }] })).toMatch(words);
  expect(said({ reason, headlines: [{ ...wide, halfWidth: null, moreMs: null }] })).toMatch(
    /no interval\. So few rounds do not show how much longer/,
  );
});

test('says nothing of a report that did not look at it, or compared nothing', () => {
  expect(precisionSentences(sampleReport())).toEqual([]);
  expect(said({ reason: 'narrow', headlines: [] })).toBeUndefined();
});

function said(ended: Pick<Ended, 'reason' | 'headlines'>): string | undefined {
  const rest = { tookMs: 300_000, timeMsMax: 330_000, halfWidthMax: 0.05 };
  return precisionSentences({ ...sampleReport(), ended: { ...rest, ...ended } })[0]?.text;
}
