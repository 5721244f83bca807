import { type Atom, bootstrapOfMedian } from './median-bootstrap.ts';
import { ascending } from './order.ts';
import { normalBelow, studentReach } from './student.ts';

/** A range that holds the true figure with a stated confidence; both ends belong to it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface IntervalOptions {
  /** The probability with which the interval holds the true median. Between 0 and 1, 0.95. */
  readonly confidence?: number;
}

export function medianInterval(
  values: readonly number[],
  { confidence = 0.95 }: IntervalOptions = {},
): Interval | undefined {
  if (values.length < runsMin(confidence)) return undefined;
  const atoms = bootstrapOfMedian(ascending(values));
  const tail = expandedTail(values.length, confidence);
  return { low: reach(atoms, tail), high: reach(atoms.toReversed(), tail) };
}

export function runsMin(confidence = 0.95): number {
  return 1 + Math.ceil(-Math.log2(1 - confidence));
}

function expandedTail(n: number, confidence: number): number {
  return normalBelow(-Math.sqrt(n / (n - 1)) * studentReach(confidence, n - 1));
}

function reach(atoms: readonly Atom[], tail: number): number {
  let sum = 0;
  for (const { value, probability } of atoms) {
    sum += probability;
    if (sum >= tail) return value;
  }
  return Number.NaN;
}
