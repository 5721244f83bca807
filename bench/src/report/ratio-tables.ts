import { formatRatio } from './format.ts';
import type { ReportRatio } from './report.ts';
import { placementTitles, type TableContext, type TableData } from './table-data.ts';

/** Lanes over their baselines, in the first metric of a scenario. */
export function ratioTable(context: TableContext, scenario: string): TableData[] {
  const { index } = context;
  const metric = index.report.scenarios.find(({ name }) => name === scenario)?.metrics[0];
  if (metric === undefined) return [];
  const placements = index.placements();
  const pairs = index.report.lanes.flatMap(({ name, title, baselines }) =>
    baselines.map((baseline) => ({ name, title, baseline })),
  );
  const rows = pairs.flatMap(({ name, title, baseline }) => {
    const cells = placements.map((placement) =>
      ratioFigure(index.ratio({ scenario, lane: name, placement }, metric.name, baseline)),
    );
    const label = `${title}, over ${index.lane(baseline)?.title ?? baseline}`;
    return cells.every((cell) => cell === '') ? [] : [[label, ...cells]];
  });
  if (rows.length === 0) return [];
  const head = ['', ...placements.map((placement) => placementTitles[placement])];
  return [{ title: `As multiples: ${metric.title}`, head, rows }];
}

function ratioFigure(ratio: ReportRatio | undefined): string {
  if (ratio === undefined) return '';
  const ends = ratio.ci95?.map(formatRatio).join(', ');
  const value = `${formatRatio(ratio.value)}${ends === undefined ? '' : ` [${ends}]`}`;
  return ratio.valid ? `${value}, ${ratio.verdict}` : `${value}, not valid`;
}
