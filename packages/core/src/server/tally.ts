/**
 * Counts events, and reports them at most once in a while: the first at once, and later ones together.
 * So an event that clients cause thousands of times is a few lines in the log.
 */
export class Tally<Kind extends string, Detail = void> {
  readonly #report: (counts: Readonly<Partial<Record<Kind, number>>>, last: Detail) => void;
  readonly #quietMs: number;
  #unreported: Partial<Record<Kind, number>> | undefined;
  #last: Detail | undefined;
  #quiet: NodeJS.Timeout | undefined;

  /**
   * @param report gets the number of events of each kind since the last report, and the detail of the
   *   last event
   * @param quietMs the shortest time between two reports, in milliseconds
   */
  constructor(
    report: (counts: Readonly<Partial<Record<Kind, number>>>, last: Detail) => void,
    quietMs = 10_000,
  ) {
    this.#report = report;
    this.#quietMs = quietMs;
  }

  /** Counts one event. */
  add(kind: Kind, detail: Detail): void {
    this.#unreported ??= {};
    this.#unreported[kind] = (this.#unreported[kind] ?? 0) + 1;
    this.#last = detail;
    if (this.#quiet === undefined) this.flush();
  }

  /** Reports what was not reported yet. */
  flush(): void {
    const counts = this.#unreported;
    if (counts === undefined) return;
    this.#unreported = undefined;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined;
      this.flush();
    }, this.#quietMs).unref();
    this.#report(counts, this.#last as Detail);
  }
}
