import { type CpuStack, cpuStacks } from '../../cpu-stack.ts';
import { formatNumber, formatValue } from '../../format.ts';
import { type Ladder, type LadderStep, ladderSource, ladders } from '../../ladder.ts';
import { pointTables } from '../../scenario-tables.ts';
import { cpuTables, ladderTables } from '../../summary-tables.ts';
import { placementTitles } from '../../table-data.ts';
import type { Mark } from '../chart/marks.ts';
import type { Panel, Row } from '../chart/rows.ts';
import type { PageContext, Section } from '../context.ts';
import { figure, type LegendEntry } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { axisFormat, capitalised, intervalMarks, lowered, shownLanes } from '../measured.ts';
import { partInk, partTextInk } from '../theme.ts';

/** Where each microsecond goes: of the latency, of the CPU's time, of a set-up. */
export function microsecondsSection(context: PageContext): Section | undefined {
  const figures = [
    ladderFigure(context),
    cpuFigure(context, ladderSource.scenario),
    cpuFigure(context, 'throughput-64'),
    setUpFigure(context, 'set-up'),
    setUpFigure(context, 'set-up-cold'),
  ].filter((one) => one !== undefined);
  if (figures.length === 0) return undefined;
  return { id: 'microseconds', title: 'Where each microsecond goes', body: html`${figures}` };
}

const costParts: Readonly<Record<string, string>> = {
  service: 'content',
  codec: 'codec',
  kernel: 'kernel',
  http2: 'http2',
  grpcJs: 'grpc-js',
  ours: 'ours',
};

function partOf({ costs }: LadderStep): string {
  return costs.length === 1 ? (costParts[costs[0] ?? ''] ?? 'several') : 'several';
}

function ladderFigure(context: PageContext): Markup | undefined {
  const all = ladders(context.report);
  if (all.length === 0) return undefined;
  const steps = all.flatMap((ladder) => ladder.steps);
  const legend = Map.groupBy(steps, ({ title }) => title);
  const readOff = [
    ...new Set(
      all.flatMap(({ title, steps }) =>
        steps.map((step) => `${title}, ${step.title}: ${step.from}`),
      ),
    ),
  ];
  const saving = steps.some(({ us }) => us < 0);
  const chart = figure({
    id: 'ladder',
    title: 'One search at a time: what its median latency consists of',
    caption: `${ladderWords(all)} Each part is what a lane takes more than the lane below it; the whisker is the 95% interval of the whole.${saving ? ' A dashed part is one below zero: the lane above took less than the bare one below it.' : ''}`,
    chart: {
      rows: {
        axis: { title: 'median latency', scale: 'linear', format: axisFormat('us') },
        panels: context.index.placements().flatMap((placement): Panel[] => {
          const here = all.filter((ladder) => ladder.placement === placement);
          const title = placementTitles[placement];
          return here.length === 0
            ? []
            : [{ title, rows: here.map((one) => ladderRow(context, one)) }];
        }),
      },
    },
    legend: [...legend].flatMap(([text, [step]]) =>
      step === undefined ? [] : [{ ink: partInk(partOf(step)), text }],
    ),
    tables: ladderTables(context.tables),
  });
  return html`${chart}<details><summary>From which lanes each part is read off</summary><ul>${readOff.map((text) => html`<li>${text}</li>`)}</ul></details>`;
}

