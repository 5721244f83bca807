/**
 * Counts what happens, and tells of it at most once in a while: the first time at once, and then what
 * has happened meanwhile, all together. So that what clients do thousands of times is a few lines in
 * the log.
 */
export class Tally<Kind extends string, Detail = void> {
  readonly #tell: (counts: Readonly<Partial<Record<Kind, number>>>, last: Detail) => void;
  readonly #quietMs: number;
  #untold: Partial<Record<Kind, number>> | undefined;
  #last: Detail | undefined;
  #quiet: NodeJS.Timeout | undefined;

  /**
   * @param tell is given how often each kind has happened since it was last called, and the detail
   *   of the last of them
   * @param quietMs time from one call of it to the next, at least
   */
  constructor(
    tell: (counts: Readonly<Partial<Record<Kind, number>>>, last: Detail) => void,
    quietMs = 10_000,
  ) {
    this.#tell = tell;
    this.#quietMs = quietMs;
  }

  /** Counts one. */
  add(kind: Kind, detail: Detail): void {
    this.#untold ??= {};
    this.#untold[kind] = (this.#untold[kind] ?? 0) + 1;
    this.#last = detail;
    if (this.#quiet === undefined) this.flush();
  }

  /** Tells what was not told yet, as at the end. */
  flush(): void {
    const counts = this.#untold;
    if (counts === undefined) return;
    this.#untold = undefined;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined;
      this.flush();
    }, this.#quietMs).unref();
    this.#tell(counts, this.#last as Detail);
  }
}
