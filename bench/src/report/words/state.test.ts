import { expect, test } from 'vitest';
import { sampleReport } from '../../../test/sample-report.ts';
import { disturbanceOf } from '../analysis/fitness.ts';
import type { Report, ReportRun } from '../schema/report.ts';
import { ReportIndex } from '../schema/report-index.ts';
import { choiceSentences } from './choice.ts';
import { stateOf } from './state.ts';

const sample = sampleReport();
const calm: Report = withRuns({ disturbance: null, steady: true, slow: false });
const disturbance = disturbanceOf({ othersCores: 0.9, stolenCores: 0 });

test('calls a run citable when all of it is', () => {
  expect(stateOf(calm)).toEqual([
    {
      mark: 'CITABLE',
      text: expect.stringMatching(/^The run is complete, with enough rounds/),
      warns: false,
    },
  ]);
});

test('says of a busy machine, before anything else, how many runs it disturbed', () => {
  const busy = withRuns({ disturbance });
  const runs = busy.cells.reduce((sum, cell) => sum + cell.runs.length, 0).toLocaleString('en');
  expect(stateOf(busy)).toMatchObject([{ mark: 'NOT CITABLE', warns: true }]);
  expect(stateOf(busy)[0]?.text).toContain(`other programs disturbed ${runs} of ${runs} runs`);
});

test('counts the cells that are not to be cited where the others may be', () => {
  const cells = calm.cells.map((cell, at) => (at === 3 ? { ...cell, valid: false } : cell));
  const [finding] = stateOf({ ...calm, cells });
  expect(finding?.mark).toBe('CITABLE IN PART');
  expect(finding?.text).toContain(`1 of ${cells.length} cells`);
});

test('has the worst first: lanes that disagree, then what is not whole, then what not to cite', () => {
  const odd = { lane: 'grpc-unary', agrees: false, difference: 'login: 8, not 9' };
  const report = { ...sampleReport({ partial: true }), agreement: { agree: false, lanes: [odd] } };
  expect(stateOf(report).map(({ mark }) => mark)).toEqual([
    'NOT THE SAME',
    'PARTIAL',
    'NOT CITABLE',
  ]);
});

test('answers which to choose in five sentences, each with figures of the run', () => {
  const sentences = choiceSentences(new ReportIndex(calm));
  expect(sentences).toHaveLength(5);
  for (const text of sentences) {
    expect(text).toMatch(/\d/);
    expect(text).not.toContain('not to be cited');
  }
});

test('says what the latency is on two cores, too', () => {
  const [first] = choiceSentences(new ReportIndex(calm));
  expect(first).toMatch(
    / \(one core\)\. The same, two cores: .* \(sockets\), .* \(unary calls\)\.$/,
  );
});

test('takes the times that it advises by from the ratio of the report, with its interval', () => {
  const ratios = calm.ratios.map((ratio) => ({
    ...ratio,
    value: 42,
    ci95: [40, 44] as [number, number],
  }));
  expect(choiceSentences(new ReportIndex({ ...calm, ratios }))[3]).toContain(
    'takes 42.0 times (95% interval 40.0 to 44.0) the server’s CPU time of sockets',
  );
});

test('says where a figure is missing, or is not to be cited', () => {
  for (const text of choiceSentences(new ReportIndex({ ...calm, results: [], wire: null })))
    expect(text).toContain('has not measured that');
  for (const text of choiceSentences(new ReportIndex(withRuns({ disturbance }))))
    expect(text).toContain('which is not to be cited');
});

function withRuns(of: Partial<ReportRun>): Report {
  const cells = sample.cells.map((cell) => ({
    ...cell,
    valid: true,
    why: [],
    runs: cell.runs.map((run) => ({ ...run, ...of })),
  }));
  return { ...sample, cells };
}
