/** Counts something that happens in a turn of the event loop. */
export class TurnCount {
  #turn = 0;
  #count = 0;

  /** The number of the turn. */
  get turn(): number {
    return this.#turn;
  }

  /** Counts one more. Returns how many there were in this turn. */
  add(): number {
    if (this.#count === 0) {
      setImmediate(() => {
        this.#count = 0;
        this.#turn++;
      });
    }
    return ++this.#count;
  }
}
