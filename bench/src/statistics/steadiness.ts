import { mean, median } from './order.ts';

/** When a series of window medians counts as steady. */
export interface SteadinessRule {
  /** The windows that are looked at: the last so many. Even, at least 8. */
  readonly windows: number;
  /** How far a window may lie from their median, as a fraction. */
  readonly band: number;
  /** The windows that may lie outside the band, as long as they are not among the last two. */
  readonly strays: number;
  /** Drift and swing are looked for only if windows differ by more than this from their median. */
  readonly negligible: number;
  /** Von Neumann's ratio below which the series drifts. */
  readonly driftBelow: number;
  /** The second half swings more than the first if its standard deviation is so many times as large. */
  readonly swing: number;
}

export const defaultSteadinessRule: SteadinessRule = {
  windows: 12,
  band: 0.1,
  strays: 1,
  negligible: 0.01,
  driftBelow: 0.8,
  swing: 4,
};

/** What a series of window medians shows. */
export interface Steadiness {
  readonly steady: boolean;
  /** The first window of the steady stretch, counted from 0. Undefined when there is none. */
  readonly at: number | undefined;
  /** Why, in words for the report. */
  readonly reason: string;
}

export function steadiness(
  windowMedians: readonly number[],
  rule: SteadinessRule = defaultSteadinessRule,
): Steadiness {
  const last = windowMedians.slice(-rule.windows);
  const fault = faultOf(last, rule);
  if (fault !== undefined) return { steady: false, at: undefined, reason: fault };
  return { steady: true, at: windowMedians.length - last.length, reason: 'steady' };
}

function faultOf(windows: readonly number[], rule: SteadinessRule): string | undefined {
  if (windows.length < rule.windows) return `only ${windows.length} of ${rule.windows} windows`;
  const middle = median(windows);
  const off = windows.map((value) => Math.abs(value / middle - 1));
  const outside = off.filter((distance) => !(distance <= rule.band)).length;
  if (outside > rule.strays) return 'band';
  if (off.slice(-2).some((distance) => !(distance <= rule.band))) return 'last';
  if (Math.max(...off) <= rule.negligible) return undefined;
  if (vonNeumann(windows) < rule.driftBelow) return 'drift';
  const half = windows.length / 2;
  if (deviation(windows.slice(half)) > rule.swing * deviation(windows.slice(0, half)))
    return 'swing';
  return undefined;
}

function vonNeumann(values: readonly number[]): number {
  const steps = values.slice(1).map((value, i) => (value - (values[i] ?? 0)) ** 2);
  return mean(steps) / deviation(values) ** 2;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((s, v) => s + (v - centre) ** 2, 0) / (values.length - 1));
}
