/**
 * The origin of a client, which decides whose share of the server it uses. Each object is one
 * connection.
 *
 * The chat knows no transport and only compares: clients with the same `address` use the share of one
 * address, clients with the same object that of one connection.
 */
export interface Origin {
  readonly address: string;
}

/** Returns the origin of a client that has its own connection, and no address. */
export function originOfItsOwn(): Origin {
  return { address: '' };
}

type Line<Item> = Map<Origin, Set<Item>>;

/**
 * A queue that serves addresses in rotation, the connections of each address in rotation, and the items
 * of a connection in order. So a client waits for one item of each other address, and of each other
 * connection of its own address, however many items they have.
 *
 * Each operation takes the same short time, however much waits.
 */
export class FairQueue<Item> {
  readonly #lines = new Map<string, Line<Item>>();
  #length = 0;

  /** The number of items that wait. */
  get length(): number {
    return this.#length;
  }

  /** Adds an item behind the others of its connection; an item that waits already keeps its place. */
  push(origin: Origin, item: Item): void {
    let line = this.#lines.get(origin.address);
    if (line === undefined) {
      line = new Map();
      this.#lines.set(origin.address, line);
    }
    const items = line.get(origin);
    if (items === undefined) line.set(origin, new Set([item]));
    else if (items.has(item)) return;
    else items.add(item);
    this.#length++;
  }

  /** Takes the next item; its address and its connection go to the end of their rotations. */
  shift(): Item | undefined {
    for (const [address, line] of this.#lines) {
      for (const [origin, items] of line) {
        for (const item of items) {
          this.delete(origin, item);
          rotate(this.#lines, address);
          rotate(line, origin);
          return item;
        }
      }
    }
    return undefined;
  }

  /** Removes an item, wherever it stands. */
  delete(origin: Origin, item: Item): void {
    const line = this.#lines.get(origin.address);
    const items = line?.get(origin);
    if (line === undefined || items?.delete(item) !== true) return;
    this.#length--;
    if (items.size === 0) line.delete(origin);
    if (line.size === 0) this.#lines.delete(origin.address);
  }
}

/** Moves an entry behind all others, if it is there. */
function rotate<Key, Value>(map: Map<Key, Value>, key: Key): void {
  const value = map.get(key);
  if (value === undefined) return;
  map.delete(key);
  map.set(key, value);
}
