/** The figures of a cell that must fit together. */
interface Flow {
  /** The operations under way at once, on average: in a closed loop, its depth. */
  readonly concurrency: number;
  readonly throughputPerSecond: number;
  /** The mean, not the median: the law is about means. */
  readonly meanLatencyMs: number;
}

/** The fit of a cell's figures. */
interface LittlesLaw {
  /** The part of the concurrency that the other two do not account for, of either sign: |L - λW| / L. */
  readonly relativeError: number;
  /** True when that is within the tolerance. */
  readonly holds: boolean;
}

/**
 * Checks L = λW: in any system that is stable, the number under way is the arrival rate times the
 * time that each spends in it (Little, "A Proof for the Queuing Formula: L = λW", 1961). Figures that
 * break it were not measured as they should be: the client could not keep its depth, or its clock
 * did not cover what its count did.
 *
 * The tolerance is a fraction, 0.05 unless said otherwise.
 */
export function littlesLaw(flow: Flow, tolerance = 0.05): LittlesLaw {
  const { concurrency, throughputPerSecond, meanLatencyMs } = flow;
  if (!(concurrency > 0)) throw new RangeError(`a concurrency of ${concurrency}`);
  const underWay = (throughputPerSecond * meanLatencyMs) / 1_000;
  const relativeError = Math.abs(concurrency - underWay) / concurrency;
  return { relativeError, holds: relativeError <= tolerance };
}
