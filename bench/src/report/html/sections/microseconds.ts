import { type Ladder, type LadderStep, ladderSource, ladders } from '../../analysis/ladder.ts';
import { pointTables } from '../../tables/scenario-tables.ts';
import { ladderTables, readOffWords } from '../../tables/summary-tables.ts';
import { formatNumber, formatValue } from '../../words/format.ts';
import { placementTitles } from '../../words/places.ts';
import { capitalised, lowered } from '../../words/sentence.ts';
import type { Row } from '../chart/rows.ts';
import { type PageContext, type Section, sectionOf } from '../context.ts';
import { rowsFigure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { linearAxis, placedPanels, shownLanes, stackedRow } from '../measured.ts';
import { partInk, severalInks } from '../theme.ts';

/** The parts of a latency, of CPU time and of a set-up. */
export function microsecondsSection(context: PageContext): Section | undefined {
  return sectionOf('microseconds', 'Where each microsecond goes', [
    ladderFigure(context),
    ...cpuScenarios.map((scenario) => cpuFigure(context, scenario)),
    ...['set-up', 'set-up-cold'].map((scenario) => setUpFigure(context, scenario)),
  ]);
}

const costParts: Readonly<Record<string, string>> = {
  service: 'content',
  codec: 'codec',
  kernel: 'kernel',
  http2: 'http2',
  grpcJs: 'grpc-js',
  ours: 'ours',
};

/** Gives each step the part that it is painted as; those of several costs by their titles, in turn. */
function partsOf(steps: readonly LadderStep[]): ReadonlyMap<string, string> {
  const several = new Set(steps.filter(({ costs }) => costs.length > 1).map(({ title }) => title));
  return new Map([
    ...steps.map(({ title, costs }) => [title, costParts[costs[0] ?? ''] ?? 'other'] as const),
    ...[...several].map((title, at) => [title, `several-${(at % severalInks) + 1}`] as const),
  ]);
}

function ladderFigure(context: PageContext): Markup | undefined {
  const all = ladders(context.report);
  if (all.length === 0) return undefined;
  const steps = all.flatMap((ladder) => ladder.steps);
  const parts = partsOf(steps);
  const saving = steps.some(({ us }) => us < 0);
  const chart = rowsFigure({
    id: 'ladder',
    title: 'One search at a time: what its median latency consists of',
    caption: `${ladderWords(all)} Each part is the time that a lane takes beyond the lane below it. The whisker is the 95% interval of the whole.${saving ? ' A dashed part is below zero: the lane took less time than the bare lane below it.' : ''}`,
    axis: linearAxis('median latency'),
    beside: false,
    panels: placedPanels(context, (placement) =>
      all
        .filter((ladder) => ladder.placement === placement)
        .map((ladder) => ladderRow(context, ladder, parts)),
    ),
    legend: [...parts].map(([text, part]) => ({ ink: partInk(part), text })),
    tables: ladderTables(context.tables),
  });
  return html`${chart}<details><summary>The lanes that each part is the difference of</summary><ul>${readOffWords(context.tables).map((text) => html`<li>${text}</li>`)}</ul></details>`;
}

function ladderRow(
  { index }: PageContext,
  ladder: Ladder,
  parts: ReadonlyMap<string, string>,
): Row {
  const { title, steps, totalUs, valid } = ladder;
  const stacked = steps.map(({ title: step, us }) => {
    return { part: parts.get(step) ?? 'other', size: us, text: formatNumber(us) };
  });
  const ci95 = index.result(ladder, ladderSource.metric)?.ci95 ?? null;
  return stackedRow(title, stacked, formatValue(totalUs, 'us'), { valid, ci95 });
}

/** The largest part of each lane, at the plainest placement. */
function ladderWords(all: readonly Ladder[]): string {
  const [first] = all;
  const parts = all
    .filter(({ placement }) => placement === first?.placement)
    .flatMap(({ title, steps, totalUs }) => {
      const largest = [...steps].sort((a, b) => b.us - a.us)[0];
      if (largest === undefined) return [];
      return [
        `${title} takes ${formatValue(totalUs, 'us')}, ${formatNumber(largest.us)} of it ${largest.title}`,
      ];
    });
  const where = first === undefined ? '' : `, ${placementTitles[first.placement]}`;
  return `${capitalised(parts.join('; '))}${where}.`;
}

/** A metric that is one part of a whole: what it is painted as, and what it is called. */
interface MetricPart {
  readonly metric: string;
  readonly part: string;
  readonly text: string;
}

/** The scenarios whose CPU time has charts. */
const cpuScenarios = [ladderSource.scenario, 'throughput-64', 'delivery', 'fan-out-1000'];

const cpuParts: readonly MetricPart[] = [
  { metric: 'client-cpu', part: 'client', text: 'client' },
  { metric: 'server-cpu', part: 'server', text: 'server' },
];

const setUpParts: readonly MetricPart[] = [
  { metric: 'connect', part: 'server', text: 'until TCP is up' },
  { metric: 'handshake', part: 'client', text: 'until a request can be made' },
  { metric: 'first-response', part: 'third', text: 'until the first response' },
];

const partWords =
  'Each whisker is the 95% interval of the part that ends there; dashed parts are not valid.';

/** CPU time of an operation, client and server apart. */
function cpuFigure(context: PageContext, name: string): Markup | undefined {
  const scenario = context.report.scenarios.find((one) => one.name === name);
  if (scenario === undefined) return undefined;
  const unit = scenario.metrics.find(({ name: metric }) => metric === 'server-cpu')?.unit;
  const each = unit === 'us/message' ? 'a message that arrived' : 'an operation';
  return rowsFigure({
    id: `cpu-${name}`,
    title: `CPU time of ${each}, client and server: ${lowered(scenario.title)}`,
    caption: `The time for which the CPU is busy for ${each}, in the client and in the server, whether or not somebody waits for it. ${partWords}`,
    axis: linearAxis(`CPU time of ${each}`),
    ...stackedMetrics(context, name, cpuParts),
    tables: pointTables(context.tables, scenario, (metric) => metric.endsWith('-cpu')),
  });
}

/** A set-up and what it consists of: medians of parts need not add up to that of the whole. */
function setUpFigure(context: PageContext, name: string): Markup | undefined {
  const scenario = context.report.scenarios.find((one) => one.name === name);
  if (scenario === undefined) return undefined;
  return rowsFigure({
    id: `${name}-split`,
    title: scenario.title,
    caption: `${scenario.question} ${partWords}`,
    axis: linearAxis('time from nothing'),
    ...stackedMetrics(context, name, setUpParts, 'total'),
    tables: pointTables(context.tables, scenario),
  });
}

/** Metrics of a scenario one behind the other; the whole is their sum, unless it was measured too. */
function stackedMetrics(
  context: PageContext,
  scenario: string,
  parts: readonly MetricPart[],
  whole = '',
) {
  const panels = placedPanels(context, (placement) =>
    shownLanes(context).flatMap(({ name: lane, title }): Row[] => {
      const place = { scenario, lane, placement };
      const found = parts.flatMap(({ metric, part }) => {
        const result = context.index.result(place, metric);
        return result === undefined ? [] : [{ part, result }];
      });
      if (found.length === 0) return [];
      const stacked = found.map(({ part, result: { value, ci95 } }) => {
        const text = value < 1_000 ? formatNumber(value) : formatValue(value, 'us');
        return { part, size: value, text, ci95 };
      });
      const sum = stacked.reduce((total, { size }) => total + size, 0);
      const totalUs = context.index.result(place, whole)?.value ?? sum;
      const valid = found.every(({ result }) => result.valid);
      return [stackedRow(title, stacked, formatValue(totalUs, 'us'), { valid })];
    }),
  );
  return { panels, legend: parts.map(({ part, text }) => ({ ink: partInk(part), text })) };
}
