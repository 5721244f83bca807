import { formatNumber } from './format.ts';
import type { Report, ReportCell, ReportRun } from './report.ts';

/**
 * From so many cores on, what other programs or other machines took has disturbed a run. Even a
 * quiet machine of two virtual cores had 0.03 to 0.14, the kernel's own work and its ticks.
 */
const othersCoresMax = 0.2;
const stolenCoresMax = 0.05;

/** The rule in words, for the report. */
export const disturbedRule =
  `A run is disturbed when, from the start of its processes to their end, other programs of the machine ` +
  `kept more than ${othersCoresMax} of a core busy, or the hypervisor gave more than ${stolenCoresMax} of ` +
  `one to others. What was measured beside them stays, is counted, and is marked; a figure is not to be ` +
  `cited when at least half of its runs were disturbed. This is an average of the whole run: a burst as ` +
  `short as what is timed can go unseen.`;

/** What else there was beside a run, judged by {@link disturbedRule}. */
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

/** What others took beside a run: `0.41`, or that it is not known. */
export function othersWords({ disturbance }: ReportRun): string {
  if (disturbance === undefined || disturbance === null) return 'not known';
  const { othersCores, stolenCores } = disturbance;
  const stolen = stolenCores > stolenCoresMax ? ` and ${stolenCores.toFixed(2)} stolen` : '';
  return `${othersCores.toFixed(2)}${stolen}`;
}

/** What is to be known of a report's disturbances, in a sentence or two. */
export function disturbanceWords({ cells }: Report): string {
  const runs = cells.flatMap((cell) => cell.runs);
  const known = runs.flatMap(({ disturbance }) => disturbance ?? []);
  if (known.length === 0) {
    return 'Whether other programs disturbed the runs is not known: this is read from /proc, which is Linux’s, and older reports do not have it.';
  }
  const unknown = runs.length - known.length;
  const unknownWords = unknown === 0 ? '' : ` Of ${unknown} more it is not known.`;
  const disturbed = known.filter((one) => one.disturbed).length;
  const largest = largestOf(known);
  const most = cells.filter(isDisturbed).length;
  const cellWords =
    most === 0
      ? 'in no cell half of them'
      : `in ${most} of ${cells.length} cells at least half of them, whose figures are not to be cited`;
  return (
    `${disturbed} of ${known.length} runs were disturbed, ${cellWords}; others kept at most ` +
    `${formatNumber(largest.othersCores)} cores busy, and other machines took at most ` +
    `${formatNumber(largest.stolenCores)}.${unknownWords}`
  );
}

function largestOf(known: readonly NonNullable<ReportRun['disturbance']>[]) {
  return {
    othersCores: Math.max(...known.map(({ othersCores }) => othersCores)),
    stolenCores: Math.max(...known.map(({ stolenCores }) => stolenCores)),
  };
}
