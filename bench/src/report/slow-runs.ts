import { slowFrom } from '../statistics/index.ts';
import { formatNumber, formatPercent } from './format.ts';
import type { Report, ReportCell } from './report.ts';

/** The rule in words, for the report. */
export const slowRule =
  `Before and after each run a calibrated loop tells how fast the machine is: CPU work that is always ` +
  `the same, and the wake-up of a thread and back. A run is slow when, at either end, the first took ` +
  `${slowFrom.cpuUs} times or the second ${slowFrom.wakeUpUs} times what it took in the calmest quarter ` +
  `of all. It counts only where no run of its cell was calm, and is asked again where there are six ` +
  `rounds or more: at once if the machine is calm by then, and otherwise in a round that is added, of ` +
  `which there are half as many as rounds at most. What it measured itself plays no part.`;

/** How many runs of a cell were slow. */
export function slowRuns({ runs }: ReportCell): number {
  return runs.filter(({ slow }) => slow === true).length;
}

/** Whether the figures of a cell are of runs that were slow, for want of others. */
export function isSlowCell(cell: ReportCell): boolean {
  return cell.runs.length > 0 && slowRuns(cell) === cell.runs.length;
}

/** What is to be known of a report's slow runs, in a sentence or two. */
export function slowWords({ cells, calm }: Report): string {
  if (calm === undefined || calm === null) {
    return 'Whether the machine was slow for a while is not known: this report has no calibrated loop.';
  }
  const runs = cells.flatMap((cell) => cell.runs);
  const slow = runs.filter((run) => run.slow === true).length;
  const unfit = cells.filter(isSlowCell).length;
  const unfitWords =
    unfit === 0 ? '' : `, and ${unfit} cells have no others: they are not to be cited`;
  const part = runs.length === 0 ? '' : ` (${formatPercent(slow / runs.length)})`;
  return (
    `${slow} of ${runs.length} runs were slow${part}${unfitWords}. The calibrated ` +
    `loop takes ${formatNumber(calm.cpuUs)} µs of CPU work and ${formatNumber(calm.wakeUpUs)} µs for a ` +
    `wake-up while the machine is calm.`
  );
}
