/** A histogram in plain numbers: to count a value costs some nanoseconds. */
export class PlainHistogram {
  /** The upper bounds of the buckets, ascending; what is above the last one is in a bucket of its own. */
  readonly bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  /** Counts a value, once or more often. A value that is a bound belongs to that bucket. */
  record(value: number, times = 1): void {
    const { bounds } = this;
    let at = 0;
    while (at < bounds.length && value > (bounds[at] as number)) at++;
    (this.#counts[at] as number) += times;
    this.#sum += value * times;
  }

  /** Values for each bucket, that above the last bound included. */
  get counts(): ArrayLike<number> {
    return this.#counts;
  }

  /** The sum of all values. */
  get sum(): number {
    return this.#sum;
  }
}
