import { headlinesAmong } from '../../report/analysis/contenders.ts';
import { pairsByRound, runsThatCount } from '../../report/analysis/pairs.ts';
import type { Placement, ReportCell } from '../../report/schema/report.ts';
import {
  halfWidth,
  median,
  type Ratio,
  type RoundReason,
  type RoundsRule,
  type RoundsSoFar,
  ratioOfPairs,
  roundReasons,
  roundsNeeded,
  roundWanted,
} from '../../statistics/index.ts';
import type { Cell } from './run-cell.ts';

const unlimited = Number.POSITIVE_INFINITY;

/** A cell and the values of its runs so far. */
export interface CellSoFar {
  readonly cell: Cell;
  readonly soFar: ReportCell;
}

/** Two cells that are compared, in the main metric of their scenario. */
interface Comparison {
  readonly own: CellSoFar;
  readonly base: CellSoFar;
  readonly scenario: string;
  readonly placement: Placement;
  readonly metric: string;
  readonly lane: string;
  readonly baseline: string;
}

/** One more round of some cells. */
export interface NextRound {
  readonly reason: RoundReason;
  /** True when it replaces a slow round of a headline, which would have no interval without it. */
  readonly isPromised: boolean;
  readonly cells: readonly Cell[];
}

/** The result of a comparison so far. */
interface ComparisonSoFar {
  /** The median of each side, in the unit of the metric. */
  readonly own: number;
  readonly base: number;
  readonly unit: string;
  readonly ratio: Ratio;
}

/** A headline ratio of the run, as far as it is known. */
export interface Headline
  extends Pick<Comparison, 'scenario' | 'placement' | 'metric' | 'lane' | 'baseline'> {
  /** Null when it has no interval. */
  readonly halfWidth: number | null;
  /** The number of rounds that are missing until its interval is narrow enough; null when unknown. */
  readonly roundsMissing: number | null;
  /** The cells that run in them. */
  readonly cells: readonly Cell[];
  /** Undefined until both sides have a run of the same round. */
  readonly soFar: ComparisonSoFar | undefined;
}

/**
 * Returns the rounds that are still needed after the runs so far, the most urgent first. First come rounds of
 * cells whose runs were slow, so that every comparison gets the rounds that it was promised, and of these
 * the headlines; then rounds of the headlines with the widest intervals; then rounds of cells that were
 * promised too few for an interval. The caller runs one of them and calls again. Cells of one scenario
 * and placement share their rounds.
 */
export function nextRounds(cells: readonly CellSoFar[], rule: RoundsRule): readonly NextRound[] {
  const headlines = new Set(headlinesAmong(comparisonsOf(cells)));
  const groups = Map.groupBy(comparisonsOf(cells, true), ({ scenario, placement }) =>
    [scenario, placement].join(' '),
  );
  const wanted = [...groups.values()].flatMap((comparisons) => {
    const judged = comparisons.map((comparison) => {
      const isHeadline = [...headlines].some(
        ({ own, base }) => own === comparison.own && base === comparison.base,
      );
      const ratio = isHeadline ? ratioOf(comparison) : undefined;
      const ratios = ratio === undefined ? [] : [ratio];
      const reason = roundWanted({ ...roundsOf(comparison), ratios }, rule);
      return { comparison, reason, width: isHeadline ? halfWidth(ratio?.interval) : 0 };
    });
    const reason = roundReasons.find((each) => judged.some((one) => one.reason === each));
    if (reason === undefined) return [];
    const chosen = judged.filter((one) => one.reason === reason);
    const lanes = chosen.flatMap(({ comparison }) => [comparison.lane, comparison.baseline]);
    const [first] = chosen;
    const next = cellsOf(cells, first?.comparison, lanes);
    const width = Math.max(...chosen.map(({ width }) => width));
    return [{ reason, isPromised: reason === 'slow' && width > 0, cells: next, width }];
  });
  const urgency = ({ reason }: NextRound) => roundReasons.indexOf(reason);
  return wanted.sort((a, b) => urgency(a) - urgency(b) || b.width - a.width);
}

