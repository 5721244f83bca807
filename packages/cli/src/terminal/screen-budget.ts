/** The most messages that are shown in a second. Nobody reads more, and a terminal is not held up. */
const messagesPerSecondMax = 1_000;

/** The messages of a burst that a screen shows, and the number of those that it does not. */
export class ScreenBudget {
  #second = 0;
  #shown = 0;
  #skipped = 0;

  /** Tells if a message that came at this time, in milliseconds, is shown; counts it otherwise. */
  admits(atMs: number): boolean {
    const second = Math.floor(atMs / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#shown = 0;
    }
    if (this.#shown < messagesPerSecondMax) {
      this.#shown += 1;
      return true;
    }
    this.#skipped += 1;
    return false;
  }

  /** Returns the number of messages that were not shown since this was last asked. */
  takeSkipped(): number {
    const skipped = this.#skipped;
    this.#skipped = 0;
    return skipped;
  }
}
