/**
 * A queue that serves addresses in rotation, and the items of each address in order. So an item
 * waits for one of each other address, however many they have waiting.
 *
 * Each operation takes the same short time, however much waits.
 */
export class FairQueue<Item> {
  readonly #byAddress = new Map<string, Set<Item>>();

  get empty(): boolean {
    return this.#byAddress.size === 0;
  }

  /** Adds an item behind all others of its address. It waits once, however often it is added. */
  push(address: string, item: Item): void {
    const items = this.#byAddress.get(address);
    if (items === undefined) this.#byAddress.set(address, new Set([item]));
    else items.add(item);
  }

  /** Takes the next item, and puts its address behind all others. */
  shift(): Item | undefined {
    for (const [address, items] of this.#byAddress) {
      for (const item of items) {
        items.delete(item);
        this.#byAddress.delete(address);
        if (items.size > 0) this.#byAddress.set(address, items);
        return item;
      }
    }
    return undefined;
  }

  /** Takes an item out of the middle, if it waits. */
  delete(address: string, item: Item): void {
    const items = this.#byAddress.get(address);
    items?.delete(item);
    if (items?.size === 0) this.#byAddress.delete(address);
  }
}
