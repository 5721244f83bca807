import { median, medianInterval, noiseFloor, verdict } from '../../statistics/index.ts';
import type { Report, ReportCell, ReportLane, ReportScenario } from '../schema/report.ts';
import { cellKey } from '../schema/report-index.ts';
import { ci95Of, pairsByRound } from './pairs.ts';
import type { Comparison } from './ratios.ts';

/** A noise floor, as a report has it. */
export type Floor = Report['noise']['floors'][number];
/** The effect of a delay that was put into a lane, as a report has it. */
export type Injected = Report['noise']['injected'][number];

/** The place and the lanes of a noise floor. */
type Place = Pick<Comparison, 'scenario' | 'metric' | 'placement' | 'lane' | 'baseline'>;

/** A lane that is there twice, to be measured against itself. */
export function isAgain(lane: string): boolean {
  return lane.endsWith('-again');
}

/** Measures the rig's own noise by each lane that is there twice. Invalid cells show nothing. */
export function floorsOf(comparisons: readonly Comparison[]): Floor[] {
  return comparisons.filter(isAgainstItself).flatMap((comparison) => {
    const { scenario, metric, placement, baseline, ratio, rounds, valid } = comparison;
    const floor = noiseFloor(rounds);
    if (floor === undefined || !valid) return [];
    const ci95 = ci95Of(ratio.interval);
    return [{ scenario, metric, placement, lane: baseline, ratio: ratio.value, ci95, floor }];
  });
}

/**
 * The floor by which a ratio of two lanes is judged: the larger of what these two showed against
 * themselves in the same scenario, metric and placement. What other lanes showed, or these elsewhere,
 * says nothing of it. Undefined when neither ran twice there, and for a lane against itself, which its
 * own floor would acquit whatever it showed.
 */
export function floorFor(place: Place, floors: readonly Floor[]): number | undefined {
  if (isAgainstItself(place)) return undefined;
  const used = floors.filter(
    ({ scenario, metric, placement, lane }) =>
      (lane === place.lane || lane === place.baseline) &&
      scenario === place.scenario &&
      metric === place.metric &&
      placement === place.placement,
  );
  return used.length === 0 ? undefined : Math.max(...used.map(({ floor }) => floor));
}

/** The data on a delay that was put into one lane on purpose. */
interface InjectedQuestion {
  readonly cells: readonly ReportCell[];
  readonly lanes: readonly ReportLane[];
  readonly scenarios: readonly ReportScenario[];
  readonly comparisons: readonly Comparison[];
  readonly floors: readonly Floor[];
  readonly injectedUs: Readonly<Record<string, number>>;
}

/**
 * Finds what the rig saw of each injected delay: by how many microseconds the median latency of the
 * lane with the delay lies above that of the same lane without, and whether the rig would have called
 * it a difference by the same rule as any other.
 */
export function injectedOf(question: InjectedQuestion): Injected[] {
  const { cells, lanes, scenarios, injectedUs } = question;
  const latencies = new Set(
    scenarios.filter(({ family }) => family === 'latency').map(({ name }) => name),
  );
  return cells
    .filter((cell) => latencies.has(cell.scenario))
    .flatMap((cell) => {
      const delayUs = injectedUs[cell.lane];
      const baseline = lanes.find(({ name }) => name === cell.lane)?.baselines[0];
      if (delayUs === undefined || baseline === undefined) return [];
      const key = cellKey({ ...cell, lane: baseline });
      const without = cells.find((other) => cellKey(other) === key);
      if (without === undefined) return [];
      return seenOf(cell, without, delayUs, question) ?? [];
    });
}

function seenOf(
  cell: ReportCell,
  without: ReportCell,
  injectedUs: number,
  { comparisons, floors }: InjectedQuestion,
): Injected | undefined {
  const { scenario, placement, lane } = cell;
  const differences = pairsByRound(cell, without, latencyMetric).map(
    ({ own, baseline }) => own - baseline,
  );
  if (differences.length === 0) return undefined;
  const comparison = comparisons.find(
    (one) =>
      cellKey(one) === cellKey(cell) &&
      one.baseline === without.lane &&
      one.metric === latencyMetric,
  );
  return {
    scenario,
    placement,
    lane,
    baseline: without.lane,
    injectedUs,
    seenUs: median(differences),
    ci95: ci95Of(medianInterval(differences)),
    seen:
      comparison?.valid === true &&
      verdict(comparison.ratio, floorFor(comparison, floors)) === 'higher',
  };
}

/** The median latency, in microseconds. */
const latencyMetric = 'p50';

function isAgainstItself({ lane, baseline }: Pick<Place, 'lane' | 'baseline'>): boolean {
  return isAgain(lane) && lane === `${baseline}-again`;
}
