import type { Report, ReportCell } from '../schema/report.ts';
import { isDisturbed } from './disturbance.ts';
import { runsThatCount } from './pairs.ts';
import { isSlowCell } from './slow-runs.ts';

/** A reason for which figures are not to be cited, though they are valid: they are what there was. */
interface Unfitness {
  readonly topic: 'steadiness' | 'disturbance' | 'slowness';
  readonly why: string;
  /** Of a cell. */
  is(cell: ReportCell): boolean;
  /** Whether the reports of version 1 were cited all the same: they did not warm up to the end. */
  readonly isCitedInVersion1?: true;
}

/** The reasons, in the order in which they are said. */
export const unfitnesses: readonly Unfitness[] = [
  {
    topic: 'steadiness',
    why: 'most of the runs were not steady when they were measured',
    is: isUnsteady,
    isCitedInVersion1: true,
  },
  {
    topic: 'disturbance',
    why: 'other programs disturbed at least half of the runs',
    is: isDisturbed,
  },
  { topic: 'slowness', why: 'the machine was slow in all of the runs', is: isSlowCell },
];

/** Why the figures of a cell are not to be cited; empty when they may be. */
export function unfitBecause(report: Report, cell: ReportCell): string[] {
  return unfitnesses.filter((one) => isRefused(report, one) && one.is(cell)).map(({ why }) => why);
}

/** Lists why the figures of a cell are not to be cited: it is not valid, or what there was beside it. */
export function notCitable(report: Report, cell: ReportCell): string[] {
  if (cell.valid) return unfitBecause(report, cell);
  return cell.why.length > 0 ? [...cell.why] : ['most of its runs are not valid'];
}

/** Whether figures of such cells of this report are not to be cited. */
export function isRefused({ schemaVersion }: Report, { isCitedInVersion1 }: Unfitness): boolean {
  return schemaVersion > 1 || isCitedInVersion1 !== true;
}

/** Of the runs that the figures are of, those that can be judged. */
function isUnsteady(cell: ReportCell): boolean {
  const judged = runsThatCount(cell).filter(({ steady }) => steady !== null);
  return judged.filter(({ steady }) => steady === false).length * 2 > judged.length;
}
