/**
 * The probability that a standard normal variable is at most `z`: Abramowitz & Stegun, formula
 * 26.2.17, with an error below 7.5e-8.
 */
export function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z > 0 ? 1 - above : above;
}

// A report asks for the same few of them again and again, once for each of its intervals.
const kept = new Map<string, number>();

/**
 * The `t` for which a Student variable lies between -t and t with the given probability, below 1.
 * `freedom` is a whole number, at least 1.
 */
export function studentReach(within: number, freedom: number): number {
  const key = `${within} ${freedom}`;
  const reach = kept.get(key) ?? findReach(within, freedom);
  kept.set(key, reach);
  return reach;
}

function findReach(within: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (studentWithin(high, freedom) < within) high *= 2;
  // A double has 53 bits: sixty halvings leave nothing between the ends.
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (studentWithin(middle, freedom) < within) low = middle;
    else high = middle;
  }
  return high;
}

/** The probability between -t and t: Abramowitz & Stegun, formulas 26.7.3 and 26.7.4, exact. */
function studentWithin(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const cosine = Math.cos(angle);
  const odd = freedom % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = 0;
  for (let power = odd ? 1 : 0; power <= freedom - 2; power += 2) {
    sum += term;
    term *= (cosine * cosine * (power + 1)) / (power + 2);
  }
  const product = Math.sin(angle) * sum;
  return odd ? (2 / Math.PI) * (angle + product) : product;
}
