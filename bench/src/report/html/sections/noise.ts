import type { Report } from '../../schema/report.ts';
import { noiseTables, noiseWords } from '../../tables/noise-tables.ts';
import type { TableData } from '../../tables/table-data.ts';
import { formatRatio, formatReach, formatValue } from '../../words/format.ts';
import { placementTitles } from '../../words/places.ts';
import type { Panel, Row } from '../chart/rows.ts';
import type { PageContext, Section } from '../context.ts';
import { figure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { axisFormat, intervalMarks } from '../measured.ts';

type Floor = Report['noise']['floors'][number];

/** What the rig shows where there is nothing to see, and where there is something. */
export function noiseSection(context: PageContext): Section {
  const words = noiseWords(context.index);
  const tables = noiseTables(context.tables);
  const body = html`<p>${words.join(' ')}</p>${floorsFigure(context, tables)}${injectedFigure(context, tables)}`;
  return { id: 'noise', title: 'Noise floor, and a delay put in on purpose', body };
}

function floorsFigure(context: PageContext, tables: readonly TableData[]): Markup | undefined {
  const { scenarios, noise } = context.report;
  const first = new Map(scenarios.map(({ name, metrics }) => [name, mainMetric(metrics)]));
  const main = noise.floors.filter(({ scenario, metric }) => first.get(scenario) === metric);
  const floors = widestOfFamily(context, main);
  if (floors.length === 0) return undefined;
  return figure({
    id: 'noise-floor',
    title: 'Lanes against themselves',
    caption: `Each point is a lane over the same lane, measured a second time in the same rounds: without noise all would lie at 1. The rig could make differences of up to ${formatReach(Math.max(...floors.map(({ floor }) => floor)))} of it, whatever one round shows. Whiskers are 95% intervals. What lies beyond a third or three times is drawn there. Shown is the main metric, and of each family of scenarios the lane and the scenario that reach farthest; the table is of all metrics.`,
    chart: {
      rows: {
        axis: {
          title: 'ratio of a lane to itself',
          scale: 'linear',
          format: (value) => value.toFixed(2),
          ...around(floors),
        },
        beside: true,
        panels: context.index.placements().flatMap((placement): Panel[] => {
          const here = floors.filter((floor) => floor.placement === placement);
          return here.length === 0
            ? []
            : [
                {
                  title: placementTitles[placement],
                  rows: here.map((one) => floorRow(context, one)),
                },
              ];
        }),
      },
    },
    tables: tables.slice(0, 1),
  });
}

/** Of each family and placement the floor that is highest. */
function widestOfFamily({ report }: PageContext, floors: readonly Floor[]): Floor[] {
  const groups = Map.groupBy(floors, ({ scenario, placement }) =>
    [familyOf(report, scenario), placement].join(' '),
  );
  return [...groups.values()].flatMap((group) => group.sort((a, b) => b.floor - a.floor)[0] ?? []);
}

function familyOf({ scenarios }: Report, scenario: string): string {
  return scenarios.find(({ name }) => name === scenario)?.family ?? scenario;
}

function mainMetric(metrics: Report['scenarios'][number]['metrics']): string | undefined {
  return (metrics.find(({ name }) => name === 'total') ?? metrics[0])?.name;
}

function around(floors: readonly Floor[]): { readonly from: number; readonly reference: number } {
  const lowest = Math.min(...floors.map(({ ratio, ci95 }) => shown(ci95?.[0] ?? ratio)));
  return { from: Math.floor(Math.min(lowest, 0.98) * 50) / 50, reference: 1 };
}

/** The ratio as far as the chart goes: a lane that differs from itself by more is of no use. */
function shown(ratio: number): number {
  return Math.min(Math.max(ratio, 1 / 3), 3);
}

function floorRow(
  { look, index, report }: PageContext,
  { scenario, lane, ratio, ci95 }: Floor,
): Row {
  const { ink, symbol } = look(lane);
  const at = shown(Math.max(ratio, ci95?.[1] ?? ratio));
  return {
    label: familyOf(report, scenario),
    marks: [
      ...intervalMarks(ci95 && [shown(ci95[0]), shown(ci95[1])], ink),
      { kind: 'point', at: shown(ratio), ink, symbol, hollow: shown(ratio) !== ratio },
      {
        kind: 'label',
        at,
        text: `${formatRatio(ratio)}, ${index.lane(lane)?.title ?? lane}`,
        side: 'right',
      },
    ],
  };
}

function injectedFigure(context: PageContext, tables: readonly TableData[]): Markup | undefined {
  const { injected } = context.report.noise;
  if (injected.length === 0) return undefined;
  return figure({
    id: 'noise-injected',
    title: 'A delay put in on purpose, and what the rig saw of it',
    caption:
      'Bars across are the delay that was put into the server of one lane; points are the difference that the rig saw, with 95% intervals. A point near its bar says that the rig would see a difference of that size.',
    chart: {
      rows: {
        axis: { title: 'delay', scale: 'linear', format: axisFormat('us') },
        panels: [
          {
            title: '',
            rows: injected.map(({ lane, placement, injectedUs, seenUs, ci95, seen }): Row => {
              const text = `${formatValue(seenUs, 'us')} of ${formatValue(injectedUs, 'us')}, ${seen ? 'seen' : 'NOT SEEN'}`;
              return {
                label: placementTitles[placement],
                marks: [
                  { kind: 'point', at: injectedUs, ink: 'var(--muted)', symbol: 'bar' },
                  ...intervalMarks(ci95, 'var(--accent)'),
                  {
                    kind: 'point',
                    at: seenUs,
                    ink: 'var(--accent)',
                    symbol: 'circle',
                    hollow: !seen,
                  },
                  {
                    kind: 'label',
                    at: Math.max(seenUs, injectedUs, ci95?.[1] ?? 0),
                    text: injected.some((one) => one.lane !== lane) ? `${text} (${lane})` : text,
                    side: 'right',
                  },
                ],
              };
            }),
          },
        ],
      },
    },
    tables: tables.filter(({ title }) => title.startsWith('A delay')),
  });
}
