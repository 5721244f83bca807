import { type Ratio, ratioOfPairs, verdict } from '../../statistics/index.ts';
import type {
  Placement,
  ReportCell,
  ReportLane,
  ReportRatio,
  ReportScenario,
} from '../schema/report.ts';
import { cellKey, type RatioPlace } from '../schema/report-index.ts';
import { ci95Of, pairsByRound } from './pairs.ts';

/** A lane over one of its baselines, before anything is said of it. */
export interface Comparison extends RatioPlace {
  readonly placement: Placement;
  readonly ratio: Ratio;
  /** The ratio of each round. */
  readonly rounds: readonly number[];
  /** True when both sides are. */
  readonly valid: boolean;
}

/** Each lane over each of its baselines, wherever both were measured at the same placement. */
export function comparisonsOf(
  cells: readonly ReportCell[],
  lanes: readonly ReportLane[],
  scenarios: readonly ReportScenario[],
): Comparison[] {
  const laneOf = new Map(lanes.map((lane) => [lane.name, lane]));
  const metricsOf = new Map(scenarios.map(({ name, metrics }) => [name, metrics]));
  const cellOf = new Map(cells.map((cell) => [cellKey(cell), cell]));
  return cells.flatMap((own) =>
    (laneOf.get(own.lane)?.baselines ?? []).flatMap((name) => {
      const baseline = cellOf.get(cellKey({ ...own, lane: name }));
      if (baseline === undefined) return [];
      const metrics = metricsOf.get(own.scenario) ?? [];
      return metrics.flatMap((metric) => comparisonOf(own, baseline, metric.name) ?? []);
    }),
  );
}

/** A comparison as a report has it, judged by the noise floor that holds for it. */
export function reportRatio(comparison: Comparison, floor: number | undefined): ReportRatio {
  const { ratio, rounds: _, ...rest } = comparison;
  return {
    ...rest,
    value: ratio.value,
    ci95: ci95Of(ratio.interval),
    n: ratio.n,
    floor: floor ?? null,
    verdict: verdict(ratio, floor),
  };
}

function comparisonOf(
  own: ReportCell,
  baseline: ReportCell,
  metric: string,
): Comparison | undefined {
  // Nothing is a multiple of nothing: an idle connection may well cost 0 µs of CPU in a run.
  const pairs = pairsByRound(own, baseline, metric).filter(
    (pair) => pair.own > 0 && pair.baseline > 0,
  );
  if (pairs.length === 0) return undefined;
  return {
    scenario: own.scenario,
    metric,
    placement: own.placement,
    lane: own.lane,
    baseline: baseline.lane,
    ratio: ratioOfPairs(
      pairs.map((pair) => pair.own),
      pairs.map((pair) => pair.baseline),
    ),
    rounds: pairs.map((pair) => pair.own / pair.baseline),
    valid: own.valid && baseline.valid,
  };
}
