import type { CustomSeriesRenderItemReturn } from 'echarts';

/** The symbol of a point, which tells lanes and measures apart without colour. */
export type PointSymbol = 'circle' | 'square' | 'diamond' | 'triangle' | 'bar';

/** One thing in a row of a chart. Values are those of the axis, colours those of CSS. */
export type Mark =
  /** A bar, or a part of a stacked one. */
  | {
      readonly kind: 'bar';
      readonly from: number;
      readonly to: number;
      readonly ink: string;
      /** Within the bar, where there is room for it. */
      readonly text?: string;
      readonly textInk?: string;
      readonly hollow?: boolean;
    }
  /** A 95% interval. */
  | {
      readonly kind: 'interval';
      readonly low: number;
      readonly high: number;
      readonly ink: string;
      /** Along the lower edge of the bars, whose numbers it would strike through. */
      readonly isBelow?: boolean;
    }
  /** A line between two values that belong together. */
  | { readonly kind: 'link'; readonly from: number; readonly to: number; readonly ink: string }
  | {
      readonly kind: 'point';
      readonly at: number;
      readonly ink: string;
      readonly symbol: PointSymbol;
      readonly hollow?: boolean;
    }
  /** Words beside a value. */
  | {
      readonly kind: 'label';
      readonly at: number;
      readonly text: string;
      readonly side: 'left' | 'right';
    }
  /** Words where there is no value. */
  | { readonly kind: 'note'; readonly text: string };

/** The place of a row's marks: its middle, its height, and the position of a value. */
interface RowPlace {
  /** The left end of the plot. */
  readonly left: number;
  readonly middle: number;
  readonly barHeight: number;
  readonly x: (value: number) => number;
}

/** A shape for the drawing library. */
export type Shape = Exclude<CustomSeriesRenderItemReturn, null | undefined>;

/** Estimates the width of text of 12 pixels; more than most letters need, so that text fits. */
export function textWidth(text: string): number {
  return text.length * 6.7;
}

/** Text, cut where it would be wider than this; tables have it whole. */
export function fitted(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return `${text.slice(0, Math.max(1, Math.floor(width / textWidth('x')) - 1))}…`;
}

/** The shapes of a mark. */
export function shapesOf(mark: Mark, place: RowPlace): Shape[] {
  switch (mark.kind) {
    case 'bar':
      return barShapes(mark, place);
    case 'interval':
      return intervalShapes(mark, place);
    case 'link':
      return [
        lineShape(place.x(mark.from), place.middle, place.x(mark.to), place.middle, mark.ink, 1.5),
      ];
    case 'point':
      return [
        pointShape(mark.symbol, place.x(mark.at), place.middle, mark.ink, mark.hollow ?? false),
      ];
    case 'label':
      return [
        mark.side === 'right'
          ? textShape(mark.text, place.x(mark.at) + 10, place.middle, 'left', 'var(--ink)')
          : textShape(mark.text, place.x(mark.at) - 10, place.middle, 'right', 'var(--ink)'),
      ];
    case 'note':
      return [textShape(mark.text, place.left + 6, place.middle, 'left', 'var(--muted)')];
  }
}

function barShapes(
  mark: Extract<Mark, { kind: 'bar' }>,
  { middle, barHeight, x }: RowPlace,
): Shape[] {
  const [left, right] = [x(Math.min(mark.from, mark.to)), x(Math.max(mark.from, mark.to))];
  const width = Math.max(right - left, 0.5);
  const shape = { x: left, y: middle - barHeight / 2, width, height: barHeight };
  const style = mark.hollow
    ? { fill: 'var(--page)', stroke: mark.ink, lineWidth: 1.5, lineDash: [4, 3] }
    : { fill: mark.ink, ...(width > 3 ? { stroke: 'var(--page)', lineWidth: 1 } : {}) };
  const bar: Shape = { type: 'rect', shape, style };
  if (mark.text === undefined || textWidth(mark.text) + 6 > width) return [bar];
  const fill = mark.hollow ? 'var(--ink)' : (mark.textInk ?? 'var(--on-content)');
  return [bar, textShape(mark.text, left + width / 2, middle, 'center', fill)];
}

function intervalShapes(
  { low, high, ink, isBelow }: Extract<Mark, { kind: 'interval' }>,
  { middle, barHeight, x }: RowPlace,
): Shape[] {
  const y = isBelow === true ? middle + barHeight / 2 + 2 : middle;
  const reach = isBelow === true ? 2.5 : 5;
  const [left, right] = [x(low), x(high)];
  return [
    lineShape(left, y, right, y, ink, 1.5),
    lineShape(left, y - reach, left, y + reach, ink, 1.5),
    lineShape(right, y - reach, right, y + reach, ink, 1.5),
  ];
}

/** The shape of a point; hollow is what is not valid. */
export function pointShape(
  symbol: PointSymbol,
  x: number,
  y: number,
  ink: string,
  hollow: boolean,
): Shape {
  const style = hollow
    ? { fill: 'var(--page)', stroke: ink, lineWidth: 1.8 }
    : { fill: ink, stroke: 'var(--page)', lineWidth: 1 };
  const z2 = 10;
  if (symbol === 'circle') return { type: 'circle', shape: { cx: x, cy: y, r: 5 }, style, z2 };
  if (symbol === 'bar') {
    return { type: 'rect', shape: { x: x - 2, y: y - 7, width: 4, height: 14 }, style, z2 };
  }
  return { type: 'polygon', shape: { points: cornersOf(symbol, x, y) }, style, z2 };
}

/** The corners of each symbol around its middle: x and y in turn. */
const corners = {
  square: [-4.5, -4.5, 4.5, -4.5, 4.5, 4.5, -4.5, 4.5],
  diamond: [0, -6.3, 6.3, 0, 0, 6.3, -6.3, 0],
  triangle: [0, -5.8, 5.6, 4.4, -5.6, 4.4],
} as const;

function cornersOf(symbol: keyof typeof corners, x: number, y: number): number[][] {
  const all: readonly number[] = corners[symbol];
  return Array.from({ length: all.length / 2 }, (_, at) => [
    x + (all[2 * at] ?? 0),
    y + (all[2 * at + 1] ?? 0),
  ]);
}

/** Text of 12 pixels, with a margin in the page's colour that lines behind it keep away from. */
export function textShape(
  text: string,
  x: number,
  y: number,
  align: 'left' | 'center' | 'right',
  fill: string,
): Shape {
  const style = { text, x, y, align, verticalAlign: 'middle', fontSize: 12, fill } as const;
  const margin = fill.startsWith('var(--on') ? {} : { stroke: 'var(--page)', lineWidth: 3 };
  return { type: 'text', style: { ...style, ...margin }, z2: 20 };
}

/** A straight line between two places of the drawing. */
export function lineShape(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  lineWidth: number,
): Shape {
  return { type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth } };
}
