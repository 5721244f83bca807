import { expect, test } from 'vitest';
import { sampleReport } from '../../test/sample-report.ts';
import type { Report } from './report.ts';
import { steadySentences } from './verdict-steady.ts';

const report = sampleReport();

test('says nothing while the lanes of the verdict became steady', () => {
  expect(steadySentences(withSteady(() => true))).toEqual([]);
});

test('names what was not steady in most of its runs', () => {
  const [sentence] = steadySentences(
    withSteady(
      (scenario, lane, round) => !(scenario === 'latency-1' && lane === 'grpc-unary' && round > 0),
    ),
  );

  expect(sentence?.text).toMatch(/^not steady, in most runs, .*: 2 of \d+ cells/);
  expect(sentence?.text).toContain(
    'latency-1 of gRPC unary, one core; latency-1 of gRPC unary, two cores',
  );
});

test('forgives a few runs, and lanes that are no part of the verdict', () => {
  const few = withSteady((_scenario, lane, round) => (lane === 'net-echo' ? false : round > 0));

  expect(steadySentences(few)).toEqual([]);
});

function withSteady(steady: (scenario: string, lane: string, round: number) => boolean): Report {
  const cells = report.cells.map((cell) => ({
    ...cell,
    runs: cell.runs.map((run) => ({ ...run, steady: steady(cell.scenario, cell.lane, run.round) })),
  }));
  return { ...report, cells };
}
