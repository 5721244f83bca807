import { type Interval, median, medianInterval } from '../../statistics/index.ts';
import type { ReportCell, ReportResult, ReportRun, ReportScenario } from '../schema/report.ts';
import { byRound, runsThatCount } from './pairs.ts';

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
    (metricsOf.get(cell.scenario) ?? []).flatMap(({ name, unit }) => {
      const result = resultOf(cell, name, unit);
      return result === undefined ? [] : [result];
    }),
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
