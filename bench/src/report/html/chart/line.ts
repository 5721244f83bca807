import type { PointSymbol } from './marks.ts';

/** One line of a chart. */
export interface Line {
  readonly label: string;
  /** What stands for the label where there is no room for it. */
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
