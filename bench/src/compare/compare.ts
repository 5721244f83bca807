import { isDisturbed } from '../report/analysis/fitness.ts';
import { floorFor } from '../report/analysis/noise.ts';
import { ci95Of, runsThatCount } from '../report/analysis/pairs.ts';
import type { Placement, Report, ReportResult, ReportScenario } from '../report/schema/report.ts';
import { ReportIndex } from '../report/schema/report-index.ts';
import { type Ratio, ratioOfMedians, type Verdict, verdict } from '../statistics/index.ts';
import { agreementOfHeadlines, type HeadlineAgreement } from './headlines.ts';
import {
  circumstances,
  type Difference,
  machineDifferences,
  UnlikeMachinesError,
} from './unlike-machines.ts';

/** One figure of a report. */
export interface FigurePlace {
  readonly scenario: string;
  readonly lane: string;
  readonly placement: Placement;
  readonly metric: string;
}

/** The change of one figure from report A to report B. */
export interface Change extends FigurePlace {
  /** True for the figure that its scenario is about. */
  readonly main: boolean;
  readonly a: ReportResult;
  readonly b: ReportResult;
  /** B over A; null where a figure is 0, which has no multiples. */
  readonly ratio: number | null;
  readonly ci95: readonly [number, number] | null;
  /** `higher` and `lower` are about the figure. */
  readonly verdict: Verdict | 'not valid' | 'no ratio';
  /** The worth of the change; absent unless there is one. */
  readonly merit?: 'better' | 'worse';
}

/** Two reports side by side. */
export interface ReportComparison {
  readonly a: ReportSummary;
  readonly b: ReportSummary;
  /** The differences of the machines; empty unless they were to be compared all the same. */
  readonly unlike: readonly Difference[];
  /** Other differences between the reports. */
  readonly circumstances: readonly Difference[];
  /** Reasons not to cite a report, or that it is not complete. */
  readonly warnings: readonly string[];
  /** Of the ratios that the reports are for. */
  readonly headlines: readonly HeadlineAgreement[];
  /** Of every figure that both have. */
  readonly changes: readonly Change[];
  readonly onlyInA: readonly FigurePlace[];
  readonly onlyInB: readonly FigurePlace[];
}

interface ReportSummary {
  readonly title: string;
  readonly startedAt: string;
  readonly commit: string;
}

/** The choices of a comparison. */
export interface CompareOptions {
  /** Compare even what comes from machines that differ. */
  readonly unlikeMachines: boolean;
}

/**
 * Compares report B with report A, cell by cell. The runs of two reports share no rounds, so nothing
 * pairs them. The interval is that of the ratio of two independent medians, and a change counts when it
 * is also beyond the noise floor of both reports. A machine that drifted between the two reports still looks
 * like a change.
 *
 * @throws UnlikeMachinesError when the machines differ and that was not allowed
 * @throws Error when no figure is in both
 */
export function compareReports(a: Report, b: Report, options: CompareOptions): ReportComparison {
  const unlike = machineDifferences(a.fingerprint, b.fingerprint);
  if (unlike.length > 0 && !options.unlikeMachines) throw new UnlikeMachinesError(unlike);
  const [first, second] = [new ReportIndex(a), new ReportIndex(b)];
  const changes = a.results.flatMap((result) => {
    const other = second.result(result, result.metric);
    return other === undefined ? [] : [changeOf(first, second, result, other)];
  });
  if (changes.length === 0) throw new Error('the reports have no figure in common');
  return {
    a: summaryOf(a),
    b: summaryOf(b),
    unlike,
    circumstances: circumstances(a, b),
    warnings: [...warningsOf('A', a), ...warningsOf('B', b)],
    headlines: agreementOfHeadlines(a, b),
    changes,
    onlyInA: missingFrom(second, a),
    onlyInB: missingFrom(first, b),
  };
}

function changeOf(
  first: ReportIndex,
  second: ReportIndex,
  a: ReportResult,
  b: ReportResult,
): Change {
  const { scenario, lane, placement, metric } = a;
  const place = { scenario, lane, placement, metric };
  const main = metricsOf(second, scenario)[0]?.name === metric;
  const [before, after] = [valuesOf(first, a), valuesOf(second, b)];
  if (![...before, ...after].every((value) => value > 0)) {
    return { ...place, main, a, b, ratio: null, ci95: null, verdict: 'no ratio' };
  }
  const { value, interval } = ratioOfMedians(after, before);
  const ratio: Ratio = { value, interval, n: Math.min(before.length, after.length) };
  const said: Change['verdict'] =
    a.valid && b.valid ? verdict(ratio, floorOf(first, second, place)) : 'not valid';
  const merit = meritOf(second, place, said);
  const change = { ...place, main, a, b, ratio: value, ci95: ci95Of(interval), verdict: said };
  return merit === undefined ? change : { ...change, merit };
}

/** The values that the result is the median of. */
function valuesOf(index: ReportIndex, { metric, ...place }: ReportResult): number[] {
  const cell = index.cell(place);
  return cell === undefined
    ? []
    : runsThatCount(cell).flatMap(({ values }) => values[metric] ?? []);
}

/** The larger of what the lane showed against itself there, in either report. */
function floorOf(first: ReportIndex, second: ReportIndex, place: FigurePlace): number | undefined {
  const floors = [first, second].flatMap(
    ({ report }) => floorFor({ ...place, baseline: '' }, report.noise.floors) ?? [],
  );
  return floors.length === 0 ? undefined : Math.max(...floors);
}

function meritOf(
  index: ReportIndex,
  { scenario, metric }: FigurePlace,
  said: Change['verdict'],
): Change['merit'] {
  if (said !== 'higher' && said !== 'lower') return undefined;
  const better = metricsOf(index, scenario).find(({ name }) => name === metric)?.better;
  if (better === undefined) return undefined;
  return better === said ? 'better' : 'worse';
}

function metricsOf({ report }: ReportIndex, scenario: string): ReportScenario['metrics'] {
  return report.scenarios.find(({ name }) => name === scenario)?.metrics ?? [];
}

function missingFrom(index: ReportIndex, { results }: Report): FigurePlace[] {
  return results
    .filter((result) => index.result(result, result.metric) === undefined)
    .map(({ scenario, lane, placement, metric }) => ({ scenario, lane, placement, metric }));
}

function warningsOf(which: string, report: Report): string[] {
  const { complete, citable, notCitableBecause, cells } = report;
  const disturbed = cells.filter(isDisturbed).length;
  return [
    ...(disturbed === 0
      ? []
      : [
          `${which} was disturbed by other programs in at least half of the runs of ${disturbed} of ${cells.length} cells`,
        ]),
    ...(complete ? [] : [`${which} was ended before its plan`]),
    ...(citable ? [] : [`${which} is not to be cited: ${notCitableBecause.join('; ')}`]),
  ];
}

function summaryOf({ title, startedAt, fingerprint }: Report): ReportSummary {
  return { title, startedAt, commit: fingerprint.commit };
}
