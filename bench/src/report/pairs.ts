import type { ReportCell, ReportRun } from './report.ts';

/** What two lanes gave in one round. */
export interface Pair {
  readonly own: number;
  readonly baseline: number;
}

/**
 * The rounds in which both cells gave the metric. A drift of the machine
 * falls on both sides of a pair and not on the difference, so a run is compared with the run of its
 * own round and with no other: a round that was interrupted between the two gives no pair.
 *
 * Pairs of valid runs when there are any, otherwise all pairs, so that an invalid figure can be shown
 * as what it is.
 */
export function pairsByRound(own: ReportCell, baseline: ReportCell, metric: string): Pair[] {
  const valid = pairs(own.runs.filter(isValid), baseline.runs.filter(isValid), metric);
  return valid.length > 0 ? valid : pairs(own.runs, baseline.runs, metric);
}

/** The runs that a cell's figures are made of: the valid ones when there are any, otherwise all. */
export function runsThatCount(cell: ReportCell): readonly ReportRun[] {
  const valid = cell.runs.filter(isValid);
  return valid.length > 0 ? valid : cell.runs;
}

function pairs(own: readonly ReportRun[], baseline: readonly ReportRun[], metric: string): Pair[] {
  const baselineByRound = new Map(baseline.map(({ round, values }) => [round, values[metric]]));
  return own.flatMap(({ round, values }) => {
    const pair = { own: values[metric], baseline: baselineByRound.get(round) };
    return isComplete(pair) ? [pair] : [];
  });
}

function isComplete(pair: { own: number | undefined; baseline: number | undefined }): pair is Pair {
  return pair.own !== undefined && pair.baseline !== undefined;
}

function isValid({ valid }: ReportRun): boolean {
  return valid;
}

/** Runs in the order of their rounds. */
export function byRound(a: ReportRun, b: ReportRun): number {
  return a.round - b.round;
}
