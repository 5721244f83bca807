/** Counts something that happens in a turn of the event loop, of all connections; see {@link TurnShare}. */
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

/** Counts it of one connection, and of all with it. */
export class TurnShare {
  readonly #ofAll: TurnCount;
  #turn = 0;
  #own = 0;

  constructor(ofAll: TurnCount) {
    this.#ofAll = ofAll;
  }

  /** Counts one more. Returns how many there were in this turn, of this connection and of all. */
  add(): { readonly own: number; readonly ofAll: number } {
    const ofAll = this.#ofAll.add();
    if (this.#turn !== this.#ofAll.turn) {
      this.#turn = this.#ofAll.turn;
      this.#own = 0;
    }
    return { own: ++this.#own, ofAll };
  }
}
