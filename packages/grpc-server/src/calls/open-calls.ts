/** A call that knows its place among the others of its connection. */
interface Placed {
  /** The place; of a call that was removed, it says nothing. */
  place: number;
}

/** The open calls of a connection. A `Set` would keep those that are over; see `StreamTable`. */
export class OpenCalls<Call extends Placed> implements Iterable<Call> {
  readonly #calls: Call[] = [];

  get size(): number {
    return this.#calls.length;
  }

  add(call: Call): void {
    call.place = this.#calls.push(call) - 1;
  }

  /** Removes a call, whose place the last one takes. Does nothing when it is not there. */
  delete(call: Call): void {
    if (this.#calls[call.place] !== call) return;
    const last = this.#calls.pop() as Call;
    if (last === call) return;
    last.place = call.place;
    this.#calls[call.place] = last;
  }

  /** Visits the calls that are there when it begins. */
  [Symbol.iterator](): Iterator<Call> {
    return [...this.#calls][Symbol.iterator]();
  }
}
