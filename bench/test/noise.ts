import { normal, type Random } from '../src/statistics/random.ts';

/** Spreads of runs' figures about 1, each with the median that they are drawn with. */
export const noises: Readonly<
  Record<string, { readonly draw: (random: Random) => number; readonly median: number }>
> = {
  normal: { draw: (random) => 1 + 0.03 * normal(random), median: 1 },
  'log-normal': { draw: (random) => Math.exp(0.3 * normal(random)), median: 1 },
  exponential: { draw: (random) => -Math.log(1 - random()), median: Math.LN2 },
  contaminated: { draw: (random) => slowed(random) / slowed(random), median: 1 },
  bimodal: { draw: (random) => inEitherMode(random) / inEitherMode(random), median: 1 },
};

/** A run with noise of 3 %, which one time in seven meets with something that takes up to half more. */
export function slowed(random: Random): number {
  return (1 + 0.03 * normal(random)) * (random() < 1 / 7 ? 1 + 0.5 * random() : 1);
}

/** Some processes are slower all their life, as by an unlucky layout of memory. */
function inEitherMode(random: Random): number {
  return (1 + 0.01 * normal(random)) * (random() < 0.3 ? 1.2 : 1);
}

/** As many draws as asked for. */
export function drawn(count: number, draw: () => number): number[] {
  return Array.from({ length: count }, draw);
}

/**
 * The distance of Kolmogorov and Smirnov between values and a distribution, times the root of their
 * number: above 1.95 in one of 1,000 cases if they come from it.
 */
export function kolmogorovSmirnov(sorted: readonly number[], below: (x: number) => number): number {
  const n = sorted.length;
  const apart = sorted.map((value, rank) =>
    Math.max(below(value) - rank / n, (rank + 1) / n - below(value)),
  );
  return Math.sqrt(n) * apart.reduce((most, each) => Math.max(most, each), 0);
}
