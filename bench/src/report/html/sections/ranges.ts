import type { Placement } from '../../schema/report.ts';
import {
  familiesOf,
  type Range,
  type RangeOfMetric,
  type RangePoint,
  rangeOfMetric,
} from '../../tables/families.ts';
import { rangeTables } from '../../tables/scenario-tables.ts';
import { placementTitles } from '../../words/places.ts';
import { lowered } from '../../words/sentence.ts';
import type { Line, LinePoint } from '../chart/end-labels.ts';
import type { LinesPanel } from '../chart/lines.ts';
import { type PageContext, type Section, sectionOf } from '../context.ts';
import { figure, rowsFigure } from '../figure.ts';
import type { Markup } from '../markup.ts';
import {
  extremes,
  extremesWords,
  logAxis,
  measuredPanels,
  placedPanels,
  pointsRow,
  reading,
  shownLanes,
} from '../measured.ts';

/** Whatever was measured along a range: throughput, connections, sizes, idle connections, round trips. */
export function rangeSections(context: PageContext): (Section | undefined)[] {
  return familiesOf(context.report).map(({ family, title, range, members }) => {
    const metrics = Object.keys(range?.charts ?? {});
    const figures = metrics.map((metric) => {
      const along = range && rangeOfMetric(range, members, metric);
      return along && rangeFigure(context, range, along, `${family}-${metric}`);
    });
    return sectionOf(family, title, figures);
  });
}

function rangeFigure(
  context: PageContext,
  range: Range,
  along: RangeOfMetric,
  id: string,
): Markup | undefined {
  const { title, unit, points } = along;
  const y = logAxis(lowered(title), unit);
  const tables = rangeTables(context.tables, along);
  const measuredAt = ({ scenario, metric }: RangePoint) =>
    measuredPanels(context, scenario.name, metric);
  const last = points.findLast((point) => measuredAt(point).length > 0);
  if (last === undefined) return undefined;
  const { scenario } = last;
  const measured = measuredAt(last);
  if (points.length === 1) {
    return rowsFigure({
      id,
      title: `${scenario.title}: ${lowered(title)}`,
      caption: `${scenario.question} ${extremesWords(measured)} The scale is logarithmic. ${reading}`,
      axis: y,
      panels: placedPanels(context, (placement) =>
        shownLanes(context).flatMap(({ name: lane, title }) =>
          pointsRow(context, { scenario: scenario.name, lane, placement }, title, [
            { metric: last.metric, symbol: context.look(lane).symbol, side: 'right' },
          ]),
        ),
      ),
      tables,
    });
  }
  const panels = context.index.placements().flatMap((placement): LinesPanel[] => {
    const lines = linesOf(context, points, placement);
    return lines.length === 0 ? [] : [{ title: placementTitles[placement], lines }];
  });
  if (panels.length === 0) return undefined;
  const keyed = new Map(panels.flatMap(({ lines }) => lines.map((line) => [line.key, line])));
  const isOneScenario = points.every((point) => point.scenario === scenario);
  const where = isOneScenario ? last.title : scenario.title;
  return figure({
    id,
    title,
    caption: `${where}, ${extremes(measured)}. ${emptyWords(context, points)}Bands and whiskers are 95% intervals; hollow marks are not valid. Scales are logarithmic${range.isLog ? '' : ' upwards'}.`,
    chart: {
      lines: {
        x: {
          title: `${range.across}${range.isLog ? ', log scale' : ''}`,
          scale: range.isLog ? 'log' : 'linear',
          points: points.map(({ x }) => x),
        },
        y,
        panels,
      },
    },
    legend: [...keyed].map(([key, { ink, label }]) => ({ key, ink, text: label })),
    tables,
  });
}

function linesOf(context: PageContext, range: readonly RangePoint[], placement: Placement): Line[] {
  return shownLanes(context).flatMap(({ name: lane, title }, at): Line[] => {
    const points = range.flatMap(({ x, scenario, metric }): LinePoint[] => {
      const result = context.index.result({ scenario: scenario.name, lane, placement }, metric);
      // A logarithmic scale has no place for 0 and less.
      if (result === undefined || result.value <= 0) return [];
      const ci95 = result.ci95 !== null && result.ci95[0] > 0 ? result.ci95 : null;
      return [{ x, y: result.value, ci95, valid: result.valid }];
    });
    const key = String.fromCharCode('a'.charCodeAt(0) + at);
    return points.length === 0 ? [] : [{ label: title, key, ...context.look(lane), points }];
  });
}

/** Names the points that a line cannot show: asked, and not measured. */
function emptyWords({ index, report }: PageContext, points: readonly RangePoint[]): string {
  const empty = report.cells.flatMap(({ scenario, lane, placement, valid }) => {
    const asked = points.find((point) => point.scenario.name === scenario);
    if (asked === undefined || valid) return [];
    if (index.result({ scenario, lane, placement }, asked.metric) !== undefined) return [];
    return [
      `${asked.scenario.title}, ${index.lane(lane)?.title ?? lane}, ${placementTitles[placement]}`,
    ];
  });
  return empty.length === 0 ? '' : `Not measured, and not valid: ${empty.join('; ')}. `;
}
