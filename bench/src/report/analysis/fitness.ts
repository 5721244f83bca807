import type { ReportCell, ReportRun } from '../schema/report.ts';
import { runsThatCount } from './pairs.ts';

/** A reason for which figures are not to be cited, though they are valid: they are what there was. */
interface Unfitness {
  readonly topic: 'steadiness' | 'disturbance' | 'slowness';
  readonly why: string;
  /** Of a cell. */
  is(cell: ReportCell): boolean;
}

/** The reasons, in the order in which they are said. */
export const unfitnesses: readonly Unfitness[] = [
  {
    topic: 'steadiness',
    why: 'most of the runs were not steady when they were measured',
    is: isUnsteady,
  },
  {
    topic: 'disturbance',
    why: 'other programs disturbed at least half of the runs',
    is: isDisturbed,
  },
  { topic: 'slowness', why: 'the machine was slow in all of the runs', is: isSlowCell },
];

/** Lists the reasons not to cite a valid cell's figures; empty when they may be cited. */
export function unfitBecause(cell: ReportCell): string[] {
  return unfitnesses.filter((one) => one.is(cell)).map(({ why }) => why);
}

/** Lists why the figures of a cell are not to be cited: it is not valid, or what there was beside it. */
export function notCitable(cell: ReportCell): string[] {
  if (cell.valid) return unfitBecause(cell);
  return cell.why.length > 0 ? [...cell.why] : ['most of its runs are not valid'];
}

/** Of the runs that the figures are of, those that can be judged. */
function isUnsteady(cell: ReportCell): boolean {
  const judged = runsThatCount(cell).filter(({ steady }) => steady !== null);
  return judged.filter(({ steady }) => steady === false).length * 2 > judged.length;
}

/**
 * From so many cores on, what other programs took has disturbed a run. Even a
 * quiet machine of two virtual cores had 0.03 to 0.14, the kernel's own work and its ticks.
 */
export const othersCoresMax = 0.2;
/** From so many cores on, what other machines took has disturbed a run. */
export const stolenCoresMax = 0.05;

/** Judges the load beside a run by these limits. */
export function disturbanceOf(seen: {
  readonly othersCores: number;
  readonly stolenCores: number;
}): NonNullable<ReportRun['disturbance']> {
  const { othersCores, stolenCores } = seen;
  const disturbed = othersCores > othersCoresMax || stolenCores > stolenCoresMax;
  return { othersCores, stolenCores, disturbed };
}

/** Counts the runs of a cell that were disturbed. */
export function disturbedRuns({ runs }: ReportCell): number {
  return runs.filter(({ disturbance }) => disturbance?.disturbed === true).length;
}

/** Tells whether at least half of a cell's runs were disturbed, so that their median may be one of them. */
export function isDisturbed(cell: ReportCell): boolean {
  return disturbedRuns(cell) * 2 >= cell.runs.length;
}

/** Counts the runs of a cell that were slow. */
export function slowRuns({ runs }: ReportCell): number {
  return runs.filter(({ slow }) => slow === true).length;
}

/** Tells whether the figures of a cell are of slow runs, as it has no others. */
export function isSlowCell(cell: ReportCell): boolean {
  return cell.runs.length > 0 && slowRuns(cell) === cell.runs.length;
}
