/** A first-in, first-out queue whose `shift` does not move the other items, as an array's does. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  /** The number of items. */
  get length(): number {
    return this.#items.length - this.#head;
  }

  /** Adds at the end. */
  push(item: T): void {
    // An array that grows from nothing gets room for 17 items, and most queues have one at a time.
    if (this.#items.length === 0) this.#items = [item];
    else this.#items.push(item);
  }

  /** Puts an item back in front of all others. */
  unshift(item: T): void {
    if (this.#head === 0) this.#items.unshift(item);
    else this.#items[--this.#head] = item;
  }

  /** Returns the first item, and leaves it in the queue. */
  peek(): T | undefined {
    return this.#items[this.#head];
  }

  /** Takes the first item; undefined when there is none. */
  shift(): T | undefined {
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) this.clear();
    else if (this.#head >= 1024 && this.#head * 2 >= this.#items.length) this.#compact();
    return item;
  }

  /** Forgets every item. */
  clear(): void {
    this.#items.length = 0;
    this.#head = 0;
  }

  // Amortised: each item is moved at most once for every item that has left before it.
  #compact(): void {
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
