/** What is measured along a chart. */
export interface Axis {
  /** What the numbers are; the unit stands with the numbers themselves. */
  readonly title: string;
  readonly scale: 'linear' | 'log';
  /** A number of the axis with its unit, as short as it can be. */
  readonly format: (value: number) => string;
  /** Where a linear axis begins instead of at 0. */
  readonly from?: number;
  /** A value that others are compared with, drawn as a line across. */
  readonly reference?: number;
}

/** The part of an axis that is shown, and the values that are named on it. */
export interface AxisRange {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

/**
 * The range of an axis that shows all values and leaves room behind the largest.
 *
 * @param roomFraction how much of the axis stays free at its end, 0 to below 1
 * @param ticksMax how many values can be named at most
 */
export function rangeOf(
  { scale, from }: Axis,
  values: readonly number[],
  roomFraction: number,
  ticksMax: number,
): AxisRange {
  const finite = values.filter(
    (value) => Number.isFinite(value) && (scale === 'linear' || value > 0),
  );
  if (scale === 'log') return logRange(finite, roomFraction, ticksMax);
  const low = from ?? 0;
  const min = Math.min(low, ...finite);
  const highest = Math.max(low, ...finite);
  const max = highest > min ? min + (highest - min) / (1 - roomFraction) : min + 1;
  const step = niceStep((max - min) / ticksMax);
  const first = Math.ceil(min / step);
  const count = Math.floor(max / step) - first + 1;
  const ticks = Array.from({ length: count }, (_, at) => tidyNumber((first + at) * step));
  return { min, max, ticks };
}

function logRange(values: readonly number[], roomFraction: number, ticksMax: number): AxisRange {
  const [smallest, largest] = [Math.min(...values), Math.max(...values)];
  if (values.length === 0) return { min: 1, max: 10, ticks: [1, 10] };
  const min = roundedDown(smallest * 0.98);
  const decades = Math.max(Math.log10(largest / min), 0.5) / (1 - roomFraction);
  const max = min * 10 ** decades;
  const choices = [[1, 2, 5], [1, 3], [1]].map((mantissas) => ticksWith(mantissas, min, max));
  const fitting = choices.find((ticks) => ticks.length <= ticksMax);
  return { min, max, ticks: fitting ?? everyOther(choices.at(-1) ?? []) };
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

function everyOther(ticks: readonly number[]): number[] {
  return ticks.filter((_, at) => at % 2 === 0);
}

function niceStep(atLeast: number): number {
  const decade = 10 ** Math.floor(Math.log10(atLeast));
  return ([1, 2, 5, 10].find((mantissa) => mantissa * decade >= atLeast * 0.999) ?? 10) * decade;
}

/** Without what binary fractions leave behind. */
function tidyNumber(value: number): number {
  return Number(value.toPrecision(12));
}
