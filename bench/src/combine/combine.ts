import { pairsByRound, runsThatCount } from '../report/analysis/pairs.ts';
import type {
  Fingerprint,
  Placement,
  Report,
  ReportCell,
  ReportRatio,
  ReportResult,
} from '../report/schema/report.ts';
import { ReportIndex } from '../report/schema/report-index.ts';
import { acrossMachines, type Verdict, valuesOfMachineMin, verdict } from '../statistics/index.ts';
import { machineName, refuseUnlike } from './unlike-settings.ts';

/** Reports of several machines, joined. */
export interface Combination {
  readonly machines: readonly Machine[];
  readonly commit: string;
  /** The reasons against citing it, and other notes for a reader. */
  readonly warnings: readonly string[];
  /** Lanes over their baselines. */
  readonly ratios: readonly CombinedRatio[];
  /** The figures of the lanes themselves. */
  readonly values: readonly CombinedValue[];
  /** The figures that all machines measured and that cannot be joined, each with its reason. */
  readonly leftOut: readonly LeftOut[];
}

/** One of the machines. */
interface Machine {
  /** A, B, C, in the order in which the reports were given. */
  readonly name: string;
  readonly startedAt: string;
  readonly fingerprint: Fingerprint;
}

interface Place {
  readonly scenario: string;
  readonly placement: Placement;
  readonly metric: string;
  readonly lane: string;
}

interface FigurePlace extends Place {
  /** True if it is the main figure of its scenario. */
  readonly main: boolean;
}

/** A figure as one of machines like these. */
export interface Combined {
  readonly value: number;
  /** Of the figure of machines like these. */
  readonly ci95: readonly [number, number];
  /** The distance between machines: one standard deviation, as a fraction of the figure. */
  readonly between: number;
  /** The part of the variation that is between machines and not between runs, 0 to 1. */
  readonly share: number;
  readonly machines: readonly OwnFigure[];
}

/** The figure of one machine alone. */
interface OwnFigure {
  readonly machine: string;
  readonly value: number;
  readonly ci95: readonly [number, number] | null;
  /** Rounds, or runs. */
  readonly n: number;
}

export interface CombinedRatio extends FigurePlace, Combined {
  readonly baseline: string;
  readonly verdict: Verdict;
}

export interface CombinedValue extends FigurePlace, Combined {
  readonly unit: string;
}

export interface LeftOut extends Place {
  /** The baseline; null for a figure of the lane alone. */
  readonly baseline: string | null;
  readonly reason: string;
}

/**
 * Joins reports of several machines. Ratios are taken within the rounds of a machine, as in its own
 * report, and machines are joined as `acrossMachines` does: each counts once, and the interval is that
 * of machines like these. There is a figure only where every machine has it.
 *
 * @throws UnlikeSettingsError when they were measured differently, with every difference
 */
export function combineReports(reports: readonly Report[]): Combination {
  refuseUnlike(reports);
  const indexes = reports.map((report) => new ReportIndex(report));
  const [first] = reports as [Report];
  const mains = new Map(first.scenarios.map(({ name, metrics }) => [name, metrics[0]?.name]));
  const leftOut: LeftOut[] = [];
  const join = <P extends Place & { readonly baseline: string | null }, C>(
    place: P,
    own: readonly Own[],
    of: (combined: Combined) => C,
  ): C[] => {
    if (own.length < reports.length) return [];
    const reason = reasonAgainst(own);
    if (reason === undefined) return [of(combined(own))];
    const { scenario, placement, metric, lane, baseline } = place;
    leftOut.push({ scenario, placement, metric, lane, baseline, reason });
    return [];
  };
  return {
    machines: reports.map(({ startedAt, fingerprint }, i) => {
      return { name: machineName(i), startedAt, fingerprint };
    }),
    commit: first.fingerprint.commit,
    warnings: [...reports.flatMap(warningsOf), ...alike(reports)],
    ratios: first.ratios.flatMap((ratio) => {
      const { scenario, placement, metric, lane, baseline } = ratio;
      const same = indexes.map((index) => index.ratio(ratio, metric, baseline));
      return join(
        ratio,
        indexes.flatMap((index, i) => ownRatio(index, machineName(i), same[i])),
        (figure) => {
          const { value, ci95, machines } = figure;
          const interval = { low: ci95[0], high: ci95[1] };
          const said = verdict({ value, interval, n: machines.length }, largestFloor(same));
          const main = mains.get(scenario) === metric;
          return { scenario, placement, metric, lane, baseline, main, ...figure, verdict: said };
        },
      );
    }),
    values: first.results.flatMap((result) => {
      const { scenario, placement, metric, lane, unit } = result;
      const own = indexes.flatMap((index, i) =>
        ownValue(index, machineName(i), index.result(result, metric)),
      );
      return join({ ...result, baseline: null }, own, (figure) => {
        const main = mains.get(scenario) === metric;
        return { scenario, placement, metric, lane, unit, main, ...figure };
      });
    }),
    leftOut: [...leftOut, ...onlySome(reports)],
  };
}

