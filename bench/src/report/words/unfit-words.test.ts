import { expect, test } from 'vitest';
import { sampleReport } from '../../../test/sample-report.ts';
import { disturbanceOf, unfitBecause } from '../analysis/fitness.ts';
import type { Report, ReportRun } from '../schema/report.ts';
import { unfitSentences } from './verdict-precision.ts';
import { verdictWords } from './verdict-words.ts';

const report = sampleReport();
const isUnaryLatency = (scenario: string, lane: string) =>
  scenario === 'latency-1' && lane === 'grpc-unary';
const disturbance = disturbanceOf({ othersCores: 0.9, stolenCores: 0 });

test('says nothing while the lanes of the verdict are as they should be', () => {
  expect(unfitSentences(withRuns(() => ({ steady: true, disturbance: null })))).toEqual([]);
});

test.each([
  ['steadiness', { steady: false }, 'most of the runs were not steady when they were measured'],
  ['disturbance', { disturbance }, 'other programs disturbed at least half of the runs'],
  ['slowness', { slow: true }, 'the machine was slow in all of the runs'],
] as const)('names the cells whose %s makes them unfit to be cited', (topic, more, why) => {
  const unfit = withRuns((scenario, lane) => ({
    steady: true,
    disturbance: null,
    ...(isUnaryLatency(scenario, lane) ? more : {}),
  }));

  expect(unfitSentences(unfit)).toMatchObject([
    { topic, text: expect.stringMatching(new RegExp(`^in 2 of \\d+ cells of these lanes ${why}`)) },
  ]);
  expect(unfitSentences(unfit)[0]?.text).toMatch(
    /\(latency-1 of gRPC unary, one core; latency-1 of gRPC unary, two cores\)\. Their figures are not to be cited\.$/,
  );
  const cell = unfit.cells.find((one) => isUnaryLatency(one.scenario, one.lane));
  expect(cell && unfitBecause(cell)).toEqual([why]);
  const shorts = verdictWords(unfit).sentences.flatMap(({ short }) => short ?? []);
  expect(shorts).toContain('client CPU, gRPC unary over sockets, not to be cited');
  for (const place of ['one core', 'two cores']) {
    expect(shorts).toContain(`median latency, gRPC Converse over sockets, ${place}`);
  }
});

test('forgives a few runs, and lanes that are no part of the verdict', () => {
  const few = withRuns((_scenario, lane, round) => {
    const bad = lane === 'net-echo' || round === 0;
    return { steady: !bad, slow: bad, disturbance: bad ? disturbance : null };
  });

  expect(unfitSentences(few)).toEqual([]);
});

test('does not mind that a run was not steady which does not count, as the machine was slow', () => {
  const half = withRuns((_scenario, _lane, round) => ({
    steady: round < 2,
    slow: round >= 2,
    disturbance: null,
  }));

  const cell = half.cells.find((one) => isUnaryLatency(one.scenario, one.lane));
  expect(cell && unfitBecause(cell)).toEqual([]);
});

function withRuns(
  of: (scenario: string, lane: string, round: number) => Partial<ReportRun>,
): Report {
  const cells = report.cells.map((cell) => ({
    ...cell,
    runs: cell.runs.map((run) => ({ ...run, ...of(cell.scenario, cell.lane, run.round) })),
  }));
  return { ...report, cells };
}
