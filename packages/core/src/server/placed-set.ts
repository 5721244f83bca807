/** An item that knows its place in a {@link PlacedSet}. */
export interface Placed {
  /** The place, which the set writes; of an item that was removed, it says nothing. */
  place: number;
}

/**
 * A set of items in no order, each of which may be in one such set. It takes less memory than a `Set`, and does
 * not keep items that were removed, as V8 does with a `Set` whose items come and go.
 * See docs/decisions/0050-strangers-have-few-calls-and-what-is-over-is-let-go.md.
 */
export class PlacedSet<Item extends Placed> implements Iterable<Item> {
  readonly #items: Item[] = [];

  get size(): number {
    return this.#items.length;
  }

  add(item: Item): void {
    item.place = this.#items.push(item) - 1;
  }

  /** Removes an item, whose place the last one takes. Does nothing when it is not there. */
  delete(item: Item): void {
    if (this.#items[item.place] !== item) return;
    const last = this.#items.pop() as Item;
    if (last === item) return;
    last.place = item.place;
    this.#items[item.place] = last;
  }

  /** Visits the items that are there when it begins. */
  [Symbol.iterator](): Iterator<Item> {
    return [...this.#items][Symbol.iterator]();
  }
}
