import { ci95Of, pairsByRound, runsThatCount } from '../report/analysis/pairs.ts';
import type {
  Fingerprint,
  Placement,
  Report,
  ReportCell,
  ReportRatio,
  ReportResult,
} from '../report/schema/report.ts';
import { ReportIndex } from '../report/schema/report-index.ts';
import {
  acrossMachines,
  median,
  medianInterval,
  type Verdict,
  valuesOfMachineMin,
  verdict,
} from '../statistics/index.ts';
import { joinable, machineName, type Unlike } from './unlike-settings.ts';
import { warningsOf } from './warnings.ts';

/** Reports of several machines, joined. */
export interface Combination {
  readonly machines: readonly Machine[];
  readonly unlike: Unlike;
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
  /** One, or several whose rounds are pooled. */
  readonly reports: readonly { readonly startedAt: string; readonly fingerprint: Fingerprint }[];
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

/** A lane over a baseline, over all machines, with the verdict of that. */
export interface CombinedRatio extends FigurePlace, Combined {
  readonly baseline: string;
  readonly verdict: Verdict;
}

/** A metric of one lane, over all machines. */
export interface CombinedValue extends FigurePlace, Combined {
  readonly unit: string;
}

/** A figure that the reports have and the combination does not. */
export interface LeftOut extends Place {
  /** The baseline; null for a figure of the lane alone. */
  readonly baseline: string | null;
  readonly reason: string;
}

/** Settings of {@link combineReports}. */
export interface CombinationOptions {
  /** Joins reports whose commits differ too; see {@link joinable}. */
  readonly unlikeCommits?: boolean;
}

/**
 * Joins reports of several machines. Ratios are taken within the rounds of a machine, as in its own
 * report, and machines are joined as `acrossMachines` does: each counts once, and the interval is that
 * of machines like these. There is a figure only where every machine has it.
 *
 * @throws UnlikeSettingsError when they were measured differently, with every difference
 * @throws Error when no figure can be joined, with the reasons
 */
export function combineReports(
  given: readonly Report[],
  { unlikeCommits = false }: CombinationOptions = {},
): Combination {
  const { machines: groups, unlike } = joinable(given, unlikeCommits);
  const unlikeNames = new Set(unlike.scenarios.map(({ name }) => name));
  const machines = groups.map((reports, i) => {
    const alike = reports.map((report) => withoutScenarios(report, unlikeNames));
    return {
      name: machineName(i),
      reports: alike,
      indexes: alike.map((report) => new ReportIndex(report)),
    };
  });
  const first = machines[0]?.reports[0] as Report;
  const mains = new Map(first.scenarios.map(({ name, metrics }) => [name, metrics[0]?.name]));
  const leftOut: LeftOut[] = [];
  const join = <P extends Place & { readonly baseline: string | null }, C>(
    place: P,
    own: readonly Own[],
    of: (combined: Combined) => C,
  ): C[] => {
    if (own.length < machines.length) return [];
    const reason = reasonAgainst(own);
    if (reason === undefined) return [of(combined(own))];
    const { scenario, placement, metric, lane, baseline } = place;
    leftOut.push({ scenario, placement, metric, lane, baseline, reason });
    return [];
  };
  const combination = {
    machines: machines.map(({ name, reports }) => {
      return {
        name,
        reports: reports.map(({ startedAt, fingerprint }) => ({ startedAt, fingerprint })),
      };
    }),
    unlike,
    warnings: warningsOf(machines, unlikeCommits, unlike),
    ratios: first.ratios.flatMap((ratio) => {
      const { scenario, placement, metric, lane, baseline } = ratio;
      return join(
        ratio,
        machines.flatMap((machine) => ownRatio(machine, ratio)),
        (figure) => {
          const { value, ci95 } = figure;
          const interval = { low: ci95[0], high: ci95[1] };
          const floor = largestFloor(machines, ratio);
          const said = verdict({ value, interval, n: machines.length }, floor);
          const main = mains.get(scenario) === metric;
          return { scenario, placement, metric, lane, baseline, main, ...figure, verdict: said };
        },
      );
    }),
    values: first.results.flatMap((result) => {
      const { scenario, placement, metric, lane, unit } = result;
      const own = machines.flatMap((machine) => ownValue(machine, result));
      return join({ ...result, baseline: null }, own, (figure) => {
        const main = mains.get(scenario) === metric;
        return { scenario, placement, metric, lane, unit, main, ...figure };
      });
    }),
    leftOut: [...leftOut, ...onlySome(machines)],
  };
  if (combination.ratios.length + combination.values.length === 0) {
    const reasons = new Set(combination.leftOut.map(({ reason }) => reason));
    const why = [...reasons].join('; ') || 'they have no scenario in common';
    throw new Error(`no figure of these reports can be joined: ${why}`);
  }
  return combination;
}

function withoutScenarios(report: Report, names: ReadonlySet<string>): Report {
  const isKept = ({ scenario }: { readonly scenario: string }) => !names.has(scenario);
  return {
    ...report,
    scenarios: report.scenarios.filter(({ name }) => !names.has(name)),
    cells: report.cells.filter(isKept),
    results: report.results.filter(isKept),
    ratios: report.ratios.filter(isKept),
  };
}

interface Measured {
  readonly name: string;
  readonly reports: readonly Report[];
  readonly indexes: readonly ReportIndex[];
}

/** The part of one machine in a figure, of all its reports. */
interface Own {
  readonly machine: string;
  readonly values: readonly number[];
  readonly valid: boolean;
}

function ownRatio({ name, indexes }: Measured, place: ReportRatio): Own[] {
  const { metric, baseline } = place;
  const parts = indexes.flatMap((index) => {
    const ratio = index.ratio(place, metric, baseline);
    const [cell, other] = [index.cell(place), index.cell({ ...place, lane: baseline })];
    if (ratio === undefined || cell === undefined || other === undefined) return [];
    const pairs = pairsByRound(cell, other, metric).filter(
      (pair) => pair.own > 0 && pair.baseline > 0,
    );
    return [{ valid: ratio.valid, values: pairs.map((pair) => pair.own / pair.baseline) }];
  });
  return pooled(name, parts);
}

function ownValue({ name, indexes }: Measured, place: ReportResult): Own[] {
  const parts = indexes.flatMap((index) => {
    const result = index.result(place, place.metric);
    const cell: ReportCell | undefined = index.cell(place);
    if (result === undefined || cell === undefined) return [];
    const values = runsThatCount(cell).flatMap((run) => run.values[place.metric] ?? []);
    return [{ valid: result.valid, values }];
  });
  return pooled(name, parts);
}

function pooled(machine: string, parts: readonly Omit<Own, 'machine'>[]): Own[] {
  if (parts.length === 0) return [];
  const valid = parts.every((part) => part.valid);
  return [{ machine, valid, values: parts.flatMap(({ values }) => values) }];
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
    machines: own.map(({ machine, values }) => {
      const ci95 = ci95Of(medianInterval(values));
      return { machine, value: median(values), ci95, n: values.length };
    }),
  };
}

/** The largest ratio of a lane against itself on any of the machines. */
function largestFloor(machines: readonly Measured[], place: ReportRatio): number | undefined {
  const floors = machines.flatMap(({ indexes }) =>
    indexes.flatMap((index) => index.ratio(place, place.metric, place.baseline)?.floor ?? []),
  );
  return floors.length === 0 ? undefined : Math.max(...floors);
}

function onlySome(machines: readonly Measured[]): LeftOut[] {
  const key = ({ scenario, placement, lane }: ReportCell) => `${scenario} ${placement} ${lane}`;
  const measured = machines.map(({ name, reports }) => {
    const cells = reports.flatMap((report) => report.cells);
    return { name, cells: new Map(cells.map((cell) => [key(cell), cell])) };
  });
  const seen = new Map(measured.flatMap(({ cells }) => [...cells]));
  return [...seen].flatMap(([cell, { scenario, placement, lane }]) => {
    const missing = measured.flatMap(({ name, cells }) => (cells.has(cell) ? [] : [name]));
    if (missing.length === 0) return [];
    const reason = `not measured on ${missing.join(' and ')}`;
    return [{ scenario, placement, metric: '', lane, baseline: null, reason }];
  });
}
