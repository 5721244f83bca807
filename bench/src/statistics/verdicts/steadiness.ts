import { mean, median } from '../order.ts';

/** The rule by which a series of window medians counts as steady. */
interface SteadinessRule {
  /** The windows looked at closely: the last so many. As many before them are compared with. */
  readonly windows: number;
  /** The farthest that a window may lie from their median, as a fraction. */
  readonly band: number;
  /** The windows that may lie farther off, unless they are one of the last two. */
  readonly strays: number;
  /** The farthest that their median may be from that of the windows before, as a fraction. */
  readonly shift: number;
  /** No drift or swing is looked for when all windows are as close to their median as this. */
  readonly negligible: number;
  /** The von Neumann ratio below which they drift. It is 2 on average for noise alone. */
  readonly driftBelow: number;
  /** The largest swing of the second half of them, as a multiple of the first half's. */
  readonly swing: number;
}

/** The rule of the lab. `steadiness` says what it lets through and what not. */
export const defaultSteadinessRule: SteadinessRule = {
  windows: 12,
  band: 0.1,
  strays: 1,
  shift: 0.03,
  negligible: 0.01,
  driftBelow: 0.8,
  swing: 4,
};

/** The rule of the lab in words, for the report. */
export const steadinessRule = describeRule(defaultSteadinessRule);

/** The finding on a series of window medians. */
interface Steadiness {
  readonly steady: boolean;
  /** The first of the windows found steady, counted from 0. Undefined when they are not. */
  readonly at: number | undefined;
  /** The finding in words, for the report. */
  readonly reason: string;
}

/**
 * Says whether a run has warmed up, by the medians of its windows of equal length so far, in order.
 *
 * A fixed warm-up does not do: many programs under a just-in-time compiler never reach a steady
 * state, or get slower late (Barrett et al., "Virtual Machine Warmup Blows Hot and Cold", 2017), and
 * plots looked at by a person (Kalibera & Jones, "Rigorous Benchmarking in Reasonable Time", 2013)
 * are too many here. So a series is refused when it still falls, when it steps, when it wanders (von
 * Neumann's ratio of the mean square successive difference to the variance, 1941), and when it swings
 * wider and wider. A single stray window is the machine's, not the program's.
 *
 * Simulated, the default rule refuses steady series in 1.4 % of the cases when windows have normal
 * noise of 1 or 2 %, in 5 % when it is 3 %, and in 6 % when one window in 50 is also up to half slower;
 * then one or a few windows more are needed. Asked after each window of an exponential warm-up from
 * twice the final level, with 2 % noise, it accepts when 0.7 % of the final level are left to fall for
 * a time constant of 10 windows, 3 % for 20, and 10 % for 40 (medians).
 *
 * What it cannot see is a plateau: a series that is level for all windows that it looks at, and
 * drops afterwards. So windows must not be too short, and what was measured deserves the same look.
 */
export function steadiness(
  windowMedians: readonly number[],
  rule: SteadinessRule = defaultSteadinessRule,
): Steadiness {
  const reason = unsteadiness(windowMedians, rule);
  if (reason !== undefined) return { steady: false, at: undefined, reason };
  const at = windowMedians.length - rule.windows;
  return { steady: true, at, reason: `steady from window ${at + 1} on` };
}

function unsteadiness(all: readonly number[], rule: SteadinessRule): string | undefined {
  const { windows: count, band } = rule;
  if (all.length < 2 * count) return `too few windows: ${all.length}, and it takes ${2 * count}`;

  const last = all.slice(-count);
  const before = all.slice(-2 * count, -count);
  const middle = median(last);
  const isNear = (value: number) => distance(value, middle) <= band;
  const near = last.filter(isNear);
  const strays = count - near.length;
  if (strays > rule.strays) {
    return `${strays} of the last ${count} windows are over ${percent(band)} from their median`;
  }
  if (!last.slice(-2).every(isNear)) return `the end is over ${percent(band)} from the median`;

  const shift = middle / median(before) - 1;
  if (!(Math.abs(shift) <= rule.shift)) {
    return `the last ${count} windows are ${percent(Math.abs(shift))} ${shift > 0 ? 'above' : 'below'} the ${count} before`;
  }
  if (near.every((value) => distance(value, middle) <= rule.negligible)) return undefined;

  const ratio = vonNeumannRatio(near);
  if (ratio < rule.driftBelow) return `it drifts: von Neumann's ratio is ${ratio.toFixed(2)}`;
  const swing =
    deviation(last.slice(count / 2).filter(isNear)) /
    deviation(last.slice(0, count / 2).filter(isNear));
  if (swing > rule.swing) return `it swings ${swing.toFixed(1)} times as far as it did`;
  return undefined;
}

/** NaN, which is near nothing, where a window has no median. */
function distance(value: number, middle: number): number {
  return Math.abs(value / middle - 1);
}

function vonNeumannRatio(values: readonly number[]): number {
  const steps = values.slice(1).map((value, index) => (value - (values[index] ?? 0)) ** 2);
  return mean(steps) / deviation(values) ** 2;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

function describeRule(rule: SteadinessRule): string {
  const { windows, band, shift, strays, negligible, driftBelow, swing } = rule;
  return [
    `A run is steady when, of its last ${windows} windows, at most ${strays} has a median farther than`,
    `${percent(band)} from the median of all ${windows}, and none of the last two has; when that`,
    `median is within ${percent(shift)} of the median of the ${windows} windows before; and when,`,
    `unless all are within ${percent(negligible)}, they do not drift (von Neumann's ratio is at least`,
    `${driftBelow}; noise alone has 2) and their second half does not swing over ${swing} times as far`,
    'as their first.',
  ].join(' ');
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(2))} %`;
}
