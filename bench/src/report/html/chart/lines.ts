import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { type Axis, type AxisRange, rangeOf } from './axis.ts';
import { endLabels, type Line, type Place } from './end-labels.ts';
import { lineShape, pointShape, type Shape } from './marks.ts';
import { axisOption, type Variant } from './rows.ts';
import type { Drawing } from './svg.ts';

/** A chart of lines along a range of points, each line with a band for its intervals. */
export interface LinesChart {
  readonly x: {
    readonly title: string;
    readonly scale: Axis['scale'];
    readonly points: readonly number[];
  };
  readonly y: Axis;
  readonly panels: readonly LinesPanel[];
}

/** Lines on axes of their own, under a title. */
export interface LinesPanel {
  readonly title: string;
  readonly lines: readonly Line[];
}

const geometry = {
  wide: { width: 860, left: 76, right: 218, height: 280 },
  narrow: { width: 360, left: 68, right: 36, height: 250 },
} as const;
const titleHeight = 48;
const axisHeight = 52;

/** Draws lines at the width of a variant, panels below each other. */
export function linesDrawing(chart: LinesChart, variant: Variant): Drawing {
  const { width, height } = geometry[variant];
  const each = titleHeight + height + axisHeight;
  return { width, height: each * chart.panels.length, option: optionOf(chart, variant) };
}

function optionOf({ x, y, panels }: LinesChart, variant: Variant): EChartsOption {
  const { width, left, right, height } = geometry[variant];
  const tops = panels.map((_, at) => titleHeight + at * (titleHeight + height + axisHeight));
  const ranges = panels.map(({ lines }) => upwardsOf(y, lines, height));
  const across = acrossOf(x);
  const plot = { left, width: width - left - right, height, outerBoundsMode: 'none' as const };
  return {
    title: panels.map(({ title }, at) => titleOption(title, y.title, (tops[at] ?? 0) - 34)),
    grid: tops.map((top) => ({ ...plot, top })),
    xAxis: tops.map((_, gridIndex) => {
      const axis = {
        title: x.title,
        scale: x.scale,
        format: (value: number) => value.toLocaleString('en'),
      };
      return { gridIndex, ...axisOption(axis, across) };
    }),
    yAxis: ranges.map((range, gridIndex) => {
      const { nameGap, ...option } = axisOption({ ...y, title: '' }, range);
      return { gridIndex, ...option, axisLine: { show: false }, axisTick: { show: false } };
    }),
    series: panels.map(({ lines }, at) => seriesOption(lines, at, variant, across, ranges[at])),
  };
}

function upwardsOf(y: Axis, lines: readonly Line[], height: number): AxisRange {
  const values = lines.flatMap(({ points }) =>
    points.flatMap((point) => [point.y, ...(point.ci95 ?? [])]),
  );
  return rangeOf(
    y,
    values.map((value) => ({ value, before: 0.03, after: 0.03 })),
    height / 34,
  );
}

/** Two lines: what the panel is, and what goes upwards in it. */
function titleOption(text: string, subtext: string, top: number) {
  return {
    text,
    subtext,
    left: 0,
    top,
    padding: 0,
    itemGap: 4,
    textStyle: { fontSize: 13, fontWeight: 600 as const, color: 'var(--ink)' },
    subtextStyle: { fontSize: 12, color: 'var(--muted)' },
  };
}

function acrossOf({ scale, points }: LinesChart['x']): AxisRange {
  const [min, max] = [Math.min(...points), Math.max(...points)];
  if (scale === 'log') return { min: min / 1.15, max: max * 1.15, ticks: points };
  return { min: Math.min(0, min), max: max * 1.02, ticks: points };
}

function seriesOption(
  lines: readonly Line[],
  at: number,
  variant: Variant,
  { min: left, max: right }: AxisRange,
  { min: bottom, ticks }: AxisRange = { min: 1, max: 10, ticks: [] },
): CustomSeriesOption {
  return {
    type: 'custom',
    xAxisIndex: at,
    yAxisIndex: at,
    clip: false,
    silent: true,
    data: [[left, bottom]],
    renderItem: (_, api) => {
      const place = (x: number, y: number) => api.coord([x, y]);
      const gridLines = ticks.map((tick) => gridLine(place(left, tick), place(right, tick)));
      const children = [
        ...gridLines,
        ...lines.flatMap((line) => lineShapes(line, place)),
        ...endLabels(lines, variant, place),
      ];
      return { type: 'group', children };
    },
  };
}

function lineShapes({ points, ink, symbol }: Line, place: Place): Shape[] {
  const middle = points.map(({ x, y }) => place(x, y));
  const low = points.map(({ x, y, ci95 }) => place(x, ci95?.[0] ?? y));
  const high = points.map(({ x, y, ci95 }) => place(x, ci95?.[1] ?? y));
  const around = [...high, ...low.toReversed()];
  return [
    { type: 'polygon', shape: { points: around }, style: { fill: ink, opacity: 0.22 } },
    {
      type: 'polyline',
      shape: { points: middle },
      style: { fill: 'none', stroke: ink, lineWidth: 2 },
    },
    ...points.flatMap(({ valid }, at) => {
      const [x = 0, y = 0] = middle[at] ?? [];
      return [
        lineShape(x, low[at]?.[1] ?? y, x, high[at]?.[1] ?? y, ink, 1.5),
        pointShape(symbol, x, y, ink, !valid),
      ];
    }),
  ];
}

function gridLine([x1 = 0, y1 = 0]: number[], [x2 = 0, y2 = 0]: number[]): Shape {
  return lineShape(x1, y1, x2, y2, 'var(--grid)', 1);
}
