import { FairQueue, type Origin, type Ticket, trailingZeros } from './fair-queue.ts';
import { RecentUse } from './recent-use.ts';

/** Work that waits for its turn, and the client that waits for it. */
export interface Waiting {
  readonly origin: Origin;
  /** Tells whether nobody waits for the result any more. */
  readonly isGone: () => boolean;
  /** Ends the wait without a result: the work lost its place. */
  readonly resolve: (result: undefined) => void;
}

/** The measure of what connections use. The unit is its owner's. */
export interface UseScale {
  /** The time after which use counts half, in milliseconds. */
  readonly halfLifeMs: number;
  /**
   * The use that a refusal counts as. Without it, connections that ask again at once would push one
   * another out for ever, each before its work is over.
   */
  readonly refusal: number;
  /**
   * The bounds of the queues, in ascending order: a connection that has used less than the first waits in
   * the first queue, and so on. One that has used more than the last waits in one more queue.
   */
  readonly queues: readonly number[];
  /** The bounds of the levels that the connections of one address have in a queue, see {@link FairQueue}. */
  readonly levels: readonly number[];
}

/** The waiting work of one connection. */
interface Flow<Item> {
  readonly origin: Origin;
  /** True if somebody was logged in on the connection when the first of it began to wait. */
  readonly isUser: boolean;
  /** Its work of each {@link Kind}. */
  readonly kinds: readonly [Line<Item>, Line<Item>];
}

/** The waiting work of one kind of one connection, in order. It waits together in one queue. */
interface Line<Item> {
  readonly items: Set<Item>;
  ticket: Ticket<Flow<Item>> | undefined;
}

/** Two kinds of work may wait, each for turns of its own. They are alike where places are lost. */
type Kind = 0 | 1;

/** Waiting work, with the values that decide which work loses its place. */
interface Claim<Item> {
  readonly item: Item;
  readonly gone: boolean;
  readonly isUser: boolean;
  readonly ofAddress: number;
  readonly ofConnection: number;
  readonly used: number;
}

/**
 * The work that waits, and the rules which is next and which loses its place.
 *
 * There is a queue for each range of use: the more a connection has used in the last seconds, the later its
 * queue. Each queue has half as many turns as the one before it, and is fair to addresses and to
 * connections. So clients that ask for little wait only for one another, and those that ask for much still
 * go on. With one queue for all, each address has a turn before any has the next one.
 *
 * Strangers lose their places before users, who are logged in, lose any.
 */
export class WaitingPlaces<Item extends Waiting> {
  readonly #scale: UseScale;
  /** The queues of each kind. */
  readonly #queues: readonly [FairQueue<Flow<Item>>[], FairQueue<Flow<Item>>[]];
  readonly #flows = new Map<Origin, Flow<Item>>();
  readonly #isUser: (origin: Origin) => boolean;
  /** The number of items of each address that wait: of users, and of strangers. */
  readonly #ofUsers = new Map<string, number>();
  readonly #ofStrangers = new Map<string, number>();
  readonly #use: RecentUse;
  #length = 0;
  readonly #turns: [number, number] = [0, 0];
  #claims: Claim<Item>[] | undefined;

  /** @param isUser tells whether somebody is logged in on a connection */
  constructor(scale: UseScale, isUser: (origin: Origin) => boolean) {
    this.#scale = scale;
    this.#isUser = isUser;
    const levelOf = (origin: Origin) => this.#use.rank(origin, scale.levels);
    const queues = () => [0, ...scale.queues].map(() => new FairQueue<Flow<Item>>(levelOf));
    this.#queues = [queues(), queues()];
    this.#use = new RecentUse(scale.halfLifeMs);
  }

  /** The number of items that wait. */
  get length(): number {
    return this.#length;
  }

