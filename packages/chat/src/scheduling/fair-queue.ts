import { Node, Yallist } from 'yallist';

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

// The number of levels of a queue.
const levelCount = 4;

// Addresses without items that a queue remembers, so that those who come and go cost no entries.
const idleLinesMax = 256;

/**
 * A queue that serves addresses in rotation, the connections of each address in rotation, and the items
 * of a connection in order. So a client waits for one item of each other address, and of each other
 * connection of its own address, however many items they have.
 *
 * The connections of an address may have levels, 0 for those that ask for little. Each level has half as
 * many turns as the one before it, and they go on when nobody waits in it.
 *
 * Each operation takes the same short time, however much waits. What has left is in no map and no set whose
 * entries come and go: V8 keeps the entries of such a one until it collects the old generation.
 * See docs/decisions/0055-work-that-waits-is-in-lists.md.
 */
export class FairQueue<Item> {
  readonly #lines = new Map<string, Line<Item>>();
  /** The lines with items. */
  readonly #rotation = new Yallist<Line<Item>>();
  readonly #places = new WeakMap<Origin, Place<Item>>();
  readonly #levelOf: (origin: Origin) => number;
  #length = 0;

  /** @param levelOf the level of a connection, from 0 to 3; all have the same unless told */
  constructor(levelOf: (origin: Origin) => number = () => 0) {
    this.#levelOf = levelOf;
  }

  /** The number of items that wait. */
  get length(): number {
    return this.#length;
  }

  /** Adds an item behind the others of its connection. Returns its ticket, by which it can be removed. */
  push(origin: Origin, item: Item): Ticket<Item> {
    let place = this.#places.get(origin);
    if (place === undefined) {
      place = new Place(this, origin);
      this.#places.set(origin, place);
    }
    if (place.line === undefined) {
      const line = this.#lineOf(origin.address);
      line.enter(place, this.#levelOf(origin));
      if (line.node.list === undefined) this.#rotation.pushNode(line.node);
    }
    const ticket = new Ticket(item, place);
    place.tickets.pushNode(ticket);
    this.#length++;
    return ticket;
  }

  /** Takes the next item; its address and its connection go to the end of their rotations. */
  shift(): Ticket<Item> | undefined {
    const line = this.#rotation.head?.value;
    if (line === undefined) return undefined;
    const place = line.next();
    const ticket = place.tickets.head as Ticket<Item>;
    this.delete(ticket);
    if (place.line !== undefined) line.enter(place, this.#levelOf(place.origin));
    if (line.node.list !== undefined) this.#rotation.pushNode(line.node);
    return ticket;
  }

  /** Removes an item that waits, wherever it stands. Does nothing when it does not wait any more. */
  delete(ticket: Ticket<Item>): void {
    const { place } = ticket;
    if (ticket.list === undefined) return;
    place.tickets.removeNode(ticket);
    this.#length--;
    const { line } = place;
    if (place.tickets.length > 0 || line === undefined) return;
    line.leave(place);
    if (line.isEmpty) this.#rotation.removeNode(line.node);
  }

  #lineOf(address: string): Line<Item> {
    let line = this.#lines.get(address);
    if (line !== undefined) return line;
    const waiting = this.#rotation.length;
    if (this.#lines.size > waiting + Math.max(waiting, idleLinesMax)) this.#forgetIdle();
    line = new Line();
    this.#lines.set(address, line);
    return line;
  }

  #forgetIdle(): void {
    for (const [address, { isEmpty }] of this.#lines) if (isEmpty) this.#lines.delete(address);
  }
}

/** An item that waits, or has waited, in a {@link FairQueue}. */
export class Ticket<Item> extends Node<Item> {
  readonly place: Place<Item>;

  constructor(item: Item, place: Place<Item>) {
    super(item);
    this.place = place;
  }

  /** The connection that the item is of. */
  get origin(): Origin {
    return this.place.origin;
  }

  get item(): Item {
    return this.value;
  }

  /** Removes it from its queue. Does nothing when it does not wait any more. */
  cancel(): void {
    this.place.queue.delete(this);
  }
}

/** The place of a connection in a queue, and the items that it has there. */
class Place<Item> {
  readonly queue: FairQueue<Item>;
  readonly origin: Origin;
  readonly tickets = new Yallist<Item>();
  readonly node: Node<Place<Item>> = new Node(this);
  /** The line of its address, while it has items. */
  line: Line<Item> | undefined;

  constructor(queue: FairQueue<Item>, origin: Origin) {
    this.queue = queue;
    this.origin = origin;
  }
}

/** The connections of one address that have items, by level. */
class Line<Item> {
  readonly node: Node<Line<Item>> = new Node(this);
  readonly #levels = Array.from({ length: levelCount }, () => new Yallist<Place<Item>>());
  #turns = 0;

  get isEmpty(): boolean {
    return this.#levels.every(({ length }) => length === 0);
  }

  /** Puts a connection at the end of the rotation of its level. */
  enter(place: Place<Item>, level: number): void {
    place.line = this;
    this.#levels[level]?.pushNode(place.node);
  }

  leave(place: Place<Item>): void {
    place.line = undefined;
    place.node.list?.removeNode(place.node);
  }

  /** Returns the connection whose turn it is. To be called while it is not empty. */
  next(): Place<Item> {
    this.#turns = (this.#turns + 1) % 2 ** levelCount;
    const place =
      this.#levels[trailingZeros(this.#turns)]?.head ??
      this.#levels.find(({ length }) => length > 0)?.head;
    return (place as Node<Place<Item>>).value;
  }
}

/** Returns the number of zeros at the end of a number in binary: half of all have none, a quarter one. */
export function trailingZeros(number: number): number {
  return 31 - Math.clz32(number & -number);
}
