import type { ReportCell } from '../schema/report.ts';

/** How many runs of a cell were slow. */
export function slowRuns({ runs }: ReportCell): number {
  return runs.filter(({ slow }) => slow === true).length;
}

/** Whether the figures of a cell are of runs that were slow, for want of others. */
export function isSlowCell(cell: ReportCell): boolean {
  return cell.runs.length > 0 && slowRuns(cell) === cell.runs.length;
}
