import type { ReportCell, ReportRun } from '../schema/report.ts';

/**
 * From so many cores on, what other programs or other machines took has disturbed a run. Even a
 * quiet machine of two virtual cores had 0.03 to 0.14, the kernel's own work and its ticks.
 */
export const othersCoresMax = 0.2;
export const stolenCoresMax = 0.05;

/** What else there was beside a run, judged by whether others took more than that. */
export function disturbanceOf(seen: {
  readonly othersCores: number;
  readonly stolenCores: number;
}): NonNullable<ReportRun['disturbance']> {
  const { othersCores, stolenCores } = seen;
  const disturbed = othersCores > othersCoresMax || stolenCores > stolenCoresMax;
  return { othersCores, stolenCores, disturbed };
}

/** How many runs of a cell were disturbed. */
export function disturbedRuns({ runs }: ReportCell): number {
  return runs.filter(({ disturbance }) => disturbance?.disturbed === true).length;
}

/** Whether at least half of a cell's runs were disturbed, so that their median may be one of them. */
export function isDisturbed(cell: ReportCell): boolean {
  return disturbedRuns(cell) * 2 >= cell.runs.length;
}
