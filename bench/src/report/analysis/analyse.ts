import type { Report, ReportCell, ReportLane, ReportScenario } from '../schema/report.ts';
import { floorFor, floorsOf, injectedOf } from './noise.ts';
import { resultsOf } from './pairs.ts';
import { comparisonsOf, reportRatio } from './ratios.ts';

/** The measurements that the rig gathered. */
export interface Measured {
  /** Each with however many runs it got: a run of the lab may have been interrupted. */
  readonly cells: readonly ReportCell[];
  readonly lanes: readonly ReportLane[];
  readonly scenarios: readonly ReportScenario[];
  /** The lanes whose server is slower on purpose, and by how many microseconds an operation. */
  readonly injectedUs: Readonly<Record<string, number>>;
}

/**
 * Analyses the cells: a figure with its interval for each, each lane as a multiple of its baselines,
 * and how much of that could be noise. The same cells give the same analysis: nothing is drawn.
 */
export function analyse(measured: Measured): Pick<Report, 'results' | 'ratios' | 'noise'> {
  const { cells, lanes, scenarios } = measured;
  const comparisons = comparisonsOf(cells, lanes, scenarios);
  const floors = floorsOf(comparisons);
  return {
    results: resultsOf(cells, scenarios),
    ratios: comparisons.map((comparison) => reportRatio(comparison, floorFor(comparison, floors))),
    noise: { floors, injected: injectedOf({ ...measured, comparisons, floors }) },
  };
}
