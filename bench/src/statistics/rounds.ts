import type { Interval } from './median-interval.ts';
import type { Ratio } from './ratio.ts';

/** The number of rounds that a comparison gets. */
export interface RoundsRule {
  /** So many in which the machine was calm. */
  readonly roundsMin: number;
  /** More only until the intervals are as narrow as this: see {@link halfWidth}. */
  readonly halfWidthMax: number;
  /** And never more than so many, slow ones apart. */
  readonly roundsMax: number;
  /** The most rounds that are added because the machine was slow in others. */
  readonly repeatsMax: number;
}

/** The rounds of lanes that are compared with each other. */
export interface RoundsSoFar {
  /** The calm rounds that this comparison was promised, where those are fewer than the rule's. */
  readonly promised?: number;
  /** Rounds in which the machine was calm for all of these lanes. */
  readonly calm: number;
  readonly slow: number;
  /** The ratios that the rounds are for. */
  readonly ratios: readonly Ratio[];
}

/** Reasons for another round, the most urgent first: others were slow; an interval is wide; there is none yet. */
export const roundReasons = ['slow', 'wide', 'few'] as const;

export type RoundReason = (typeof roundReasons)[number];

/**
 * Decides if a comparison needs another round. To read an interval after each round, and to end
 * as soon as it is narrow, favours intervals that are narrow by chance; `medianInterval` corrects for
 * that. `simulated-lab.test.ts` shows the effect of both together.
 */
export function roundWanted(
  { promised = Number.POSITIVE_INFINITY, calm, slow, ratios }: RoundsSoFar,
  rule: RoundsRule,
): RoundReason | undefined {
  if (calm < rule.roundsMin) {
    // A round that was slow is added once more, and what is added may be slow as well.
    if (calm + slow >= rule.roundsMin + rule.repeatsMax) return undefined;
    return calm < promised ? 'slow' : 'few';
  }
  const isWide = ratios.some((ratio) => halfWidth(ratio.interval) > rule.halfWidthMax);
  return isWide && calm < rule.roundsMax ? 'wide' : undefined;
}

/**
 * Half of an interval's width, as a fraction: 0.05 when its ends lie 5 % below and above their
 * (geometric) middle. Infinite when there is no interval.
 */
export function halfWidth(interval: Interval | undefined): number {
  return interval === undefined
    ? Number.POSITIVE_INFINITY
    : Math.sqrt(interval.high / interval.low) - 1;
}

/** Estimates from `n` rounds how many it takes until an interval is so narrow: its width goes with their root. */
export function roundsNeeded({ interval, n }: Ratio, halfWidthMax: number): number {
  return Math.ceil(n * Math.max(1, halfWidth(interval) / halfWidthMax) ** 2);
}
