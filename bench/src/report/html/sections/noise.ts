import type { Report } from '../../schema/report.ts';
import { noiseTables, noiseWords } from '../../tables/noise-tables.ts';
import type { TableData } from '../../tables/table-data.ts';
import { formatRatio, formatReach, formatValue } from '../../words/format.ts';
import { placementTitles } from '../../words/places.ts';
import type { Row } from '../chart/rows.ts';
import type { PageContext, Section } from '../context.ts';
import { rowsFigure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { intervalMarks, linearAxis, placedPanels } from '../measured.ts';

type Floor = Report['noise']['floors'][number];
type Injected = Report['noise']['injected'][number];

/** What the rig shows where there is nothing to see, and where there is something. */
export function noiseSection(context: PageContext): Section {
  const words = noiseWords(context.index);
  const tables = noiseTables(context.tables);
  const body = html`<p>${words.join(' ')}</p>${floorsFigure(context, tables)}${injectedFigure(context, tables)}`;
  return { id: 'noise', title: 'Noise floor, and a delay put in on purpose', body };
}

function floorsFigure(context: PageContext, tables: readonly TableData[]): Markup | undefined {
  const { scenarios, noise } = context.report;
  const main = new Map(
    scenarios.map(({ name, metrics }) => [
      name,
      (metrics.find(({ name }) => name === 'total') ?? metrics[0])?.name,
    ]),
  );
  const floors = widestOfFamily(
    context,
    noise.floors.filter(({ scenario, metric }) => main.get(scenario) === metric),
  );
  const lowest = Math.min(...floors.map(({ ratio, ci95 }) => shown(ci95?.[0] ?? ratio)));
  return rowsFigure({
    id: 'noise-floor',
    title: 'Lanes against themselves',
    caption: `Each point is a lane over the same lane, measured a second time in the same rounds: without noise all would lie at 1. The rig could make differences of up to ${formatReach(Math.max(...floors.map(({ floor }) => floor)))} of it, whatever one round shows. Whiskers are 95% intervals. What lies beyond a third or three times is drawn there. Shown is the main metric, and of each family of scenarios the lane and the scenario that reach farthest; the table is of all metrics.`,
    axis: {
      title: 'ratio of a lane to itself',
      scale: 'linear',
      format: (value) => value.toFixed(2),
      from: Math.floor(Math.min(lowest, 0.98) * 50) / 50,
      reference: 1,
    },
    panels: placedPanels(context, (placement) =>
      floors
        .filter((floor) => floor.placement === placement)
        .map((floor) => floorRow(context, floor)),
    ),
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

/** The ratio as far as the chart goes: a lane that differs from itself by more is of no use. */
function shown(ratio: number): number {
  return Math.min(Math.max(ratio, 1 / 3), 3);
}

function floorRow({ look, index, report }: PageContext, floor: Floor): Row {
  const { scenario, lane, ratio, ci95 } = floor;
  const { ink, symbol } = look(lane);
  const at = shown(Math.max(ratio, ci95?.[1] ?? ratio));
  const text = `${formatRatio(ratio)}, ${index.lane(lane)?.title ?? lane}`;
  return {
    label: familyOf(report, scenario),
    marks: [
      ...intervalMarks(ci95 && [shown(ci95[0]), shown(ci95[1])], ink),
      { kind: 'point', at: shown(ratio), ink, symbol, hollow: shown(ratio) !== ratio },
      { kind: 'label', at, text, side: 'right' },
    ],
  };
}

function injectedFigure(context: PageContext, tables: readonly TableData[]): Markup | undefined {
  const { injected } = context.report.noise;
  const lanes = new Set(injected.map(({ lane }) => lane));
  return rowsFigure({
    id: 'noise-injected',
    title: 'A delay put in on purpose, and what the rig saw of it',
    caption:
      'Bars across are the delay that was put into the server of one lane; points are the difference that the rig saw, with 95% intervals. A point near its bar says that the rig would see a difference of that size.',
    axis: linearAxis('delay', 'us'),
    panels: [{ title: '', rows: injected.map((one) => injectedRow(one, lanes.size > 1)) }],
    tables: tables.filter(({ title }) => title.startsWith('A delay')),
  });
}

function injectedRow(one: Injected, isNamed: boolean): Row {
  const { lane, placement, injectedUs, seenUs, ci95, seen } = one;
  const words = `${formatValue(seenUs, 'us')} of ${formatValue(injectedUs, 'us')}, ${seen ? 'seen' : 'NOT SEEN'}`;
  const at = Math.max(seenUs, injectedUs, ci95?.[1] ?? 0);
  const ink = 'var(--accent)';
  return {
    label: placementTitles[placement],
    marks: [
      { kind: 'point', at: injectedUs, ink: 'var(--muted)', symbol: 'bar' },
      ...intervalMarks(ci95, ink),
      { kind: 'point', at: seenUs, ink, symbol: 'circle', hollow: !seen },
      { kind: 'label', at, text: isNamed ? `${words} (${lane})` : words, side: 'right' },
    ],
  };
}
