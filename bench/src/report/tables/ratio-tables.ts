import { costMetrics, orderedMetrics } from '../analysis/side-by-side.ts';
import type { Placement, ReportRatio } from '../schema/report.ts';
import { formatRatioWithInterval } from '../words/format.ts';
import { placementTitles } from '../words/places.ts';
import type { TableContext, TableData } from './table-data.ts';

/** One figure that a table has a column for. */
interface Column {
  readonly title: string;
  readonly metric: string;
  readonly placement: Placement;
}

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
  columns: readonly Column[],
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
  return rows.length === 0 ? [] : [{ title, head: ['', ...columns.map((one) => one.title)], rows }];
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
