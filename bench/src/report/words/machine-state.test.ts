import { expect, test } from 'vitest';
import { cellOf, runOf } from '../../../test/report-parts.ts';
import { sampleReport } from '../../../test/sample-report.ts';
import { disturbanceOf, disturbedRuns, isDisturbed } from '../analysis/fitness.ts';
import type { ReportCell } from '../schema/report.ts';
import { disturbanceWords } from './machine-state.ts';

const quiet = disturbanceOf({ othersCores: 0.1, stolenCores: 0 });
const busy = disturbanceOf({ othersCores: 0.3, stolenCores: 0 });

test.each([
  [0.2, 0, false],
  [0.21, 0, true],
  [0, 0.05, false],
  [0, 0.06, true],
])(
  'judges %d cores of others and %d stolen as disturbed: %s',
  (othersCores, stolenCores, disturbed) => {
    expect(disturbanceOf({ othersCores, stolenCores })).toEqual({
      othersCores,
      stolenCores,
      disturbed,
    });
  },
);

test('takes a cell for disturbed when at least half of its runs were', () => {
  expect(isDisturbed(cell(busy, quiet, quiet))).toBe(false);
  expect(isDisturbed(cell(busy, busy, quiet, quiet))).toBe(true);
  expect(disturbedRuns(cell(busy, null, undefined))).toBe(1);
});

test('says how much was disturbed, and of how much it is not known', () => {
  const report = { ...sampleReport(), cells: [cell(busy, busy), cell(quiet, quiet), cell(null)] };

  expect(disturbanceWords(report)).toBe(
    '2 of 4 runs were disturbed, in 1 of 3 cells at least half of them, and the figures of these are not to be cited. Other programs kept at most 0.300 cores busy, and other machines took at most 0. This is not known of 1 more.',
  );
});

test('says that it is not known off Linux, and of an older report', () => {
  for (const nothing of [null, undefined]) {
    expect(disturbanceWords({ ...sampleReport(), cells: [cell(nothing)] })).toMatch(/is not known/);
  }
});

function cell(...disturbances: readonly ReportCell['runs'][number]['disturbance'][]): ReportCell {
  return {
    ...cellOf('latency-1', 'grpc-unary', 'p50', []),
    runs: disturbances.map((disturbance, round) => runOf(round, { p50: 1 }, { disturbance })),
  };
}
