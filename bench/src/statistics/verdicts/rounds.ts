import { type Interval, runsMin } from '../intervals/median-interval.ts';
import type { Ratio } from '../intervals/ratio.ts';

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

/** The reason for a further round. */
export type RoundReason = (typeof roundReasons)[number];

/**
 * Decides if a comparison needs another round. To read an interval after each round, and to end
 * as soon as it is narrow, favours intervals that are narrow by chance; `medianInterval` corrects for
 * that. `simulations.ts` shows the effect of both together.
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

/**
 * The usual half-width of an interval of 6, 7, ... rounds, for ratios whose logarithms are normal with
 * a standard deviation of 1: the medians of 8,000 simulated experiments each. It does not simply go with
 * the root of the rounds. The interval of few rounds is wider than that, and has its ends at values of
 * them, so one more round may widen it.
 */
const usualHalfWidths = [
  ...[1.226, 1.331, 1.123, 0.91, 0.98, 1.047, 0.865, 0.835],
  ...[0.772, 0.705, 0.751, 0.794, 0.681, 0.694, 0.66],
];

/** The last of them; from there on, the square of the usual half-width goes with the rounds, but for the first few. */
const rootFrom = runsMin + usualHalfWidths.length - 1;
const roundsWithoutGain = 4;

/**
 * Rounds end as soon as an interval is narrow, so they end with one that is narrower than usual: by so
 * much in simulated experiments, whose estimates are otherwise too long by a sixth.
 */
const luck = 1.08;

/**
 * Estimates from the interval of `n` rounds how many it takes until it is so narrow: the first number of
 * rounds whose usual half-width is small enough, compared with that of `n` rounds.
 */
export function roundsNeeded({ interval, n }: Ratio, halfWidthMax: number): number {
  const width = halfWidth(interval);
  if (width <= halfWidthMax) return n;
  const wanted = (luck * usualHalfWidth(n) * Math.log1p(halfWidthMax)) / Math.log1p(width);
  for (let rounds = n + 1; rounds <= rootFrom; rounds++) {
    if (usualHalfWidth(rounds) <= wanted) return rounds;
  }
  const more = (usualHalfWidth(rootFrom) / wanted) ** 2 * (rootFrom - roundsWithoutGain);
  return Math.max(n + 1, Math.ceil(roundsWithoutGain + more));
}

function usualHalfWidth(rounds: number): number {
  const known = usualHalfWidths[rounds - runsMin];
  if (known !== undefined) return known;
  const last = usualHalfWidths.at(-1) ?? 0;
  return last * Math.sqrt((rootFrom - roundsWithoutGain) / (rounds - roundsWithoutGain));
}
