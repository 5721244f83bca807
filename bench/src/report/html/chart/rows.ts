import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { type Axis, type AxisRange, rangeOf, type Shown } from './axis.ts';
import { fitted, type Mark, type Shape, shapesOf, textShape, textWidth } from './marks.ts';
import type { Drawing } from './svg.ts';

/** A chart of rows: one thing a row, its values along one axis that panels share unless they differ much. */
export interface RowsChart {
  readonly axis: Axis;
  readonly panels: readonly Panel[];
  /** Panels side by side where the page is wide; without it they stand below each other. */
  readonly beside?: boolean;
}

/** Rows on an axis, under a title. */
export interface Panel {
  /** Above the rows; empty where there is one panel only. */
  readonly title: string;
  readonly rows: readonly Row[];
}

/** A label, and what is marked beside it. */
export interface Row {
  readonly label: string;
  readonly marks: readonly Mark[];
}

/** The width of a chart: labels stand beside their rows on a wide page, above them on a phone. */
export type Variant = 'wide' | 'narrow';

const geometry = {
  wide: { width: 860, labelWidth: 196, rowHeight: 27, labelHeight: 0, barHeight: 17, right: 20 },
  narrow: { width: 360, labelWidth: 18, rowHeight: 43, labelHeight: 17, barHeight: 18, right: 16 },
} as const;
const panelGap = 52;
/** From so many times on, panels on a linear axis have one each. */
const apartFrom = 5;
const titleHeight = 26;
const axisHeight = 46;

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** True where the rows are named; the panel to the left may have named them. */
  readonly labelled: boolean;
}

/** Draws rows at the width of a variant; as high as its rows need. */
export function rowsDrawing(given: RowsChart, variant: Variant): Drawing {
  const { width } = geometry[variant];
  const chart = variant === 'wide' ? aligned(given) : given;
  const frames = framesOf(chart, variant);
  const plot = frames[0]?.width ?? width;
  const shared = rangeOfPanels(chart.axis, chart.panels, plot);
  const own = chart.panels.map((panel) => rangeOfPanels(chart.axis, [panel], plot));
  const isApart = chart.axis.scale === 'linear' && differ(own);
  const ranges = isApart ? own : chart.panels.map(() => shared);
  const axis = isApart
    ? { ...chart.axis, title: `${chart.axis.title}, each panel to its own scale` }
    : chart.axis;
  const last = frames.at(-1);
  const height = (last?.top ?? 0) + (last?.height ?? 0) + axisHeight;
  return { width, height, option: optionOf({ ...chart, axis }, variant, frames, ranges) };
}

function framesOf({ panels, beside }: RowsChart, variant: Variant): Frame[] {
  const { width, labelWidth, rowHeight, right } = geometry[variant];
  const isBeside = beside === true && variant === 'wide';
  const columns = isBeside ? panels.length : 1;
  const each = (width - labelWidth - right - panelGap * (columns - 1)) / columns;
  let top = panels.some(({ title }) => title !== '') ? titleHeight : 4;
  const step = top + axisHeight;
  return panels.map(({ rows }, at) => {
    const left = labelWidth + (isBeside ? at * (each + panelGap) : 0);
    const height = rows.length * rowHeight;
    const frame = { left, top, width: each, height, labelled: !isBeside || at === 0 };
    if (!isBeside) top += height + step;
    return frame;
  });
}

/** Panels that stand beside each other have the same rows; one that is not there has a dash. */
function aligned({ panels, beside = false, axis }: RowsChart): RowsChart {
  if (!beside || panels.length < 2 || panels.some(({ rows }) => hasTwins(rows)))
    return { panels, axis, beside: false };
  const labels = [...new Set(panels.flatMap(({ rows }) => rows.map(({ label }) => label)))];
  const filled = panels.map(({ title, rows }) => ({
    title,
    rows: labels.map(
      (label) => rows.find((row) => row.label === label) ?? { label, marks: [dash] },
    ),
  }));
  return { panels: filled, axis, beside };
}

/** Rows that have the same name cannot be found by it. */
function hasTwins(rows: readonly Row[]): boolean {
  return new Set(rows.map(({ label }) => label)).size < rows.length;
}

const dash: Mark = { kind: 'note', text: 'n/a' };

function differ(ranges: readonly AxisRange[]): boolean {
  const highs = ranges.map(({ max }) => max);
  return Math.max(...highs) >= Math.min(...highs) * apartFrom;
}

function rangeOfPanels(axis: Axis, panels: readonly Panel[], width: number): AxisRange {
  const marks = panels.flatMap(({ rows }) => rows.flatMap((row) => row.marks));
  const shown = marks.flatMap((mark) => shownOf(mark, width));
  return rangeOf(axis, shown, width / 62);
}