/** Returns the headlines with their ratios so far. */
export function headlinesOf(cells: readonly CellSoFar[], rule: RoundsRule): Headline[] {
  return headlinesAmong(comparisonsOf(cells)).map((comparison) => {
    const { scenario, placement, metric, lane, baseline } = comparison;
    const ratio = ratioOf(comparison);
    const width = halfWidth(ratio?.interval);
    const isKnown = Number.isFinite(width);
    return {
      scenario,
      placement,
      metric,
      lane,
      baseline,
      halfWidth: isKnown ? width : null,
      roundsMissing:
        ratio !== undefined && isKnown ? roundsNeeded(ratio, rule.halfWidthMax) - ratio.n : null,
      cells: cellsOf(cells, comparison, [lane, baseline]),
      soFar: ratio && { ...mediansOf(comparison), ratio },
    };
  });
}

function mediansOf({ own, base, metric }: Comparison): Omit<ComparisonSoFar, 'ratio'> {
  const [ofOwn, ofBase] = [own, base].map(({ soFar }) =>
    median(runsThatCount(soFar).flatMap(({ values }) => values[metric] ?? [])),
  ) as [number, number];
  const unit = own.cell.scenario.metrics[0]?.unit ?? '';
  return { own: ofOwn, base: ofBase, unit };
}

/** @param alone true to compare a cell without a partner with itself, to count its rounds */
function comparisonsOf(cells: readonly CellSoFar[], alone = false): Comparison[] {
  const compared = cells.flatMap((own) => {
    const metric = own.cell.scenario.metrics[0]?.name ?? '';
    const { scenario, placement, lane } = own.soFar;
    return own.cell.lane.baselines.flatMap((baseline) => {
      const base = cells.find(
        ({ soFar }) =>
          soFar.lane === baseline && soFar.scenario === scenario && soFar.placement === placement,
      );
      return base === undefined ? [] : [{ own, base, scenario, placement, metric, lane, baseline }];
    });
  });
  if (!alone) return compared;
  const rest = cells.filter(
    (one) => !compared.some(({ own, base }) => own === one || base === one),
  );
  return [
    ...compared,
    ...rest.map((own) => {
      const { scenario, placement, lane } = own.soFar;
      return { own, base: own, scenario, placement, metric: '', lane, baseline: lane };
    }),
  ];
}

/** The cells of these lanes in the place of the comparison, and those of the same lanes by another name. */
function cellsOf(
  cells: readonly CellSoFar[],
  at: Pick<Comparison, 'scenario' | 'placement'> | undefined,
  lanes: readonly string[],
): readonly Cell[] {
  return cells
    .filter(
      ({ soFar }) =>
        soFar.scenario === at?.scenario &&
        soFar.placement === at.placement &&
        lanes.includes(soFar.lane.replace(/-again$/, '')),
    )
    .map(({ cell }) => cell);
}

/** The rounds of a comparison: calm ones, in which neither of its two runs was slow, and others. */
function roundsOf({ own, base }: Comparison): Omit<RoundsSoFar, 'ratios'> {
  const [inOwn, inBase] = [own, base].map(({ soFar }) => ({
    all: new Set(soFar.runs.map(({ round }) => round)),
    calm: new Set(soFar.runs.filter(({ slow }) => slow !== true).map(({ round }) => round)),
  }));
  const both = [...(inOwn?.all ?? [])].filter((round) => inBase?.all.has(round));
  const calm = both.filter((round) => inOwn?.calm.has(round) && inBase?.calm.has(round)).length;
  const promised = Math.min(own.cell.rounds ?? unlimited, base.cell.rounds ?? unlimited);
  return { promised, calm, slow: both.length - calm };
}

function ratioOf({ own, base, metric }: Comparison): Ratio | undefined {
  const pairs = pairsByRound(own.soFar, base.soFar, metric).filter(
    (pair) => pair.own > 0 && pair.baseline > 0,
  );
  if (pairs.length === 0) return undefined;
  return ratioOfPairs(
    pairs.map((pair) => pair.own),
    pairs.map((pair) => pair.baseline),
  );
}
