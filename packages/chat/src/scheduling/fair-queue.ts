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

/** The client that asks for work that may have to wait. */
export interface Asker {
  /** The origin whose share of the work it takes. Read only when the work has to wait. */
  readonly origin: Origin;
  /** Tells whether the client is gone, so that nobody waits for the result. */
  isGone(): boolean;
}

/** An item of a queue, and the connection that it is of. */
export interface Queued<Item> {
  readonly origin: Origin;
  readonly item: Item;
}

/** The number of levels of a queue. */
export const levelCount = 4;

/**
 * A queue that serves addresses in rotation, the connections of each address in rotation, and the items
 * of a connection in order. So a client waits for one item of each other address, and of each other
 * connection of its own address, however many items they have.
 *
 * The connections of an address may have levels, 0 for those that ask for little. Each level has half as
 * many turns as the one before it, and they go on when nobody waits in it.
 *
 * Each operation takes the same short time, however much waits.
 */
export class FairQueue<Item> {
  readonly #lines = new Map<string, Line<Item>>();
  readonly #levelOf: (origin: Origin) => number;
  /** A line that is empty. A client that is alone would have one made at each of its turns. */
  #spare: Line<Item> | undefined;
  #length = 0;

  /** @param levelOf the level of a connection, below {@link levelCount}; all have the same unless told */
  constructor(levelOf: (origin: Origin) => number = () => 0) {
    this.#levelOf = levelOf;
  }

  /** The number of items that wait. */
  get length(): number {
    return this.#length;
  }

  /** Adds an item behind the others of its connection; an item that waits already keeps its place. */
  push(origin: Origin, item: Item): void {
    let line = this.#lines.get(origin.address);
    if (line === undefined) {
      line = this.#spare ?? new Line(this.#levelOf);
      this.#spare = undefined;
      this.#lines.set(origin.address, line);
    }
    if (line.push(origin, item)) this.#length++;
  }

  /** Takes the next item; its address and its connection go to the end of their rotations. */
  shift(): Queued<Item> | undefined {
    for (const [address, line] of this.#lines) {
      const queued = line.shift();
      this.#length--;
      this.#lines.delete(address);
      if (line.isEmpty) this.#spare = line;
      else this.#lines.set(address, line);
      return queued;
    }
    return undefined;
  }

  /** Removes an item, wherever it stands. */
  delete(origin: Origin, item: Item): void {
    const line = this.#lines.get(origin.address);
    if (line?.delete(origin, item) !== true) return;
    this.#length--;
    if (!line.isEmpty) return;
    this.#lines.delete(origin.address);
    this.#spare = line;
  }
}

interface Place<Item> {
  level: Set<Origin>;
  readonly items: Set<Item>;
}

/** The connections of one address that have items. */
class Line<Item> {
  readonly #levelOf: (origin: Origin) => number;
  readonly #places = new Map<Origin, Place<Item>>();
  readonly #levels = Array.from({ length: levelCount }, () => new Set<Origin>());
  #turns = 0;

  constructor(levelOf: (origin: Origin) => number) {
    this.#levelOf = levelOf;
  }

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  /** Returns false if the item waits already. */
  push(origin: Origin, item: Item): boolean {
    const place = this.#places.get(origin);
    if (place === undefined) {
      this.#places.set(origin, { level: this.#enter(origin), items: new Set([item]) });
    } else {
      if (place.items.has(item)) return false;
      place.items.add(item);
    }
    return true;
  }

  /** To be called while it is not empty. */
  shift(): Queued<Item> {
    const [origin] = this.#nextLevel() as unknown as [Origin];
    const place = this.#places.get(origin) as Place<Item>;
    const [item] = place.items as unknown as [Item];
    this.delete(origin, item);
    if (place.items.size > 0) {
      place.level.delete(origin);
      place.level = this.#enter(origin);
    }
    return { origin, item };
  }

  /** Returns false if the item does not wait. */
  delete(origin: Origin, item: Item): boolean {
    const place = this.#places.get(origin);
    if (place?.items.delete(item) !== true) return false;
    if (place.items.size === 0) {
      this.#places.delete(origin);
      place.level.delete(origin);
    }
    return true;
  }

  #enter(origin: Origin): Set<Origin> {
    const level = this.#levels[this.#levelOf(origin)] as Set<Origin>;
    level.add(origin);
    return level;
  }

  #nextLevel(): Set<Origin> {
    this.#turns = (this.#turns + 1) % 2 ** levelCount;
    const turns = trailingZeros(this.#turns);
    const level = this.#levels[turns];
    if (level !== undefined && level.size > 0) return level;
    return this.#levels.find(({ size }) => size > 0) as Set<Origin>;
  }
}

/** Returns the number of zeros at the end of a number in binary: half of all have none, a quarter one. */
export function trailingZeros(number: number): number {
  return 31 - Math.clz32(number & -number);
}
