import type { Placement, ReportScenario } from '../../schema/report.ts';
import { pointTables, ratioTable } from '../../tables/scenario-tables.ts';
import { formatValue } from '../../words/format.ts';
import type { Mark, PointSymbol } from '../chart/marks.ts';
import type { Row } from '../chart/rows.ts';
import { type PageContext, type Section, sectionOf } from '../context.ts';
import { rowsFigure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import {
  extremesWords,
  intervalMarks,
  logAxis,
  measuredPanels,
  nothing,
  placedPanels,
  reading,
  shownLanes,
} from '../measured.ts';

/** A percentile of a chart: its metric, and how it is drawn. */
interface Percentile {
  readonly metric: string;
  readonly symbol: PointSymbol;
  /** The side on which its value is written; absent: it is in the table alone. */
  readonly side?: 'left' | 'right';
}

/** A section of scenarios each of which has several times in one row for each lane. */
interface Percentiles {
  readonly id: string;
  readonly title: string;
  readonly families: readonly string[];
  readonly introduction?: Markup;
  /** The meaning of the symbols. */
  readonly words: string;
  readonly shown: readonly Percentile[];
}

const latency: Percentiles = {
  id: 'latency',
  title: 'Latency and delivery',
  families: ['latency', 'delivery'],
  words: 'Circles are medians, bars the 90th and diamonds the 99th percentile',
  shown: [
    { metric: 'p50', symbol: 'circle', side: 'left' },
    { metric: 'p90', symbol: 'bar' },
    { metric: 'p99', symbol: 'diamond', side: 'right' },
  ],
};

const openLoop: Percentiles = {
  id: 'open-loop',
  title: 'Under a load that does not wait',
  families: ['open-loop'],
  introduction: html`
<p>Here each request is sent when it is due, whether or not earlier ones have their responses. A client that waits for a stalled server does not send the requests that would wait longest. The distance between circle and bar is the delay that such a client hides.</p>
`,
  words:
    'These are 99th percentiles: circles count from the time at which a request was due (corrected), bars from the time at which it was sent (uncorrected)',
  shown: [
    { metric: 'uncorrected-p99', symbol: 'bar', side: 'left' },
    { metric: 'corrected-p99', symbol: 'circle', side: 'right' },
  ],
};

const registers: Percentiles = {
  id: 'registers',
  title: '100 registers as a distribution',
  families: ['registers'],
  words:
    'Bars are the first register on a fresh connection, circles the median and diamonds the 99th percentile of the other 99',
  shown: [
    { metric: 'rest-p50', symbol: 'circle', side: 'left' },
    { metric: 'rest-p99', symbol: 'diamond' },
    { metric: 'first', symbol: 'bar', side: 'right' },
  ],
};

/** Latency and delivery one at a time, under a load that does not wait, and of registers. */
export function latencySections(context: PageContext): (Section | undefined)[] {
  return [latency, openLoop, registers].map((one) => {
    const figures = context.report.scenarios
      .filter(({ family }) => one.families.includes(family))
      .map((scenario) => percentilesFigure(context, scenario, one));
    return sectionOf(one.id, one.title, figures, one.introduction);
  });
}

function percentilesFigure(
  context: PageContext,
  scenario: ReportScenario,
  { shown, words }: Percentiles,
): Markup | undefined {
  const { name, title, question, metrics } = scenario;
  const known = shown.flatMap((one) => {
    const metric = metrics.find(({ name: metric }) => metric === one.metric);
    return metric === undefined ? [] : [{ ...one, unit: metric.unit }];
  });
  const [first] = known;
  if (first === undefined) return undefined;
  const panels = measuredPanels(context, name, first.metric);
  if (panels.length === 0) return undefined;
  return rowsFigure({
    id: `at-${name}`,
    title,
    caption: `${question} ${extremesWords(panels)} ${words}. The scale is logarithmic; less is better. ${reading}`,
    axis: logAxis('time', first.unit),
    panels: placedPanels(context, (placement) =>
      shownLanes(context).flatMap((lane) =>
        rowOf(context, { scenario: name, lane: lane.name, placement }, lane.title, known),
      ),
    ),
    tables: [...pointTables(context.tables, scenario), ...ratioTable(context.tables, name)],
  });
}

function rowOf(
  { index, look }: PageContext,
  place: { readonly scenario: string; readonly lane: string; readonly placement: Placement },
  label: string,
  shown: readonly Percentile[],
): Row[] {
  const found = shown.flatMap((one) => {
    const result = index.result(place, one.metric);
    return result === undefined ? [] : [{ ...one, result }];
  });
  if (found.length === 0) {
    const cell = index.cell(place);
    return cell === undefined || cell.valid ? [] : [{ label, marks: [nothing] }];
  }
  const { ink } = look(place.lane);
  const values = found.map(({ result }) => result.value);
  // What is written stands beyond all marks on its side.
  const ends = found.flatMap(({ result: { value, ci95 } }) => [value, ...(ci95 ?? [])]);
  const marks = found.flatMap(({ symbol, side, result }): Mark[] => {
    const { value, ci95, unit, valid } = result;
    const at = side === 'left' ? Math.min(...ends) : Math.max(...ends);
    const text = `${formatValue(value, unit)}${valid || side === 'left' ? '' : ', not valid'}`;
    return [
      ...intervalMarks(ci95, ink),
      { kind: 'point', at: value, ink, symbol, hollow: !valid },
      ...(side === undefined ? [] : [{ kind: 'label', at, text, side } as const]),
    ];
  });
  const link: Mark = { kind: 'link', from: Math.min(...values), to: Math.max(...values), ink };
  return [{ label, marks: [link, ...marks] }];
}
