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
  const middles = middlesOf(n);
  const atoms = middles.map(({ low, high, probability }) => ({
    value: ((sorted[low] ?? 0) + (sorted[high] ?? 0)) / 2,
    probability,
  }));
  return n % 2 === 1 ? atoms : atoms.sort((a, b) => a.value - b.value);
}

/** The ranks of the values between which the median of a resample lies, and how probable that is. */
export interface Middle {
  readonly low: number;
  readonly high: number;
  readonly probability: number;
}

/**
 * Returns the middles of `n` values in which a lower tail of a probability may end. Each of them has
 * others that are at most as large, whatever the values are; it is left out when these make up the tail.
 */
export function middlesInTail(n: number, tail: number): readonly Middle[] {
  // The probability of each upper rank, with all lower ranks so far.
  const upTo = new Float64Array(n);
  return [...Map.groupBy(middlesOf(n), ({ low }) => low).values()].flatMap((row) => {
    for (const { high, probability } of row) upTo[high] = (upTo[high] ?? 0) + probability;
    let [below, rank] = [0, 0];
    return row
      .toSorted((a, b) => a.high - b.high)
      .filter(({ high, probability }) => {
        while (rank <= high) below += upTo[rank++] ?? 0;
        return below - probability < tail;
      });
  });
}

/**
 * The most values whose middles are kept, as they depend on the number of values alone. Of many values
 * there are many, and they are seldom asked for.
 */
export const keptUpTo = 50;
const kept = new Map<number, readonly Middle[]>();

function middlesOf(n: number): readonly Middle[] {
  if (n < 1 || n > bootstrapValuesMax) {
    throw new RangeError(`a bootstrap takes 1 to ${bootstrapValuesMax} values, not ${n}`);
  }
  const known = kept.get(n);
  if (known !== undefined) return known;
  const middles = n % 2 === 1 ? oddMiddles(n) : evenMiddles(n);
  if (n <= keptUpTo) kept.set(n, middles);
  return middles;
}

/** The middle one of an odd number of draws is one of the values. */
function oddMiddles(n: number): Middle[] {
  const below = Array.from({ length: n }, (_, rank) => middleAtMost(n, (n + 1) / 2, rank + 1));
  return below.map((most, rank) => ({
    low: rank,
    high: rank,
    // Where both are next to nothing, rounding may leave a little less than nothing.
    probability: Math.max(0, most - (below[rank - 1] ?? 0)),
  }));
}

/** The two middle ones of an even number of draws are the values of rank i and j, i at most j. */
function evenMiddles(n: number): Middle[] {
  const half = n / 2;
  // Half of the draws at or below rank i with one at it; by symmetry the other half from rank j up.
  const halves = Array.from({ length: n }, (_, i) => halfPower(n, i + 1) - halfPower(n, i));
  return halves.flatMap((lower, low) => {
    const apart = halves.slice(low + 1).map((_, more) => {
      const high = low + 1 + more;
      return { low, high, probability: lower * (halves[n - 1 - high] ?? 0) };
    });
    const all = middleAtMost(n, half, low + 1) - middleAtMost(n, half, low);
    const sum = apart.reduce((total, { probability }) => total + probability, 0);
    return [...apart, { low, high: low, probability: Math.max(0, all - sum) }];
  });
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
