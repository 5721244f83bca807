import type { ReportScenario } from '../../schema/report.ts';
import { pointTables, ratioTable } from '../../tables/scenario-tables.ts';
import { type PageContext, type Section, sectionOf } from '../context.ts';
import { rowsFigure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import {
  extremesWords,
  logAxis,
  measuredPanels,
  placedPanels,
  pointsRow,
  type RowPoint,
  reading,
  shownLanes,
} from '../measured.ts';

/** A section of scenarios each of which has several times in one row for each lane. */
interface Percentiles {
  readonly id: string;
  readonly title: string;
  readonly families: readonly string[];
  readonly introduction?: Markup;
  /** The meaning of the symbols. */
  readonly words: string;
  readonly shown: readonly RowPoint[];
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
        pointsRow(context, { scenario: name, lane: lane.name, placement }, lane.title, known),
      ),
    ),
    tables: [...pointTables(context.tables, scenario), ...ratioTable(context.tables, name)],
  });
}
