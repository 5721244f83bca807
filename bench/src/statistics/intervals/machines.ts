import { ascending, mean, median } from '../order.ts';
import { bootstrapOfMedian } from './median-bootstrap.ts';
import { confidence, type Interval } from './median-interval.ts';
import { studentReach } from './student.ts';

/** A figure of several machines as one of machines like them. */
export interface OfMachines {
  readonly value: number;
  /** Of the figure of machines like these, of which there were this many to learn from. */
  readonly interval: Interval;
  /** The standard deviation between machines, as a fraction of the figure. */
  readonly between: number;
  /** The part of what was seen to vary between machines that is theirs and not their runs', 0 to 1. */
  readonly share: number;
}

/** The fewest values of a machine that tell how they vary. */
export const valuesOfMachineMin = 3;

/**
 * Joins what several machines gave, each by its own runs or rounds. Runs vary within a machine, and
 * machines vary among themselves, by more than runs do; so a machine counts once, however many runs it
 * had and however well it is known. The figure is worked out for logarithms, as ratios and times
 * multiply.
 *
 * It is a random-effects model with equal weights (Hedges & Olkin, "Statistical Methods for
 * Meta-Analysis", 1985): each machine's median has an error (that of its bootstrap distribution), and
 * machines lie about the figure with a variance of their own, which is what they vary by beyond their
 * errors. The interval is that of Hartung and Knapp (2001), by Student's distribution with a machine
 * less than there are, and never narrower than the errors alone would have it (Röver et al. 2015). Two
 * machines make it very wide, because two say little of a third. In simulated experiments with 2 to 10
 * machines, of which every second has four times the noise of the others, it held the figure in 94.7 to
 * 100 %; with weights by precision (Paule & Mandel 1982) it did in 92.3 to 100 %, and was hardly
 * narrower.
 *
 * @param machines the values of each, above 0
 * @throws RangeError with fewer than two machines, with fewer than {@link valuesOfMachineMin} values of
 * one, or with a value that is not above 0 and finite
 */
export function acrossMachines(machines: readonly (readonly number[])[]): OfMachines {
  const count = machines.length;
  if (count < 2) throw new RangeError('one machine says nothing of others');
  const known = machines.map(logMedian);
  const centre = mean(known.map(({ value }) => value));
  const errors = mean(known.map(({ variance }) => variance));
  const seen = known.reduce((sum, { value }) => sum + (value - centre) ** 2, 0) / (count - 1);
  const between = Math.max(0, seen - errors);
  const reach = studentReach(confidence, count - 1) * Math.sqrt(Math.max(seen, errors) / count);
  return {
    value: Math.exp(centre),
    interval: { low: Math.exp(centre - reach), high: Math.exp(centre + reach) },
    between: Math.expm1(Math.sqrt(between)),
    share: seen === 0 ? 0 : between / seen,
  };
}

/** The figure of one machine and its error, as logarithms. */
interface LogMedian {
  readonly value: number;
  /** Of its error. */
  readonly variance: number;
}

function logMedian(values: readonly number[]): LogMedian {
  if (values.length < valuesOfMachineMin) {
    throw new RangeError(`${values.length} values do not tell how they vary`);
  }
  if (!values.every((value) => value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError('machines are joined by values that are above 0 and finite');
  }
  const atoms = bootstrapOfMedian(ascending(values));
  const moment = (power: number) =>
    atoms.reduce((sum, { value, probability }) => sum + probability * Math.log(value) ** power, 0);
  // Rounding may leave a little less than nothing, where all values are the same.
  return { value: Math.log(median(values)), variance: Math.max(0, moment(2) - moment(1) ** 2) };
}