  /** Adds work, behind the other work of its connection and kind. */
  add(item: Item, kind: Kind = 0): void {
    const { origin } = item;
    let flow = this.#flows.get(origin);
    if (flow === undefined) {
      const line = () => ({ items: new Set<Item>(), ticket: undefined });
      flow = { origin, isUser: this.#isUser(origin), kinds: [line(), line()] };
      this.#flows.set(origin, flow);
    }
    const { items } = flow.kinds[kind];
    items.add(item);
    if (items.size === 1) this.#enqueue(flow, kind);
    this.#length++;
    this.#count(flow, 1);
  }

  /** Takes the next work of a kind. */
  next(kind: Kind = 0): Item | undefined {
    const flow = this.#nextQueue(kind)?.shift()?.item;
    if (flow === undefined) return undefined;
    const { items } = flow.kinds[kind];
    const item = items.values().next().value as Item;
    this.#remove(flow, item);
    if (items.size > 0) this.#enqueue(flow, kind);
    return item;
  }

  /** Adds to the use of a connection. */
  charge(origin: Origin, amount: number): void {
    this.#use.add(origin, amount);
  }

  /**
   * Makes room for work of `newcomer`. The connection that asks for most loses a place: of the address
   * that has most waiting, the connection that has most waiting, and among equal ones the one that has
   * used most. Returns false when that is the newcomer. Work that nobody waits for goes first. A user takes
   * the place of a stranger while there is one, and a stranger never that of a user.
   * The loser is charged for the refusal.
   */
  makeRoom(newcomer: Origin): boolean {
    const greediest = this.#greediestBeside(newcomer);
    if (greediest === undefined || !this.#claimsMore(greediest, newcomer)) {
      this.charge(newcomer, this.#scale.refusal);
      return false;
    }
    const { item } = greediest;
    this.charge(item.origin, this.#scale.refusal);
    this.#remove(this.#flows.get(item.origin) as Flow<Item>, item);
    item.resolve(undefined);
    return true;
  }

  /** Finds the order of claims anew from now on. To be called every few milliseconds of work. */
  newSlice(): void {
    this.#claims = undefined;
  }

  /** Returns the greediest claim beside that of a newcomer; undefined when nothing waits. */
  #greediestBeside(newcomer: Origin): Claim<Item> | undefined {
    const greediest = this.#greediestSorted(newcomer);
    if (greediest !== undefined) return greediest;
    // All of its kind came after the claims were sorted.
    this.newSlice();
    return this.#greediestSorted(newcomer);
  }

  /**
   * Returns the greediest claim of those that are sorted, of strangers if any wait. It is of an address that
   * has most waiting now, and of the newcomer's where that would have most.
   */
  #greediestSorted(newcomer: Origin): Claim<Item> | undefined {
    const claims = this.#claimsByGreed();
    while (claims.length > 0 && !this.#waits((claims.at(-1) as Claim<Item>).item)) claims.pop();
    if (claims.at(-1)?.gone === true) return claims.at(-1);
    const ofUsers = this.#isOfUser(newcomer) && this.#ofStrangers.size === 0;
    const most = Math.max(...(ofUsers ? this.#ofUsers : this.#ofStrangers).values());
    const isOwn =
      ofUsers === this.#isOfUser(newcomer) && this.#ofAddress(newcomer, ofUsers) + 1 > most;
    const isGreedy = (origin: Origin) =>
      isOwn ? origin.address === newcomer.address : this.#ofAddress(origin, ofUsers) === most;
    return claims.findLast(
      ({ item, isUser }) => isUser === ofUsers && isGreedy(item.origin) && this.#waits(item),
    );
  }

  /** Compares by the present state: many may have lost their places since the claims were sorted. */
  #claimsMore({ gone, item: { origin } }: Claim<Item>, newcomer: Origin): boolean {
    if (gone) return true;
    const isUser = this.#isOfUser(origin);
    if (isUser !== this.#isOfUser(newcomer)) return !isUser;
    if (origin.address !== newcomer.address) {
      const more = this.#ofAddress(origin, isUser) - (this.#ofAddress(newcomer, isUser) + 1);
      if (more !== 0) return more > 0;
    } else {
      const more = this.#ofConnection(origin) - (this.#ofConnection(newcomer) + 1);
      if (more !== 0) return more > 0;
    }
    return this.#use.of(origin) > this.#use.of(newcomer);
  }

  #isOfUser(origin: Origin): boolean {
    return this.#flows.get(origin)?.isUser ?? this.#isUser(origin);
  }

  #ofAddress({ address }: Origin, ofUsers: boolean): number {
    return (ofUsers ? this.#ofUsers : this.#ofStrangers).get(address) ?? 0;
  }

  #ofConnection(origin: Origin): number {
    const kinds = this.#flows.get(origin)?.kinds ?? [];
    return kinds.reduce((sum, { items }) => sum + items.size, 0);
  }

  /** Sorts the claims, once a slice: a client could cause it thousands of times. */
  #claimsByGreed(): Claim<Item>[] {
    this.#claims ??= [...this.#flows.values()]
      .flatMap((flow) => itemsOf(flow).map((item) => this.#claim(flow, item)))
      .sort(byGreed);
    return this.#claims;
  }

  #claim({ origin, isUser }: Flow<Item>, item: Item): Claim<Item> {
    return {
      item,
      gone: item.isGone(),
      isUser,
      ofAddress: this.#ofAddress(origin, isUser),
      ofConnection: this.#ofConnection(origin),
      used: this.#use.of(origin),
    };
  }

  /** Returns the queue of the next turn: half of all turns are the first queue's, half of the others the second's. */
  #nextQueue(kind: Kind): FairQueue<Flow<Item>> | undefined {
    const queues = this.#queues[kind];
    this.#turns[kind] = (this.#turns[kind] + 1) % 2 ** queues.length;
    const queue = queues[trailingZeros(this.#turns[kind])];
    return queue !== undefined && queue.length > 0
      ? queue
      : queues.find(({ length }) => length > 0);
  }

  #enqueue(flow: Flow<Item>, kind: Kind): void {
    const rank = this.#use.rank(flow.origin, this.#scale.queues);
    flow.kinds[kind].ticket = this.#queues[kind][rank]?.push(flow.origin, flow);
  }

  #waits(item: Item): boolean {
    return this.#flows.get(item.origin)?.kinds.some(({ items }) => items.has(item)) === true;
  }

  #remove(flow: Flow<Item>, item: Item): void {
    for (const { items, ticket } of flow.kinds) {
      if (items.delete(item) && items.size === 0) ticket?.cancel();
    }
    if (flow.kinds.every(({ items }) => items.size === 0)) this.#flows.delete(flow.origin);
    this.#length--;
    this.#count(flow, -1);
  }

  #count({ origin: { address }, isUser }: Flow<Item>, change: number): void {
    const counts = isUser ? this.#ofUsers : this.#ofStrangers;
    const count = (counts.get(address) ?? 0) + change;
    if (count === 0) counts.delete(address);
    else counts.set(address, count);
  }
}

function itemsOf<Item>({ kinds: [first, second] }: Flow<Item>): Item[] {
  return [...first.items, ...second.items];
}

function byGreed(a: Claim<Waiting>, b: Claim<Waiting>): number {
  return (
    Number(a.gone) - Number(b.gone) ||
    Number(b.isUser) - Number(a.isUser) ||
    a.ofAddress - b.ofAddress ||
    a.ofConnection - b.ofConnection ||
    a.used - b.used
  );
}