function ladderRow({ index }: PageContext, ladder: Ladder): Row {
  let below = 0;
  const bars = ladder.steps.map((step): Mark => {
    const from = below;
    below += step.us;
    return {
      kind: 'bar',
      ...{ from, to: below, ink: partInk(partOf(step)), textInk: partTextInk(partOf(step)) },
      ...{ text: formatNumber(step.us), hollow: !ladder.valid || step.us < 0 },
    };
  });
  const total = index.result(ladder, ladderSource.metric);
  const ci95 = total?.ci95 ?? null;
  const text = `${formatValue(ladder.totalUs, 'us')}${ladder.valid ? '' : ', not valid'}`;
  const at = Math.max(ladder.totalUs, ci95?.[1] ?? 0);
  return {
    label: ladder.title,
    marks: [
      ...bars,
      ...intervalMarks(ci95, 'var(--ink)'),
      { kind: 'label', at, text, side: 'right' },
    ],
  };
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

function cpuFigure(context: PageContext, scenario: string): Markup | undefined {
  const shown = new Set(shownLanes(context).map(({ name }) => name));
  const stacks = cpuStacks(context.report, scenario).filter(({ lane }) => shown.has(lane));
  const title = context.report.scenarios.find(({ name }) => name === scenario)?.title ?? scenario;
  if (stacks.length === 0) return undefined;
  return figure({
    id: `cpu-${scenario}`,
    title: `CPU time of an operation, client and server: ${lowered(title)}`,
    caption:
      'How long the CPU is busy for one operation, in the client and in the server, whoever waits for it. Each whisker is the 95% interval of the part that ends there; dashed parts are not valid.',
    chart: {
      rows: {
        axis: { title: 'CPU time of an operation', scale: 'linear', format: axisFormat('us') },
        beside: true,
        panels: context.index.placements().flatMap((placement): Panel[] => {
          const here = stacks.filter((stack) => stack.placement === placement);
          return here.length === 0
            ? []
            : [{ title: placementTitles[placement], rows: here.map(cpuRow) }];
        }),
      },
    },
    legend: [
      { ink: partInk('client'), text: 'client' },
      { ink: partInk('server'), text: 'server' },
    ],
    tables: cpuTables(context.tables, scenario),
  });
}

function cpuRow({ title, client, server, valid }: CpuStack): Row {
  const parts = [
    { part: 'client', share: client },
    { part: 'server', share: server },
  ];
  return stackedRow(
    title,
    parts.map(({ part, share }) => ({ part, us: share?.us ?? 0, ci95: share?.ci95 ?? null })),
    valid,
  );
}

const setUpParts = [
  { metric: 'connect', part: 'server', text: 'until TCP is up' },
  { metric: 'handshake', part: 'client', text: 'until a request can be made' },
  { metric: 'first-answer', part: 'third', text: 'until the first answer' },
] as const;

function setUpFigure(context: PageContext, name: string): Markup | undefined {
  const scenario = context.report.scenarios.find((one) => one.name === name);
  if (scenario === undefined) return undefined;
  const panels = context.index.placements().flatMap((placement): Panel[] => {
    const rows = shownLanes(context).flatMap((lane) =>
      setUpRow(context, name, lane.name, lane.title, placement),
    );
    return rows.length === 0 ? [] : [{ title: placementTitles[placement], rows }];
  });
  if (panels.length === 0) return undefined;
  const legend: LegendEntry[] = setUpParts.map(({ part, text }) => ({ ink: partInk(part), text }));
  return figure({
    id: `${name}-split`,
    title: scenario.title,
    caption: `${scenario.question} Each whisker is the 95% interval of the part that ends there; dashed parts are not valid.`,
    chart: {
      rows: {
        axis: { title: 'time from nothing', scale: 'linear', format: axisFormat('us') },
        beside: true,
        panels,
      },
    },
    legend,
    tables: pointTables(context.tables, scenario),
  });
}

function setUpRow(
  { index }: PageContext,
  scenario: string,
  lane: string,
  title: string,
  placement: CpuStack['placement'],
): Row[] {
  const results = setUpParts.map(({ metric, part }) => {
    return { part, result: index.result({ scenario, lane, placement }, metric) };
  });
  if (results.every(({ result }) => result === undefined)) return [];
  const valid = results.every(({ result }) => result?.valid !== false);
  const parts = results.map(({ part, result }) => {
    return { part, us: result?.value ?? 0, ci95: result?.ci95 ?? null };
  });
  return [stackedRow(title, parts, valid)];
}

interface StackedPart {
  readonly part: string;
  readonly us: number;
  readonly ci95: readonly [number, number] | null;
}

/** Parts that were measured each by itself, one behind the other, and their sum. */
function stackedRow(label: string, parts: readonly StackedPart[], valid: boolean): Row {
  let below = 0;
  const marks = parts.flatMap(({ part, us, ci95 }): Mark[] => {
    const from = below;
    below += us;
    if (us === 0) return [];
    const bar: Mark = {
      kind: 'bar',
      ...{ from, to: below, ink: partInk(part), textInk: partTextInk(part) },
      ...{ text: us < 1_000 ? formatNumber(us) : formatValue(us, 'us'), hollow: !valid },
    };
    const moved = ci95 === null ? null : ([from + ci95[0], from + ci95[1]] as const);
    return [bar, ...intervalMarks(moved, 'var(--ink)')];
  });
  const last = marks.findLast((mark) => mark.kind === 'interval');
  const at = Math.max(below, last?.high ?? 0);
  const text = `${formatValue(below, 'us')}${valid ? '' : ', not valid'}`;
  return { label, marks: [...marks, { kind: 'label', at, text, side: 'right' }] };
}
