import { contenders, contenderWords } from '../analysis/contenders.ts';
import { costs, type Ladder, type LadderStep, ladders } from '../analysis/ladder.ts';
import type { Report } from '../schema/report.ts';
import { formatValue } from '../words/format.ts';
import { placementTitles } from '../words/places.ts';
import {
  figure,
  isSomething,
  roundsOf,
  type TableContext,
  type TableData,
  tableOf,
  withInterval,
} from './table-data.ts';

/** The three timed tasks of the 2023 program, and which metric of ours is the whole of each. */
const tasks = [
  { scenario: 'set-up', metric: 'total', title: 'set-up' },
  { scenario: 'op-suite', metric: 'time', title: 'op suite' },
  { scenario: 'registers-100', metric: 'total', title: '100 registers' },
] as const;

/** The lane of ours that does what the published figure of each transport was taken of. */
const publishedLanes = { sockets: contenders.sockets, grpc: contenders.unary } as const;

/** The three tasks on each contender, with what the 2023 program published beside them. */
export function taskTable(context: TableContext): TableData[] {
  const { index } = context;
  const placements = index.placements();
  const rows = tasks.flatMap(({ scenario, metric, title }) =>
    Object.values(contenders).flatMap((lane) => {
      const places = placements.map((placement) => ({ scenario, lane, placement, metric }));
      const cells = places.map((place) => figure(context, place, metric));
      if (!cells.some(isSomething)) return [];
      const label = `${title}, ${contenderWords[lane] ?? lane}`;
      const published = publishedFigure(index.report, scenario, lane);
      return [[label, ...cells, roundsOf(context, places), published]];
    }),
  );
  const titles = placements.map((placement) => placementTitles[placement]);
  const head = ['', ...titles, 'rounds', 'published 2023'];
  return tableOf('The three timed tasks of the 2023 program', head, rows, {
    note: 'The last column has the times that that program published: Python, on its authors’ machine. Do not compute ratios with them.',
  });
}

function publishedFigure({ published }: Report, task: string, lane: string): string {
  const found = published.find(
    (one) => one.task === task && publishedLanes[one.transport] === lane,
  );
  return found === undefined ? '' : formatValue(found.seconds, 's');
}

/** The parts of each latency: a table for each placement, the contenders side by side. */
export function ladderTables(context: TableContext): TableData[] {
  const all = ladders(context.index.report);
  return context.index.placements().flatMap((placement) => {
    const here = all.filter((ladder) => ladder.placement === placement);
    if (here.length === 0) return [];
    const steps = here.flatMap((ladder) => ladder.steps).sort(byCosts);
    const rows = [...new Set(steps.map(({ title }) => title))].map((title) => {
      const alike = here.map((ladder) => ladder.steps.find((step) => step.title === title));
      return [title, ...alike.map((step) => stepFigure(context, step))];
    });
    return [
      {
        title: `Where each microsecond goes, ${placementTitles[placement]}`,
        note: 'These are the parts of the median latency of one search at a time. Each figure is the time that a lane takes beyond the lane below it. A column adds up to its last line with the steps that are within noise, which are not shown and may be below 0. A step without an interval has a lane with too few rounds for one.',
        head: ['', ...here.map(({ title }) => title)],
        rows: [...rows, ['altogether', ...here.map((ladder) => totalFigure(context, ladder))]],
      },
    ];
  });
}

/** Says from which lanes each step is read off, each once. */
export function readOffWords({ index }: TableContext): string[] {
  const steps = ladders(index.report).flatMap(({ title, steps }) =>
    steps.map((step) => `${title}, ${step.title}: ${step.from}`),
  );
  return [...new Set(steps)];
}

/** From the bottom up: by the uppermost cost in it, steps with several behind those with one. */
function byCosts(a: LadderStep, b: LadderStep): number {
  const rank = (step: LadderStep) => Object.keys(costs).indexOf(step.costs.at(-1) ?? '');
  return rank(a) - rank(b) || a.costs.length - b.costs.length;
}

function stepFigure({ style }: TableContext, step: LadderStep | undefined): string {
  if (step === undefined) return '';
  if (step.reading === 'within noise') return 'within noise';
  if (step.us < 0) return `saves ${formatValue(-step.us, 'us')}`;
  return withInterval(style, step.us, step.ci95, 'us');
}

function totalFigure({ footnotes }: TableContext, ladder: Ladder): string {
  const text = formatValue(ladder.totalUs, 'us');
  return ladder.valid ? text : `${text} ${footnotes.mark(ladder.why)}`;
}
