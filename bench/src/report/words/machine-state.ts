import { slowFrom } from '../../statistics/index.ts';
import { isDisturbed, isSlowCell, othersCoresMax, stolenCoresMax } from '../analysis/fitness.ts';
import type { Fingerprint, Report, ReportRun } from '../schema/report.ts';
import { formatNumber, formatPercent, formatValue } from './format.ts';

/** States in words when a run is disturbed, for the report. */
export const disturbedRule =
  `A run is disturbed when other programs of the machine kept more than ${othersCoresMax} of a core busy, ` +
  `or the hypervisor gave more than ${stolenCoresMax} of a core to others. Both are averages from the ` +
  `start of its processes to their end, so a short burst can go unseen. A disturbed run stays, is ` +
  `counted, and is marked. A figure is not to be cited when at least half of its runs were disturbed.`;

/** States in words when a run is slow, for the report. */
export const slowRule =
  `Before and after each run the lab times a calibrated loop, which is always the same: CPU work, and ` +
  `the wake-up of a thread and back. A run is slow when, at either end, the work took ${slowFrom.cpuUs} ` +
  `times or the wake-up ${slowFrom.wakeUpUs} times as long as in the calmest quarter of all. A slow run ` +
  `counts only where no run of its cell was calm. With six rounds or more it is repeated: at once if the ` +
  `machine is calm by then, and otherwise in an added round. At most half as many rounds are added as ` +
  `there are rounds. The figures of the run itself play no part.`;

/** Rows that tell a machine from others of its kind; empty in older reports. */
export function kindRows({ mitigations, caches, costs }: Fingerprint): [string, string][] {
  const rows: [string, string][] = [];
  if (caches) rows.push(['caches', describeEntries(caches)]);
  if (mitigations)
    rows.push(['leaks of the processor', describeEntries(mitigations) || 'none known']);
  if (costs) {
    const { kernelEntryUs, switchUs, switchAcrossUs, warmCodeUs, coldCodeUs } = costs;
    const across = switchAcrossUs === null ? '' : `; across cores ${micros(switchAcrossUs)}`;
    rows.push(
      ['an entry into the kernel', micros(kernelEntryUs)],
      ['a switch between two processes', `${micros(switchUs)}${across}`],
      ['400 functions, warm and cold', `${micros(warmCodeUs)} and ${micros(coldCodeUs)}`],
    );
  }
  return rows;
}

function describeEntries(entries: Readonly<Record<string, string>>): string {
  return Object.entries(entries)
    .map(([name, text]) => `${name.replaceAll('_', ' ')} ${text}`)
    .join('; ');
}

function micros(us: number): string {
  return formatValue(us, 'us');
}

/** Writes the cores that others took beside a run: `0.41`, or that it is not known. */
export function othersWords({ disturbance }: ReportRun): string {
  if (disturbance === undefined || disturbance === null) return 'not known';
  const { othersCores, stolenCores } = disturbance;
  const stolen = stolenCores > stolenCoresMax ? ` and ${stolenCores.toFixed(2)} stolen` : '';
  return `${othersCores.toFixed(2)}${stolen}`;
}

/** Describes a report's disturbances in a sentence or two. */
export function disturbanceWords({ cells }: Report): string {
  const runs = cells.flatMap((cell) => cell.runs);
  const known = runs.flatMap(({ disturbance }) => disturbance ?? []);
  if (known.length === 0) {
    return 'It is not known if other programs disturbed the runs: the lab reads this from /proc, which only Linux has, and older reports do not have it.';
  }
  const unknown = runs.length - known.length;
  const unknownWords = unknown === 0 ? '' : ` This is not known of ${unknown} more.`;
  const disturbed = known.filter((one) => one.disturbed).length;
  const largest = largestOf(known);
  const most = cells.filter(isDisturbed).length;
  const cellWords =
    most === 0
      ? 'in no cell at least half of them'
      : `in ${most} of ${cells.length} cells at least half of them, and the figures of these are not to be cited`;
  return (
    `${disturbed} of ${known.length} runs were disturbed, ${cellWords}. Other programs kept at most ` +
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

/** Describes a report's slow runs in a sentence or two. */
export function slowWords({ cells, calm }: Report): string {
  if (calm === undefined) {
    return 'It is not known if the machine was slow for a while: this report has no calibrated loop.';
  }
  const runs = cells.flatMap((cell) => cell.runs);
  const slow = runs.filter((run) => run.slow === true).length;
  const unfit = cells.filter(isSlowCell).length;
  const unfitWords =
    unfit === 0 ? '' : `; ${unfit} cells have no others, and their figures are not to be cited`;
  const part = runs.length === 0 ? '' : ` (${formatPercent(slow / runs.length)})`;
  return (
    `${slow} of ${runs.length} runs were slow${part}${unfitWords}. The calibrated ` +
    `loop takes ${formatNumber(calm.cpuUs)} µs of CPU work and ${formatNumber(calm.wakeUpUs)} µs for a ` +
    `wake-up while the machine is calm.`
  );
}
