import { runsThatCount } from '../analysis/pairs.ts';
import { costMetrics, orderedMetrics } from '../analysis/side-by-side.ts';
import type { Placement, ReportCell, ReportRatio, ReportScenario } from '../schema/report.ts';
import { formatCounts, formatRatioWithInterval } from '../words/format.ts';
import { placementTitles } from '../words/places.ts';
import { capitalised } from '../words/sentence.ts';
import { familiesOf, type RangeOfMetric, rangesOf } from './families.ts';
import {
  figure,
  isSomething,
  roundsOf,
  type TableContext,
  type TableData,
  tableOf,
} from './table-data.ts';

/** One figure that a table has a column for. */
interface Column {
  readonly title: string;
  readonly scenario: string;
  readonly metric: string;
  readonly placement: Placement;
}

/**
 * Everything that was measured, in the order of the scenarios: what has several points along a range
 * is read across, a table for each metric; other scenarios have a table of their own with all metrics.
 */
export function scenarioTables(context: TableContext): TableData[] {
  return familiesOf(context.index.report).flatMap(({ range, members }) => {
    const points = range === undefined ? [] : rangesOf(range, members);
    const inRange = new Set(points.flatMap((range) => range.points.map(({ metric }) => metric)));
    const isRange = range !== undefined && members.length > 1;
    const alone = isRange
      ? []
      : members.flatMap((one) => pointTables(context, one, (metric) => !inRange.has(metric)));
    return [...points.flatMap((range) => rangeTables(context, range)), ...alone];
  });
}

/**
 * A scenario's metrics side by side, a table for each placement.
 *
 * @param wanted only these of them
 */
export function pointTables(
  context: TableContext,
  scenario: ReportScenario,
  wanted: (metric: string) => boolean = () => true,
): TableData[] {
  const metrics = orderedMetrics(scenario).filter(({ name }) => wanted(name));
  return context.index.placements().flatMap((placement) => {
    const cells = context.index.report.cells.filter(
      (cell) => cell.scenario === scenario.name && cell.placement === placement,
    );
    const columns = metrics.map(({ name: metric, title }) => {
      return { title, scenario: scenario.name, metric, placement };
    });
    const note = `${scenario.question} ${operationsWords(cells)}`.trimEnd();
    return laneTable(context, `${scenario.title}, ${placementTitles[placement]}`, columns, note);
  });
}

/** One metric along a range, a table for each placement. */
export function rangeTables(context: TableContext, { family, title, points }: RangeOfMetric) {
  return context.index.placements().flatMap((placement) =>
    laneTable(
      context,
      `${capitalised(family)}: ${title}, ${placementTitles[placement]}`,
      points.map((point) => {
        return {
          title: point.title,
          scenario: point.scenario.name,
          metric: point.metric,
          placement,
        };
      }),
    ),
  );
}

/** Lanes down, columns across; columns and lanes of which there is nothing are left out, and then the table. */
function laneTable(
  context: TableContext,
  title: string,
  wanted: readonly Column[],
  note?: string,
): TableData[] {
  const { report } = context.index;
  const columns = wanted.filter((column) =>
    report.lanes.some((lane) =>
      isSomething(figure(context, { ...column, lane: lane.name }, column.metric)),
    ),
  );
  const rows = context.index.report.lanes.flatMap((lane) => {
    const places = columns.map((column) => ({ ...column, lane: lane.name }));
    const cells = places.map((place) => figure(context, place, place.metric));
    if (!cells.some(isSomething)) return [];
    return [[lane.title, ...cells, roundsOf(context, places)]];
  });
  const head = ['', ...columns.map((column) => column.title), 'rounds'];
  return tableOf(title, head, rows, note === undefined ? {} : { note });
}

/** Says of how many operations percentiles are: `Of 10,000 to 43,000 operations a run.` Empty when of none. */
export function operationsWords(cells: readonly ReportCell[]): string {
  const counts = cells.flatMap((cell) => runsThatCount(cell).map(({ operations }) => operations));
  if (counts.length === 0) return '';
  const range = formatCounts(counts);
  return `Of ${range} ${range === '1' ? 'operation' : 'operations'} a run.`;
}

/** A metric that a table of ratios has a column for. */
type RatioColumn = Omit<Column, 'scenario'>;

/**
 * Lanes over their baselines in a scenario: in its main metric and in all that an operation takes, a
 * table for each placement; or in the main metric alone, the placements side by side.
 */
export function ratioTable(context: TableContext, scenario: string): TableData[] {
  const { index } = context;
  const found = index.report.scenarios.find(({ name }) => name === scenario);
  const [main] = found?.metrics ?? [];
  if (found === undefined || main === undefined) return [];
  const metrics = orderedMetrics(found).filter(
    (metric) => metric === main || costMetrics.includes(metric.name),
  );
  const placements = index.placements();
  if (metrics.length === 1) {
    const columns = placements.map((placement) => {
      return { title: placementTitles[placement], metric: main.name, placement };
    });
    return ratiosTable(context, scenario, `As multiples: ${main.title}`, columns);
  }
  return placements.flatMap((placement) => {
    const columns = metrics.map(({ name: metric, title }) => ({ title, metric, placement }));
    const title = `As multiples, ${placementTitles[placement]}`;
    return ratiosTable(context, scenario, title, columns);
  });
}

function ratiosTable(
  { index }: TableContext,
  scenario: string,
  title: string,
  columns: readonly RatioColumn[],
): TableData[] {
  const pairs = index.report.lanes.flatMap((lane) =>
    lane.baselines.map((baseline) => ({ lane, baseline })),
  );
  const rows = pairs.flatMap(({ lane, baseline }) => {
    const cells = columns.map(({ metric, placement }) =>
      ratioFigure(index.ratio({ scenario, lane: lane.name, placement }, metric, baseline)),
    );
    const label = `${lane.title}, over ${index.lane(baseline)?.title ?? baseline}`;
    return cells.every((cell) => cell === '') ? [] : [[label, ...cells]];
  });
  return tableOf(title, ['', ...columns.map((one) => one.title)], rows);
}

function ratioFigure(ratio: ReportRatio | undefined): string {
  if (ratio === undefined) return '';
  const value = formatRatioWithInterval(ratio.value, ratio.ci95);
  if (!ratio.valid) return `${value}, not valid`;
  // Which side of 1 it lies on is in the figure.
  return ratio.verdict === 'higher' || ratio.verdict === 'lower'
    ? value
    : `${value}, ${ratio.verdict}`;
}
