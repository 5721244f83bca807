import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { type Axis, type AxisRange, rangeOf } from './axis.ts';
import { type Mark, shapesOf, textShape, textWidth } from './marks.ts';
import type { Drawing } from './svg.ts';

/** A chart of rows: one thing a row, its values along one axis that all panels share. */
export interface RowsChart {
  readonly axis: Axis;
  readonly panels: readonly Panel[];
  /** Panels side by side where the page is wide; without it they stand below each other. */
  readonly beside?: boolean;
}

export interface Panel {
  /** Above the rows; empty where there is one panel only. */
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly label: string;
  readonly marks: readonly Mark[];
}

/** Where the page is wide labels stand beside their rows, on a phone above them. */
export type Variant = 'wide' | 'narrow';

const geometry = {
  wide: { width: 860, labelWidth: 196, rowHeight: 27, labelHeight: 0, barHeight: 17, right: 20 },
  narrow: { width: 360, labelWidth: 18, rowHeight: 43, labelHeight: 17, barHeight: 18, right: 16 },
} as const;
const panelGap = 26;
const titleHeight = 26;
const axisHeight = 46;

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Whether the rows are named here; not where the panel to the left has named them. */
  readonly labelled: boolean;
}

/** Draws rows at the width of a variant; as high as its rows need. */
export function rowsDrawing(chart: RowsChart, variant: Variant): Drawing {
  const { width } = geometry[variant];
  const frames = framesOf(chart, variant);
  const range = sharedRange(chart, frames[0]?.width ?? width);
  const last = frames.at(-1);
  const height = (last?.top ?? 0) + (last?.height ?? 0) + axisHeight;
  return { width, height, option: optionOf(chart, variant, frames, range) };
}

function framesOf({ panels, beside }: RowsChart, variant: Variant): Frame[] {
  const { width, labelWidth, rowHeight, right } = geometry[variant];
  const titled = panels.some(({ title }) => title !== '');
  const heights = panels.map(({ rows }) => rows.length * rowHeight);
  const top = titled ? titleHeight : 4;
  if (beside && variant === 'wide' && sameRows(panels)) {
    const each = (width - labelWidth - right - panelGap * (panels.length - 1)) / panels.length;
    return panels.map((_, at) => ({
      left: labelWidth + at * (each + panelGap),
      ...{ top, width: each, height: heights[at] ?? 0, labelled: at === 0 },
    }));
  }
  return panels.map((_, at) => {
    const above = heights.slice(0, at).reduce((sum, height) => sum + height + axisHeight + top, 0);
    const inner = width - labelWidth - right;
    return {
      left: labelWidth,
      top: above + top,
      width: inner,
      height: heights[at] ?? 0,
      labelled: true,
    };
  });
}

function sameRows(panels: readonly Panel[]): boolean {
  const labels = panels.map(({ rows }) => rows.map(({ label }) => label).join('\n'));
  return labels.every((each) => each === labels[0]);
}

function sharedRange({ axis, panels }: RowsChart, width: number): AxisRange {
  const marks = panels.flatMap(({ rows }) => rows.flatMap((row) => row.marks));
  const values = marks.flatMap(valuesOf);
  const labels = marks.filter((mark) => mark.kind === 'label' && mark.side === 'right');
  const widest = Math.max(
    0,
    ...labels.map((mark) => textWidth('text' in mark ? (mark.text ?? '') : '')),
  );
  const room = Math.min(0.6, (widest + 16) / width);
  return rangeOf(
    axis,
    [...values, ...(axis.reference === undefined ? [] : [axis.reference])],
    room,
    width / 62,
  );
}

function valuesOf(mark: Mark): number[] {
  if (mark.kind === 'note') return [];
  if (mark.kind === 'interval') return [mark.low, mark.high];
  return 'at' in mark ? [mark.at] : [mark.from, mark.to];
}

function optionOf(
  { axis, panels }: RowsChart,
  variant: Variant,
  frames: readonly Frame[],
  range: AxisRange,
): EChartsOption {
  return {
    title: panels.flatMap(({ title }, at) =>
      title === '' ? [] : [titleOption(title, frames[at], variant)],
    ),
    grid: frames.map(({ left, top, width, height }) => {
      return { left, top, width, height, outerBoundsMode: 'none' };
    }),
    xAxis: frames.map((_, gridIndex) => ({ gridIndex, ...axisOption(axis, range) })),
    yAxis: panels.map(({ rows }, gridIndex) => {
      return { gridIndex, type: 'value', min: 0, max: rows.length, show: false };
    }),
    series: panels.map((panel, at) => seriesOption(panel, at, variant, frames[at], axis, range)),
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
    ...{ type: axis.scale === 'log' ? ('log' as const) : ('value' as const), min, max },
    name: axis.title,
    nameLocation: 'middle' as const,
    nameGap: 26,
    nameTextStyle: { color: 'var(--muted)', fontSize: 12 },
    axisLine: { show: true, lineStyle: { color: 'var(--rule)' } },
    axisTick: { show: true, customValues: [...ticks], lineStyle: { color: 'var(--rule)' } },
    axisLabel: {
      customValues: [...ticks],
      ...{ formatter: axis.format, color: 'var(--muted)', fontSize: 12, hideOverlap: true },
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
  axis: Axis,
  { min, ticks }: AxisRange,
): CustomSeriesOption {
  const { rowHeight, labelHeight, barHeight } = geometry[variant];
  const { left = 0, top = 0, height = 0, labelled = false } = frame ?? {};
  return {
    type: 'custom',
    ...{ xAxisIndex: at, yAxisIndex: at, clip: false, silent: true },
    data: rows.map((_, row) => [min, row]),
    renderItem: ({ dataIndex }, api) => {
      const row = rows[dataIndex];
      const middle = top + dataIndex * rowHeight + labelHeight + (rowHeight - labelHeight) / 2;
      const x = (value: number) => api.coord([value, 0])[0] ?? 0;
      const gridLines = ticks.map((tick) => upright(x(tick), top, height, 'var(--grid)'));
      const reference =
        axis.reference === undefined
          ? []
          : [upright(x(axis.reference), top, height, 'var(--muted)')];
      const children = [
        ...(dataIndex === 0 ? [...gridLines, ...reference] : []),
        ...(labelled || variant === 'narrow'
          ? [labelOf(row?.label ?? '', variant, left, middle)]
          : []),
        ...(row?.marks ?? []).flatMap((mark) => shapesOf(mark, { left, middle, barHeight, x })),
      ];
      return { type: 'group', children } as ReturnType<
        NonNullable<CustomSeriesOption['renderItem']>
      >;
    },
  };
}

function labelOf(text: string, variant: Variant, left: number, middle: number) {
  return variant === 'wide'
    ? textShape(text, left - 12, middle, 'right', 'var(--ink)')
    : textShape(text, 0, middle - 21, 'left', 'var(--ink)');
}

function upright(x: number, top: number, height: number, stroke: string) {
  const shape = { x1: x, x2: x, y1: top, y2: top + height };
  return { type: 'line', shape, style: { stroke, lineWidth: 1 }, z2: -1 };
}
