import { type Ladder, type LadderStep, ladderSource, ladders } from '../../analysis/ladder.ts';
import { cpuScenarios, ladderTables, readOffWords } from '../../tables/summary-tables.ts';
import { formatNumber, formatValue } from '../../words/format.ts';
import { placementTitles } from '../../words/places.ts';
import { capitalised } from '../../words/sentence.ts';
import type { Mark } from '../chart/marks.ts';
import type { Panel, Row } from '../chart/rows.ts';
import type { PageContext, Section } from '../context.ts';
import { figure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { axisFormat, intervalMarks } from '../measured.ts';
import { partInk, partTextInk, severalInks } from '../theme.ts';
import { cpuFigure, setUpFigure } from './stacks.ts';

/** Where each microsecond goes: of the latency, of the CPU's time, of a set-up. */
export function microsecondsSection(context: PageContext): Section | undefined {
  const figures = [
    ladderFigure(context),
    ...cpuScenarios.map((scenario) => cpuFigure(context, scenario)),
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

/** What each step is painted as; those of several costs by their titles, in turn. */
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
            : [{ title, rows: here.map((one) => ladderRow(context, one, parts)) }];
        }),
      },
    },
    legend: [...parts].map(([text, part]) => ({ ink: partInk(part), text })),
    tables: ladderTables(context.tables),
  });
  return html`${chart}<details><summary>From which lanes each part is read off</summary><ul>${readOffWords(context.tables).map((text) => html`<li>${text}</li>`)}</ul></details>`;
}

function ladderRow(
  { index }: PageContext,
  ladder: Ladder,
  parts: ReadonlyMap<string, string>,
): Row {
  let below = 0;
  const bars = ladder.steps.map((step): Mark => {
    const from = below;
    const part = parts.get(step.title) ?? 'other';
    below += step.us;
    return {
      kind: 'bar',
      ...{ from, to: below, ink: partInk(part), textInk: partTextInk(part) },
      ...(step.us > 0 ? { text: formatNumber(step.us) } : {}),
      ...{ hollow: !ladder.valid || step.us < 0 },
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
      ...intervalMarks(ci95, 'var(--ink)', true),
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