/** The part of one machine in a figure. */
interface Own extends OwnFigure {
  readonly values: readonly number[];
  readonly valid: boolean;
}

function ownRatio(index: ReportIndex, machine: string, ratio: ReportRatio | undefined): Own[] {
  if (ratio === undefined) return [];
  const [cell, baseline] = [index.cell(ratio), index.cell({ ...ratio, lane: ratio.baseline })];
  if (cell === undefined || baseline === undefined) return [];
  const pairs = pairsByRound(cell, baseline, ratio.metric).filter(
    (pair) => pair.own > 0 && pair.baseline > 0,
  );
  const { value, ci95, n, valid } = ratio;
  return [
    { machine, value, ci95, n, valid, values: pairs.map((pair) => pair.own / pair.baseline) },
  ];
}

function ownValue(index: ReportIndex, machine: string, result: ReportResult | undefined): Own[] {
  const cell: ReportCell | undefined = result && index.cell(result);
  if (result === undefined || cell === undefined) return [];
  const values = runsThatCount(cell).flatMap((run) => run.values[result.metric] ?? []);
  const { value, ci95, n, valid } = result;
  return [{ machine, value, ci95, n, valid, values }];
}

function reasonAgainst(own: readonly Own[]): string | undefined {
  for (const { machine, valid, values } of own) {
    if (!valid) return `not valid on ${machine}`;
    if (values.length < valuesOfMachineMin) {
      return `${values.length} of at least ${valuesOfMachineMin} rounds on ${machine}`;
    }
    if (values.some((value) => !(value > 0))) return `0 on ${machine}, which has no multiples`;
  }
  return undefined;
}

function combined(own: readonly Own[]): Combined {
  const { value, interval, between, share } = acrossMachines(own.map(({ values }) => values));
  return {
    value,
    ci95: [interval.low, interval.high],
    between,
    share,
    machines: own.map(({ values: _, valid: __, ...figure }) => figure),
  };
}

/** The largest ratio of a lane against itself on any of the machines. */
function largestFloor(ratios: readonly (ReportRatio | undefined)[]): number | undefined {
  const floors = ratios.flatMap((ratio) => ratio?.floor ?? []);
  return floors.length === 0 ? undefined : Math.max(...floors);
}

function onlySome(reports: readonly Report[]): LeftOut[] {
  const key = ({ scenario, placement, lane }: ReportCell) => `${scenario} ${placement} ${lane}`;
  const keys = reports.map(({ cells }) => new Set(cells.map(key)));
  const seen = new Map(reports.flatMap(({ cells }) => cells).map((cell) => [key(cell), cell]));
  return [...seen].flatMap(([name, { scenario, placement, lane }]) => {
    const missing = keys.flatMap((has, i) => (has.has(name) ? [] : [machineName(i)]));
    if (missing.length === 0) return [];
    const reason = `not measured on ${missing.join(' and ')}`;
    return [{ scenario, placement, metric: '', lane, baseline: null, reason }];
  });
}

function warningsOf({ complete, citable, notCitableBecause }: Report, i: number): string[] {
  return [
    ...(complete ? [] : [`${machineName(i)} was ended before its plan`]),
    ...(citable ? [] : [`${machineName(i)} is not to be cited: ${notCitableBecause.join('; ')}`]),
  ];
}

/** Machines that may be one machine twice, which would count as two. */
function alike(reports: readonly Report[]): string[] {
  const kinds = reports.map(({ fingerprint }) => {
    const { machine, cpu, cores, memoryBytes, kernel } = fingerprint;
    return JSON.stringify([machine, cpu, cores, memoryBytes, kernel]);
  });
  return [...Map.groupBy(kinds.keys(), (i) => kinds[i])].flatMap(([, [...same]]) =>
    same.length < 2
      ? []
      : [
          `${same.map(machineName).join(' and ')} have the same processor, memory and kernel: if they are one machine, it counts more than once, and the intervals are too narrow`,
        ],
  );
}
