/** The axis of a chart, along which values lie. */
export interface Axis {
  /** The name of its numbers; the unit stands with the numbers themselves. */
  readonly title: string;
  readonly scale: 'linear' | 'log';
  /** A number of the axis with its unit, as short as it can be. */
  readonly format: (value: number) => string;
}

/** The part of an axis that is shown, and the values that are named on it. */
export interface AxisRange {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

/** A value that an axis has to show, and what is written beside it. */
export interface Shown {
  readonly value: number;
  /** The parts of the axis that stay free before and behind it, from 0 to below 1. */
  readonly before: number;
  readonly after: number;
}

/**
 * The range of an axis that shows all values with what is written beside them.
 *
 * @param ticksMax how many values can be named at most
 */
export function rangeOf(axis: Axis, shown: readonly Shown[], ticksMax: number): AxisRange {
  const log = axis.scale === 'log';
  const values = shown.filter(({ value }) => Number.isFinite(value) && (!log || value > 0));
  if (values.length === 0) return { min: log ? 1 : 0, max: log ? 10 : 1, ticks: [] };
  const [low, high] = log ? logEnds(values) : linearEnds(values);
  return {
    min: low,
    max: high,
    ticks: log ? logTicks(low, high, ticksMax) : linearTicks(low, high, ticksMax),
  };
}

function linearEnds(values: readonly Shown[]): readonly [number, number] {
  const low = Math.min(0, ...values.map(({ value }) => value));
  const [min, max] = endsWithRoom(low, values);
  return max > min ? [min, max] : [min, min + 1];
}

function logEnds(values: readonly Shown[]): readonly [number, number] {
  const smallest = Math.min(...values.map(({ value }) => value));
  const powers = values.map((one) => ({ ...one, value: Math.log10(one.value) }));
  const [min, max] = endsWithRoom(Math.log10(roundedDown(smallest * 0.98)), powers);
  return [10 ** min, 10 ** Math.max(max, min + 0.5)];
}

/** Each end moves the other, since room is a part of the whole: after a few turns both stand. */
function endsWithRoom(low: number, values: readonly Shown[]): readonly [number, number] {
  let [min, max] = [low, low];
  for (let turn = 0; turn < 8; turn++) {
    max = Math.max(...values.map(({ value, after }) => min + (value - min) / (1 - after)));
    const room = values.map(({ value, before }) => max - (max - value) / (1 - before));
    min = Math.min(low, ...room);
  }
  return [min, max];
}

function linearTicks(min: number, max: number, ticksMax: number): number[] {
  const step = niceStep((max - min) / ticksMax);
  const first = Math.ceil(min / step);
  const count = Math.floor(max / step) - first + 1;
  return Array.from({ length: count }, (_, at) => tidyNumber((first + at) * step));
}

function logTicks(min: number, max: number, ticksMax: number): number[] {
  const choices = [[1, 2, 5], [1, 3], [1]].map((mantissas) => ticksWith(mantissas, min, max));
  const fitting = choices.find((ticks) => ticks.length <= ticksMax);
  const decades = choices.at(-1) ?? [];
  const apart = Math.ceil(decades.length / ticksMax);
  return fitting ?? decades.filter((_, at) => at % apart === 0);
}

function ticksWith(mantissas: readonly number[], min: number, max: number): number[] {
  const first = Math.floor(Math.log10(min));
  const decades = Array.from(
    { length: Math.ceil(Math.log10(max)) - first + 1 },
    (_, at) => first + at,
  );
  return decades
    .flatMap((decade) => mantissas.map((mantissa) => tidyNumber(mantissa * 10 ** decade)))
    .filter((tick) => tick >= min * 0.999 && tick <= max);
}

function roundedDown(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return ([5, 2, 1].find((mantissa) => mantissa * decade <= value) ?? 1) * decade;
}

function niceStep(atLeast: number): number {
  const decade = 10 ** Math.floor(Math.log10(atLeast));
  return ([1, 2, 5, 10].find((mantissa) => mantissa * decade >= atLeast * 0.999) ?? 10) * decade;
}

/** Without what binary fractions leave behind. */
function tidyNumber(value: number): number {
  return Number(value.toPrecision(12));
}
