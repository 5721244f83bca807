/** A value that the median of a resample can take, and how probable that is. */
export interface Atom {
  readonly value: number;
  readonly probability: number;
}

/** The most values that a bootstrap of the median takes: its atoms are half as many as their square. */
export const bootstrapValuesMax = 1_000;

/**
 * The bootstrap distribution of the median, in ascending order of the values.
 *
 * A resample draws as many values as there are, with replacement. Resampling at random only
 * estimates how its median is distributed; for the median that can be counted instead, so this is
 * the ideal bootstrap of Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), which
 * infinitely many resamples would reach (for an odd number of values: Efron 1979, section 3). No
 * seed is needed, and the far tails, of which an interval from few runs is made, are exact.
 *
 * `sorted` is in ascending order and has 1 to `bootstrapValuesMax` values.
 */
export function bootstrapOfMedian(sorted: readonly number[]): readonly Atom[] {
  const n = sorted.length;
  if (n < 1 || n > bootstrapValuesMax) {
    throw new RangeError(`a bootstrap takes 1 to ${bootstrapValuesMax} values, not ${n}`);
  }
  return n % 2 === 1 ? oddAtoms(sorted) : evenAtoms(sorted);
}

/** The middle one of an odd number of draws is one of the values. */
function oddAtoms(sorted: readonly number[]): readonly Atom[] {
  const n = sorted.length;
  const below = sorted.map((_, rank) => middleAtMost(n, (n + 1) / 2, rank + 1));
  return sorted.map((value, rank) => ({
    value,
    // Where both are next to nothing, rounding may leave a little less than nothing.
    probability: Math.max(0, (below[rank] ?? 0) - (below[rank - 1] ?? 0)),
  }));
}

/** The two middle ones of an even number of draws are the values of rank i and j, i at most j. */
function evenAtoms(sorted: readonly number[]): readonly Atom[] {
  const n = sorted.length;
  const half = n / 2;
  // Half of the draws at or below rank i with one at it; by symmetry the other half from rank j up.
  const low = sorted.map((_, rank) => halfPower(n, rank + 1) - halfPower(n, rank));
  const atoms: Atom[] = [];
  for (const [i, lower] of sorted.entries()) {
    let apart = 0;
    for (const [j, upper] of sorted.entries()) {
      if (j <= i) continue;
      const probability = (low[i] ?? 0) * (low[n - 1 - j] ?? 0);
      apart += probability;
      atoms.push({ value: (lower + upper) / 2, probability });
    }
    const lowerMiddle = middleAtMost(n, half, i + 1) - middleAtMost(n, half, i);
    atoms.push({ value: lower, probability: Math.max(0, lowerMiddle - apart) });
  }
  return atoms.sort((a, b) => a.value - b.value);
}

/** (rank / n)^(n/2) times the root of the number of ways to halve n draws, by logarithms. */
function halfPower(n: number, rank: number): number {
  return Math.exp(logChoose(n, n / 2) / 2 + (n / 2) * Math.log(rank / n));
}

/** The probability that at least `middle` of n draws are among the lowest `rank` of n values. */
function middleAtMost(n: number, middle: number, rank: number): number {
  if (rank === 0 || rank === n) return rank / n;
  const [inside, outside] = [Math.log(rank / n), Math.log(1 - rank / n)];
  let sum = 0;
  for (let hits = middle; hits <= n; hits++) {
    sum += Math.exp(logChoose(n, hits) + hits * inside + (n - hits) * outside);
  }
  return sum;
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const logFactorials = [0];

function logFactorial(n: number): number {
  for (let next = logFactorials.length; next <= n; next++) {
    logFactorials.push((logFactorials[next - 1] ?? 0) + Math.log(next));
  }
  return logFactorials[n] ?? 0;
}
