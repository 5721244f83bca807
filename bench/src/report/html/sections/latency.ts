import type { Placement, ReportScenario } from '../../schema/report.ts';
import { ratioTable } from '../../tables/ratio-tables.ts';
import { pointTables } from '../../tables/scenario-tables.ts';
import { formatValue } from '../../words/format.ts';
import { placementTitles } from '../../words/places.ts';
import type { Mark, PointSymbol } from '../chart/marks.ts';
import type { Panel, Row } from '../chart/rows.ts';
import type { PageContext, Section } from '../context.ts';
import { figure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import {
  axisFormat,
  extremesWords,
  intervalMarks,
  measuredPanels,
  nothing,
  shownLanes,
} from '../measured.ts';

/** A percentile of a chart: its metric, and how it is drawn. */
export interface Percentile {
  readonly metric: string;
  readonly symbol: PointSymbol;
  /** The side on which its value is written; absent: it is in the table alone. */
  readonly side?: 'left' | 'right';
}

const percentiles: readonly Percentile[] = [
  { metric: 'p50', symbol: 'circle', side: 'left' },
  { metric: 'p90', symbol: 'bar' },
  { metric: 'p99', symbol: 'diamond', side: 'right' },
];

/** Latency and delivery, one at a time: median and tail. */
export function latencySection(context: PageContext): Section | undefined {
  const scenarios = context.report.scenarios.filter(
    ({ family }) => family === 'latency' || family === 'delivery',
  );
  const figures = scenarios.flatMap(
    (scenario) => percentilesFigure(context, scenario, percentiles, legendWords) ?? [],
  );
  if (figures.length === 0) return undefined;
  return { id: 'latency', title: 'Latency and delivery', body: html`${figures}` };
}

const legendWords = 'Circles are medians, bars the 90th and diamonds the 99th percentile';

/** Several metrics of a scenario in one row for each lane. */
export function percentilesFigure(
  context: PageContext,
  scenario: ReportScenario,
  shown: readonly Percentile[],
  words: string,
): Markup | undefined {
  const known = shown.filter(({ metric }) => scenario.metrics.some(({ name }) => name === metric));
  const [first] = known;
  if (first === undefined) return undefined;
  const panels = measuredPanels(context, scenario.name, first.metric);
  if (panels.length === 0) return undefined;
  const unit = scenario.metrics.find(({ name }) => name === first.metric)?.unit ?? '';
  return figure({
    id: `at-${scenario.name}`,
    title: scenario.title,
    caption: `${scenario.question} ${extremesWords(panels)} ${words}. The scale is logarithmic; less is better. Whiskers are 95% intervals; hollow marks are not valid.`,
    chart: {
      rows: {
        axis: { title: 'time, log scale', scale: 'log', format: axisFormat(unit) },
        beside: true,
        panels: context.index.placements().flatMap((placement): Panel[] => {
          const rows = shownLanes(context).flatMap(({ name, title }) =>
            rowOf(context, scenario.name, { lane: name, title, placement }, known),
          );
          return rows.length === 0 ? [] : [{ title: placementTitles[placement], rows }];
        }),
      },
    },
    tables: [
      ...pointTables(context.tables, scenario),
      ...ratioTable(context.tables, scenario.name),
    ],
  });
}

interface RowPlace {
  readonly lane: string;
  readonly title: string;
  readonly placement: Placement;
}

function rowOf(
  { index, look }: PageContext,
  scenario: string,
  { lane, title, placement }: RowPlace,
  shown: readonly Percentile[],
): Row[] {
  const place = { scenario, lane, placement };
  const found = shown.flatMap((one) => {
    const result = index.result(place, one.metric);
    return result === undefined ? [] : [{ ...one, result }];
  });
  if (found.length === 0) {
    const cell = index.cell(place);
    return cell === undefined || cell.valid ? [] : [{ label: title, marks: [nothing] }];
  }
  const { ink } = look(lane);
  const values = found.map(({ result }) => result.value);
  const link: Mark = { kind: 'link', from: Math.min(...values), to: Math.max(...values), ink };
  const marks = found.flatMap(({ symbol, side, result }): Mark[] => {
    const { value, ci95, unit, valid } = result;
    const at = side === 'left' ? (ci95?.[0] ?? value) : (ci95?.[1] ?? value);
    const invalid = valid || side !== 'right' ? '' : ', not valid';
    return [
      ...intervalMarks(ci95, ink),
      { kind: 'point', at: value, ink, symbol, hollow: !valid },
      ...(side === undefined
        ? []
        : [{ kind: 'label', at, text: `${formatValue(value, unit)}${invalid}`, side } as const]),
    ];
  });
  return [{ label: title, marks: [link, ...marks] }];
}
