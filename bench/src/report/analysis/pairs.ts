import { type Interval, median, medianInterval } from '../../statistics/index.ts';
import type { ReportCell, ReportResult, ReportRun, ReportScenario } from '../schema/report.ts';

/** The values of two lanes in one round. */
export interface Pair {
  readonly own: number;
  readonly baseline: number;
}

/**
 * The rounds in which both cells gave the metric. A drift of the machine
 * falls on both sides of a pair and not on the difference, so a run is compared with the run of its
 * own round and with no other: a round that was interrupted between the two gives no pair.
 *
 * Pairs of valid runs while the machine was calm when there are any, then of valid ones, and otherwise
 * all pairs, so that a figure can be shown as what it is.
 */
export function pairsByRound(own: ReportCell, baseline: ReportCell, metric: string): Pair[] {
  return firstOfAny(own.runs, baseline.runs, (ownRuns, runs) => pairs(ownRuns, runs, metric));
}

/** The runs that a cell's figures are made of: valid and calm ones, or else valid ones, or else all. */
export function runsThatCount(cell: ReportCell): readonly ReportRun[] {
  return firstOfAny(cell.runs, [], (runs) => runs);
}

/** Returns the result of the best runs of both sides that have any. */
function firstOfAny<T>(
  own: readonly ReportRun[],
  baseline: readonly ReportRun[],
  of: (own: readonly ReportRun[], baseline: readonly ReportRun[]) => readonly T[],
): T[] {
  for (const counts of [isValidAndCalm, isValid]) {
    const found = of(own.filter(counts), baseline.filter(counts));
    if (found.length > 0) return [...found];
  }
  return [...of(own, baseline)];
}

function pairs(own: readonly ReportRun[], baseline: readonly ReportRun[], metric: string): Pair[] {
  const baselineByRound = valuesByRound(baseline, metric);
  return [...valuesByRound(own, metric)].flatMap(([round, value]) => {
    const other = baselineByRound.get(round);
    return other === undefined ? [] : [{ own: value, baseline: other }];
  });
}

/**
 * The figure of each round. Most have one run; one that was repeated because the machine seemed slow
 * has two where it turned out not to be. Their median stands for the round, which counts once.
 */
export function valuesByRound(
  runs: readonly ReportRun[],
  metric: string,
): ReadonlyMap<number, number> {
  const found = new Map<number, number[]>();
  for (const { round, values } of runs) {
    const value = values[metric];
    if (value !== undefined) found.set(round, [...(found.get(round) ?? []), value]);
  }
  return new Map([...found].map(([round, values]) => [round, median(values)]));
}

function isValid({ valid }: ReportRun): boolean {
  return valid;
}

function isValidAndCalm({ valid, slow }: ReportRun): boolean {
  return valid && slow !== true;
}

/** Runs in the order of their rounds. */
function byRound(a: ReportRun, b: ReportRun): number {
  return a.round - b.round;
}

/**
 * One result for each metric of each cell. An invalid cell has its results too, marked: what was
 * measured stays to be seen. A cell without a run has none; its reasons are in the cell.
 */
export function resultsOf(
  cells: readonly ReportCell[],
  scenarios: readonly ReportScenario[],
): ReportResult[] {
  const metricsOf = new Map(scenarios.map(({ name, metrics }) => [name, metrics]));
  return cells.flatMap((cell) =>
    (metricsOf.get(cell.scenario) ?? []).flatMap(
      ({ name, unit }) => resultOf(cell, name, unit) ?? [],
    ),
  );
}

function resultOf(cell: ReportCell, metric: string, unit: string): ReportResult | undefined {
  const values = valuesOf(runsThatCount(cell), metric);
  if (values.length === 0) return undefined;
  return {
    scenario: cell.scenario,
    lane: cell.lane,
    placement: cell.placement,
    metric,
    unit,
    value: median(values),
    ci95: ci95Of(medianInterval(values)),
    n: values.length,
    valid: cell.valid,
    samples: valuesOf(cell.runs, metric),
  };
}

function valuesOf(runs: readonly ReportRun[], metric: string): number[] {
  return [...runs].sort(byRound).flatMap(({ values }) => values[metric] ?? []);
}

/** An interval as a report has it. */
export function ci95Of(interval: Interval | undefined): [number, number] | null {
  return interval === undefined ? null : [interval.low, interval.high];
}