function shownOf(mark: Mark, width: number): Shown[] {
  switch (mark.kind) {
    case 'note':
      return [];
    case 'interval':
      return [plainly(mark.low), plainly(mark.high)];
    case 'label': {
      const room = Math.min(0.7, (textWidth(mark.text) + 14) / width);
      const [before, after] = mark.side === 'left' ? [room, 0] : [0, room];
      return [{ value: mark.at, before, after }];
    }
    case 'bar':
    case 'link':
      return [plainly(mark.from), plainly(mark.to)];
    default:
      return [plainly(mark.at)];
  }
}

/** Nothing beside it but half of its own mark. */
function plainly(value: number): Shown {
  return { value, before: 0, after: 0.01 };
}

function optionOf(
  { axis, panels }: RowsChart,
  variant: Variant,
  frames: readonly Frame[],
  ranges: readonly AxisRange[],
): EChartsOption {
  return {
    title: panels.flatMap(({ title }, at) =>
      title === '' ? [] : [titleOption(title, frames[at], variant)],
    ),
    grid: frames.map(({ left, top, width, height }) => {
      return { left, top, width, height, outerBoundsMode: 'none' };
    }),
    xAxis: ranges.map((range, gridIndex) => ({ gridIndex, ...axisOption(axis, range) })),
    yAxis: panels.map(({ rows }, gridIndex) => {
      return { gridIndex, type: 'value', min: 0, max: rows.length, show: false };
    }),
    series: panels.map((panel, at) => seriesOption(panel, at, variant, frames[at], ranges[at])),
  };
}

function titleOption(text: string, frame: Frame | undefined, variant: Variant) {
  const textStyle = { fontSize: 13, fontWeight: 600, color: 'var(--ink)' };
  const left = variant === 'wide' ? (frame?.left ?? 0) : 0;
  return { text, left, top: (frame?.top ?? 0) - 24, padding: 0, textStyle };
}

/** An axis along the bottom: its values in their unit, its title below, light lines upwards. */
export function axisOption(axis: Axis, { min, max, ticks }: AxisRange) {
  return {
    type: axis.scale === 'log' ? ('log' as const) : ('value' as const),
    min,
    max,
    name: axis.title,
    nameLocation: 'middle' as const,
    nameGap: 26,
    nameTextStyle: { color: 'var(--muted)', fontSize: 12 },
    axisLine: { show: true, lineStyle: { color: 'var(--rule)' } },
    axisTick: { show: true, customValues: [...ticks], lineStyle: { color: 'var(--rule)' } },
    axisLabel: {
      customValues: [...ticks],
      formatter: axis.format,
      color: 'var(--muted)',
      fontSize: 12,
      hideOverlap: true,
    },
    minorTick: { show: false },
    splitLine: { show: false },
  };
}

function seriesOption(
  { rows }: Panel,
  at: number,
  variant: Variant,
  frame: Frame | undefined,
  { min, ticks }: AxisRange = { min: 0, max: 1, ticks: [] },
): CustomSeriesOption {
  const { rowHeight, labelHeight, barHeight } = geometry[variant];
  const { left = 0, top = 0, height = 0, labelled = false } = frame ?? {};
  return {
    type: 'custom',
    xAxisIndex: at,
    yAxisIndex: at,
    clip: false,
    silent: true,
    data: rows.map((_, row) => [min, row]),
    renderItem: ({ dataIndex }, api) => {
      const row = rows[dataIndex];
      const middle = top + dataIndex * rowHeight + labelHeight + (rowHeight - labelHeight) / 2;
      const x = (value: number) => api.coord([value, 0])[0] ?? 0;
      const gridLines = ticks.map((tick) => upright(x(tick), top, height, 'var(--grid)'));
      const children = [
        ...(dataIndex === 0 ? gridLines : []),
        ...(labelled || variant === 'narrow'
          ? [labelOf(row?.label ?? '', variant, left, middle)]
          : []),
        ...(row?.marks ?? []).flatMap((mark) => shapesOf(mark, { left, middle, barHeight, x })),
      ];
      return { type: 'group', children };
    },
  };
}

function labelOf(text: string, variant: Variant, left: number, middle: number) {
  return variant === 'wide'
    ? textShape(fitted(text, left - 14), left - 12, middle, 'right', 'var(--ink)')
    : textShape(fitted(text, geometry.narrow.width), 0, middle - 21, 'left', 'var(--ink)');
}

function upright(x: number, top: number, height: number, stroke: string): Shape {
  const shape = { x1: x, x2: x, y1: top, y2: top + height };
  return { type: 'line', shape, style: { stroke, lineWidth: 1 }, z2: -1 };
}
