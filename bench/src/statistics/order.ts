/** The values in ascending order, in a list of their own. */
export function ascending(values: Iterable<number>): number[] {
  return [...sorted(values)];
}

/**
 * The quantile of values that are in ascending order, between neighbours in proportion: definition 7
 * of Hyndman & Fan, "Sample Quantiles in Statistical Packages" (1996), the default of R and NumPy.
 * `q` is from 0 (the smallest) to 1 (the largest). NaN when there are no values.
 */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`a quantile is from 0 to 1, not ${q}`);
  const position = q * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below === above ? below : below + (above - below) * (position - Math.floor(position));
}

/** The median, the values in any order. NaN when there are none. */
export function median(values: Iterable<number>): number {
  return quantile(sorted(values), 0.5);
}

// An array of numbers alone is sorted by their order, several times as fast as with a function.
function sorted(values: Iterable<number>): Float64Array {
  return new Float64Array(values).sort();
}

/** The arithmetic mean. NaN when there are no values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
