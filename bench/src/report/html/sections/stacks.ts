import { type CpuStack, cpuStacks } from '../../analysis/cpu-stack.ts';
import { pointTables } from '../../tables/scenario-tables.ts';
import { countedBy, cpuTables } from '../../tables/summary-tables.ts';
import { formatNumber, formatValue } from '../../words/format.ts';
import { placementTitles } from '../../words/places.ts';
import { lowered } from '../../words/sentence.ts';
import type { Mark } from '../chart/marks.ts';
import type { Panel, Row } from '../chart/rows.ts';
import type { PageContext } from '../context.ts';
import { figure, type LegendEntry } from '../figure.ts';
import type { Markup } from '../markup.ts';
import { axisFormat, intervalMarks, shownLanes } from '../measured.ts';
import { partInk, partTextInk } from '../theme.ts';

/** CPU time of an operation, client and server apart. */
export function cpuFigure(context: PageContext, scenario: string): Markup | undefined {
  const shown = new Set(shownLanes(context).map(({ name }) => name));
  const stacks = cpuStacks(context.report, scenario).filter(({ lane }) => shown.has(lane));
  const title = context.report.scenarios.find(({ name }) => name === scenario)?.title ?? scenario;
  if (stacks.length === 0) return undefined;
  const each = countedBy(context.report, scenario);
  return figure({
    id: `cpu-${scenario}`,
    title: `CPU time of ${each}, client and server: ${lowered(title)}`,
    caption: `How long the CPU is busy for ${each}, in the client and in the server, whoever waits for it. Each whisker is the 95% interval of the part that ends there; dashed parts are not valid.`,
    chart: {
      rows: {
        axis: { title: `CPU time of ${each}`, scale: 'linear', format: axisFormat('us') },
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

/** A set-up and what it consists of. */
export function setUpFigure(context: PageContext, name: string): Markup | undefined {
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
  const total = index.result({ scenario, lane, placement }, 'total');
  return [stackedRow(title, parts, valid, total?.value)];
}

interface StackedPart {
  readonly part: string;
  readonly us: number;
  readonly ci95: readonly [number, number] | null;
}

/**
 * Parts that were measured each by itself, one behind the other. The whole is their sum, unless it was
 * measured too: then medians of parts need not add up to its own.
 */
function stackedRow(
  label: string,
  parts: readonly StackedPart[],
  valid: boolean,
  whole?: number,
): Row {
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
    return [bar, ...intervalMarks(moved, 'var(--ink)', true)];
  });
  const last = marks.findLast((mark) => mark.kind === 'interval');
  const at = Math.max(below, last?.high ?? 0);
  const text = `${formatValue(whole ?? below, 'us')}${valid ? '' : ', not valid'}`;
  return { label, marks: [...marks, { kind: 'label', at, text, side: 'right' }] };
}
