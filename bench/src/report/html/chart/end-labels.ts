import { lineShape, type PointSymbol, type Shape, textShape, textWidth } from './marks.ts';
import type { Variant } from './rows.ts';

/** One line of a chart. */
export interface Line {
  readonly label: string;
  /** The letter for the label where there is no room for it. */
  readonly key: string;
  readonly ink: string;
  readonly symbol: PointSymbol;
  readonly points: readonly LinePoint[];
}

/** A point of it. */
export interface LinePoint {
  readonly x: number;
  readonly y: number;
  readonly ci95: readonly [number, number] | null;
  readonly valid: boolean;
}

/** Tells where a value lies on the drawing. */
export type Place = (x: number, y: number) => number[];

const labelGap = 15;
/** Of the line that leads from a label to its end. */
const leaderWidth = 1.2;

/** The names of the lines where they end, moved apart where they would overlap. */
export function endLabels(lines: readonly Line[], variant: Variant, place: Place): Shape[] {
  const ends = lines.flatMap((line) => {
    const last = line.points.at(-1);
    if (last === undefined) return [];
    const [x = 0, y = 0] = place(last.x, last.y);
    return [{ line, x, y }];
  });
  const rightmost = Math.max(...ends.map(({ x }) => x));
  const name = (line: Line) => (variant === 'wide' ? line.label : line.key);
  const atEdge = ends.filter(({ x }) => x > rightmost - 1);
  const early = ends.filter(({ x }) => x <= rightmost - 1);
  return [
    ...spread(atEdge).flatMap(({ line, x, y, labelY }) => [
      lineShape(x + 7, y, x + 22, labelY, line.ink, leaderWidth),
      textShape(name(line), x + 26, labelY, 'left', 'var(--ink)'),
    ]),
    ...early.flatMap(({ line, x, y }) => {
      const text = name(line);
      const free = freest(x + 4, y, textWidth(text), lines, place);
      const label = textShape(text, x + 4, free, 'left', 'var(--ink)');
      // Where it is not beside its end, a line leads there.
      const [from, to] = free > y ? [y + 7, free - 9] : [y - 7, free + 9];
      return Math.abs(free - y) < 31
        ? [label]
        : [lineShape(x, from, x + 3, to, line.ink, leaderWidth), label];
    }),
  ];
}

/**
 * Finds where a line that ends early is named: as near above or below its end as no other passes, or
 * else where the fewest do.
 */
function freest(x: number, y: number, width: number, lines: readonly Line[], place: Place): number {
  const passing = lines.flatMap(({ points }) => {
    const corners = points.map((point) => place(point.x, point.y));
    return corners.flatMap((corner, at) => between(corners[at - 1] ?? corner, corner));
  });
  const crossed = (middle: number) =>
    passing.filter(([px = 0, py = 0]) => px > x - 6 && px < x + width && Math.abs(py - middle) < 13)
      .length;
  const heights = passing.map(([, py = 0]) => py);
  const [top, bottom] = [Math.min(...heights) - 20, Math.max(...heights) + 20];
  const places = Array.from({ length: 12 }, (_, at) => 17 + 13 * at)
    .flatMap((distance) => [y + distance, y - distance])
    .filter((middle) => middle === y + 17 || (middle > top && middle < bottom));
  return places.reduce((best, next) => (crossed(next) < crossed(best) ? next : best));
}

/** Points along a stretch, close enough to each other that none of them misses a letter. */
function between([x1 = 0, y1 = 0]: number[], [x2 = 0, y2 = 0]: number[]): number[][] {
  const steps = Math.ceil(Math.hypot(x2 - x1, y2 - y1) / 4) + 1;
  return Array.from({ length: steps + 1 }, (_, at) => {
    const share = at / steps;
    return [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share];
  });
}

function spread<T extends { readonly y: number }>(ends: readonly T[]): (T & { labelY: number })[] {
  const placed: (T & { labelY: number })[] = [];
  for (const end of [...ends].sort((a, b) => a.y - b.y)) {
    const above = placed.at(-1)?.labelY ?? Number.NEGATIVE_INFINITY;
    placed.push({ ...end, labelY: Math.max(end.y, above + labelGap) });
  }
  // Half of what the last was pushed down is given back, so that labels stay near their ends.
  const last = placed.at(-1);
  const pushed = last === undefined ? 0 : last.labelY - last.y;
  return placed.map((end) => ({ ...end, labelY: end.labelY - pushed / 2 }));
}
