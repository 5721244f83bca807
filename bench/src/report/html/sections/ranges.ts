import type { ReportScenario } from '../../schema/report.ts';
import { rangeTables } from '../../tables/scenario-tables.ts';
import { placementTitles } from '../../words/places.ts';
import { lowered } from '../../words/sentence.ts';
import type { Line, LinePoint } from '../chart/line.ts';
import type { LinesPanel } from '../chart/lines.ts';
import type { PageContext, Section } from '../context.ts';
import { figure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import {
  axisFormat,
  extremes,
  extremesWords,
  measuredPanels,
  pointPanel,
  reading,
  shownLanes,
} from '../measured.ts';

/** A family of scenarios that are points of one range. */
interface Range {
  readonly id: string;
  readonly family: string;
  readonly title: string;
  /** The parameter along the range. */
  readonly parameter: string;
  readonly across: string;
  readonly scale: 'linear' | 'log';
  readonly metrics: readonly { readonly name: string; readonly title: string }[];
}

const ranges: readonly Range[] = [
  {
    ...{ id: 'throughput', family: 'throughput', title: 'Throughput against depth' },
    ...{ parameter: 'depth', across: 'requests under way, log scale', scale: 'log' },
    metrics: [
      { name: 'throughput', title: 'Operations a second of one connection' },
      { name: 'p50', title: 'Median latency at that depth' },
    ],
  },
  {
    ...{ id: 'body', family: 'body', title: 'Body size' },
    ...{ parameter: 'bodyChars', across: 'characters of the body', scale: 'linear' },
    metrics: [{ name: 'p50', title: 'Median latency of a send' }],
  },
  {
    ...{ id: 'sends', family: 'sends', title: 'Sends of many connections' },
    ...{ parameter: 'connections', across: 'connections, log scale', scale: 'log' },
    metrics: [{ name: 'throughput', title: 'Messages a second, all connections together' }],
  },
  {
    ...{ id: 'fan-out', family: 'fan-out', title: 'One sender, many recipients' },
    ...{ parameter: 'recipients', across: 'recipients, log scale', scale: 'log' },
    metrics: [
      { name: 'total', title: 'Until each recipient has its message' },
      { name: 'throughput', title: 'Messages that arrive, a second' },
    ],
  },
  {
    ...{ id: 'idle', family: 'idle', title: 'Idle connections' },
    ...{ parameter: 'connections', across: 'connections, log scale', scale: 'log' },
    metrics: [
      { name: 'used-bytes', title: 'Memory of the server for each: heap and buffers' },
      { name: 'resident-bytes', title: 'Memory of the server for each: resident' },
      { name: 'cpu', title: 'CPU time of the server for all, each second' },
    ],
  },
  {
    ...{ id: 'search-million', family: 'search-million', title: 'Search over a million users' },
    ...{ parameter: 'accounts', across: 'accounts', scale: 'log' },
    metrics: [
      { name: 'exact', title: 'One name' },
      { name: 'scan', title: 'A scan of every name' },
      { name: 'delay-scans', title: 'Longest wait beside 64 scans' },
    ],
  },
  {
    ...{ id: 'round-trip', family: 'round-trip', title: 'Round-trip time' },
    ...{ parameter: 'roundTripMs', across: 'milliseconds there and back', scale: 'linear' },
    metrics: [
      { name: 'short', title: 'One short request at a time, median' },
      { name: 'throughput', title: 'Short requests a second with 64 under way' },
      { name: 'long-answer', title: 'A long answer' },
    ],
  },
  {
    ...{ id: 'start-up', family: 'start-up', title: 'Start of the command' },
    ...{ parameter: 'processes', across: 'processes', scale: 'log' },
    metrics: [
      { name: 'serve', title: 'A server, to its first answer' },
      { name: 'chat', title: 'A chat, to the answer to its first command' },
    ],
  },
];

/** Throughput, body size, sends, idle connections and round trips: whatever was measured along a range. */
export function rangeSections(context: PageContext): Section[] {
  return ranges.flatMap((range) => {
    const members = context.report.scenarios.filter(({ family }) => family === range.family);
    const figures = range.metrics.flatMap(
      (metric) => rangeFigure(context, range, members, metric) ?? [],
    );
    return figures.length === 0
      ? []
      : [{ id: range.id, title: range.title, body: html`${figures}` }];
  });
}

function rangeFigure(
  context: PageContext,
  range: Range,
  members: readonly ReportScenario[],
  metric: Range['metrics'][number],
): Markup | undefined {
  const unit = members[0]?.metrics.find(({ name }) => name === metric.name)?.unit ?? '';
  const points = members.map(({ parameters }) => Number(parameters[range.parameter]));
  const [only] = members;
  if (only !== undefined && members.length === 1)
    return pointFigure(context, range, only, metric, unit);
  const panels = context.index.placements().flatMap((placement): LinesPanel[] => {
    const lines = linesOf(context, range, members, metric.name, placement);
    return lines.length === 0 ? [] : [{ title: placementTitles[placement], lines }];
  });
  if (panels.length === 0) return undefined;
  const keyed = new Map(
    panels.flatMap(({ lines }) => lines.map((line) => [line.key, line] as const)),
  );
  return figure({
    id: `${range.id}-${metric.name}`,
    title: metric.title,
    caption: `${rangeWords(context, members, metric.name)} ${emptyWords(context, members, metric.name)}Bands and whiskers are 95% intervals; hollow marks are not valid. Scales are logarithmic${range.scale === 'log' ? '' : ' upwards'}.`,
    chart: {
      lines: {
        x: { title: range.across, scale: range.scale, points },
        y: {
          title: `${lowered(metric.title)}, log scale`,
          scale: 'log',
          format: axisFormat(unit),
        },
        panels,
      },
    },
    legend: [...keyed].map(([key, { ink, label }]) => ({ key, ink, text: label })),
    tables: rangeTables(context.tables, members, metric.name),
  });
}

/** A range of which one point was measured is a chart of rows. */
function pointFigure(
  context: PageContext,
  range: Range,
  scenario: ReportScenario,
  metric: Range['metrics'][number],
  unit: string,
): Markup | undefined {
  const panels = measuredPanels(context, scenario.name, metric.name);
  if (panels.length === 0) return undefined;
  return figure({
    id: `${range.id}-${metric.name}`,
    title: `${scenario.title}: ${lowered(metric.title)}`,
    caption: `${scenario.question} ${extremesWords(panels)} The scale is logarithmic. ${reading}`,
    chart: {
      rows: {
        axis: {
          title: `${lowered(metric.title)}, log scale`,
          scale: 'log',
          format: axisFormat(unit),
        },
        beside: true,
        panels: panels.map((panel) => pointPanel(context, panel)),
      },
    },
    tables: rangeTables(context.tables, [scenario], metric.name),
  });
}

function linesOf(
  context: PageContext,
  { parameter }: Range,
  members: readonly ReportScenario[],
  metric: string,
  placement: (typeof context.report.cells)[number]['placement'],
): Line[] {
  return shownLanes(context).flatMap(({ name: lane, title }, at): Line[] => {
    const points = members.flatMap((scenario): LinePoint[] => {
      const result = context.index.result({ scenario: scenario.name, lane, placement }, metric);
      const x = Number(scenario.parameters[parameter]);
      // A logarithmic scale has no place for 0 and less.
      if (result === undefined || result.value <= 0) return [];
      const ci95 = result.ci95 !== null && result.ci95[0] > 0 ? result.ci95 : null;
      return [{ x, y: result.value, ci95, valid: result.valid }];
    });
    const key = String.fromCharCode('a'.charCodeAt(0) + at);
    return points.length === 0 ? [] : [{ label: title, key, ...context.look(lane), points }];
  });
}

/** What a line cannot show: points at which nothing was measured, though it was asked. */
function emptyWords(
  { index, report }: PageContext,
  members: readonly ReportScenario[],
  metric: string,
): string {
  const empty = report.cells.flatMap(({ scenario, lane, placement, valid }) => {
    const asked = members.find(({ name }) => name === scenario);
    if (asked === undefined || valid || index.result({ scenario, lane, placement }, metric))
      return [];
    return [`${asked.title}, ${index.lane(lane)?.title ?? lane}, ${placementTitles[placement]}`];
  });
  return empty.length === 0 ? '' : `Nothing came of, and not valid: ${empty.join('; ')}. `;
}

/** What one sees at the end of the range. */
function rangeWords(
  context: PageContext,
  members: readonly ReportScenario[],
  metric: string,
): string {
  const last = members.at(-1);
  if (last === undefined) return '';
  return `${last.title}, ${extremes(measuredPanels(context, last.name, metric))}.`;
}
