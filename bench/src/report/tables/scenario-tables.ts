import { runsThatCount } from '../analysis/pairs.ts';
import {
  collectionMetrics,
  costMetrics,
  orderedMetrics,
  systemCallMetrics,
} from '../analysis/side-by-side.ts';
import type { Placement, ReportCell, ReportScenario } from '../schema/report.ts';
import { formatCount } from '../words/format.ts';
import { placementTitles } from '../words/places.ts';
import { capitalised } from '../words/sentence.ts';
import { figure, type TableContext, type TableData } from './table-data.ts';

/** What an operation takes, and what that asks of the system and of the runtime. */
const usage = [...costMetrics, ...systemCallMetrics, ...collectionMetrics];

/**
 * Families whose scenarios are points of one range, and are read across; of each, the metrics that
 * have a table. Scenarios of other families have a table of their own with all of their metrics.
 */
const ranges: Readonly<Record<string, readonly string[]>> = {
  throughput: ['throughput', ...usage],
  connections: ['throughput', ...usage],
  body: usage,
  payload: usage,
  bulk: ['bytes-per-second', ...usage],
  sends: ['throughput', ...usage],
  'fan-out': ['total', 'throughput', ...usage],
  idle: ['used-bytes', 'resident-bytes', 'cpu'],
  'round-trip': ['short', 'throughput', 'long-answer'],
};

/** One figure that a table has a column for. */
interface Column {
  readonly title: string;
  readonly scenario: string;
  readonly metric: string;
  readonly placement: Placement;
}

/** Everything that was measured, in the order of the scenarios. */
export function scenarioTables(context: TableContext): TableData[] {
  const { scenarios } = context.index.report;
  const families = new Set(scenarios.map(({ family }) => family));
  return [...families].flatMap((family) => {
    const members = scenarios.filter((scenario) => scenario.family === family);
    const metrics = ranges[family];
    return metrics === undefined
      ? members.flatMap((scenario) => pointTables(context, scenario))
      : metrics.flatMap((metric) => rangeTables(context, members, metric));
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
export function rangeTables(
  context: TableContext,
  members: readonly ReportScenario[],
  metric: string,
): TableData[] {
  const known = members.flatMap(({ metrics }) => metrics).find(({ name }) => name === metric);
  const [first] = members;
  if (known === undefined || first === undefined) return [];
  return context.index.placements().flatMap((placement) =>
    laneTable(
      context,
      `${capitalised(first.family)}: ${known.title}, ${placementTitles[placement]}`,
      members.map(({ name }) => ({ title: name, scenario: name, metric, placement })),
    ),
  );
}

/** Lanes down, columns across; lanes of which there is nothing are left out, and then the table. */
function laneTable(
  context: TableContext,
  title: string,
  columns: readonly Column[],
  note?: string,
): TableData[] {
  const rows = context.index.report.lanes.flatMap((lane) => {
    const cells = columns.map(({ scenario, metric, placement }) =>
      figure(context, { scenario, lane: lane.name, placement }, metric),
    );
    return cells.every((cell) => cell === '' || cell === 'n/a') ? [] : [[lane.title, ...cells]];
  });
  if (rows.length === 0) return [];
  const head = ['', ...columns.map((column) => column.title)];
  return [note === undefined ? { title, head, rows } : { title, note, head, rows }];
}

/** Says of how many operations percentiles are: `Of 10,000 to 43,000 operations a run.` Empty when of none. */
export function operationsWords(cells: readonly ReportCell[]): string {
  const counts = cells.flatMap((cell) => runsThatCount(cell).map(({ operations }) => operations));
  if (counts.length === 0) return '';
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const range =
    least === most ? formatCount(least) : `${formatCount(least)} to ${formatCount(most)}`;
  return `Of ${range} operations a run.`;
}
