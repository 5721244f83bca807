import { FairQueue, type Origin, trailingZeros } from '../scheduling/fair-queue.ts';
import { RecentUse } from '../scheduling/recent-use.ts';
import type { Search, SearchResult } from './search.ts';

/** A search that is not over, and the client that waits for it. */
export interface WaitingSearch {
  readonly search: Search;
  readonly origin: Origin;
  /** Tells whether nobody waits for the result any more. */
  readonly isGone: () => boolean;
  /** Ends the wait; without a result when the search lost its place. */
  readonly resolve: (result: SearchResult | undefined) => void;
}

/** The waiting searches of one connection, in order. They wait together in one queue. */
interface Flow {
  readonly origin: Origin;
  readonly searches: Set<WaitingSearch>;
  queue: FairQueue<Flow>;
}

/** A waiting search, with the values that decide which search loses its place. */
interface Claim {
  readonly waiting: WaitingSearch;
  readonly gone: boolean;
  readonly ofAddress: number;
  readonly ofConnection: number;
  readonly usedMs: number;
}

// The time after which the use of a connection counts half.
const halfLifeMs = 10_000;

// The use that a refusal counts as. Without it, connections that ask again at once would push one another
// out for ever, each before its search is over.
const refusalMs = 1;

// A connection that has used less than the first waits in the first queue, and so on. One that has used
// more than the last waits in one more queue.
const usedMsOfQueues = [0.06, 0.25, 1, 4, 16, 64, 256];

/**
 * The searches that wait, and the rules which is next and which loses its place.
 *
 * There are eight queues: the more a connection has searched in the last seconds, the later its queue.
 * Each queue has half as many turns as the one before it, and is fair to addresses and to connections.
 * So clients that ask for little wait only for one another, and those that ask for much still go on.
 */
export class WaitingSearches {
  readonly #queues = [...usedMsOfQueues, Number.POSITIVE_INFINITY].map(() => new FairQueue<Flow>());
  readonly #flows = new Map<Origin, Flow>();
  readonly #byAddress = new Map<string, number>();
  readonly #usedMs = new RecentUse(halfLifeMs);
  #length = 0;
  #turns = 0;
  #claims: Claim[] | undefined;

  /** The number of searches that wait. */
  get length(): number {
    return this.#length;
  }

  /** Adds a search, behind the others of its connection. */
  add(waiting: WaitingSearch): void {
    const { origin } = waiting;
    const flow = this.#flows.get(origin);
    if (flow === undefined) {
      this.#enqueue({
        origin,
        searches: new Set([waiting]),
        queue: this.#queues[0] as FairQueue<Flow>,
      });
    } else {
      flow.searches.add(waiting);
    }
    this.#length++;
    this.#count(origin.address, 1);
  }

  /** Takes the next search. */
  next(): WaitingSearch | undefined {
    const flow = this.#nextQueue()?.shift()?.item;
    if (flow === undefined) return undefined;
    const waiting = flow.searches.values().next().value as WaitingSearch;
    this.#remove(flow, waiting);
    if (flow.searches.size > 0) this.#enqueue(flow);
    return waiting;
  }

  /** Adds to the use of a connection. */
  charge(origin: Origin, ms: number): void {
    this.#usedMs.add(origin, ms);
  }

  /**
   * Makes room for a search of `newcomer`. The connection that asks for most loses a place: of the address
   * that has most waiting, the connection that has most waiting, and among equal ones the one that has
   * searched most. Returns false when that is the newcomer. A search that nobody waits for goes first.
   * The loser is charged for the refusal.
   */
  makeRoom(newcomer: Origin): boolean {
    if (this.#claims?.length === 0) this.#claims = undefined;
    const claims = this.#claimsByGreed();
    while (claims.length > 0 && !this.#waits((claims.at(-1) as Claim).waiting)) claims.pop();
    const ofAddress = this.#ofAddress(newcomer) + 1;
    let greediest = claims.at(-1);
    if (greediest?.gone === false && ofAddress > this.#ofAddress(greediest.waiting.origin)) {
      greediest = claims.findLast(
        ({ waiting }) => waiting.origin.address === newcomer.address && this.#waits(waiting),
      );
    }
    if (greediest === undefined || !this.#claimsMore(greediest, newcomer)) {
      this.charge(newcomer, refusalMs);
      return false;
    }
    const { waiting } = greediest;
    this.charge(waiting.origin, refusalMs);
    this.#remove(this.#flows.get(waiting.origin) as Flow, waiting);
    waiting.resolve(undefined);
    return true;
  }

  /** Begins a new slice of time: the order of claims is found anew. */
  newSlice(): void {
    this.#claims = undefined;
  }

  /** Compares by the present state: many may have lost their places since the claims were sorted. */
  #claimsMore({ gone, waiting: { origin } }: Claim, newcomer: Origin): boolean {
    if (gone) return true;
    if (origin.address !== newcomer.address) {
      const more = this.#ofAddress(origin) - (this.#ofAddress(newcomer) + 1);
      if (more !== 0) return more > 0;
    } else {
      const more = this.#ofConnection(origin) - (this.#ofConnection(newcomer) + 1);
      if (more !== 0) return more > 0;
    }
    return this.#usedMs.of(origin) > this.#usedMs.of(newcomer);
  }

  #ofAddress(origin: Origin): number {
    return this.#byAddress.get(origin.address) ?? 0;
  }

  #ofConnection(origin: Origin): number {
    return this.#flows.get(origin)?.searches.size ?? 0;
  }

  /** Sorts the claims, once a slice: a client could cause it thousands of times. */
  #claimsByGreed(): Claim[] {
    this.#claims ??= [...this.#flows.values()]
      .flatMap(({ searches }) => [...searches].map((waiting) => this.#claim(waiting)))
      .sort(byGreed);
    return this.#claims;
  }

  #claim(waiting: WaitingSearch): Claim {
    const { origin, isGone } = waiting;
    return {
      waiting,
      gone: isGone(),
      ofAddress: this.#ofAddress(origin),
      ofConnection: this.#ofConnection(origin),
      usedMs: this.#usedMs.of(origin),
    };
  }

  /** Returns the queue of the next turn: half of all turns are the first queue's, half of the others the second's. */
  #nextQueue(): FairQueue<Flow> | undefined {
    this.#turns = (this.#turns + 1) % 2 ** this.#queues.length;
    const queue = this.#queues[trailingZeros(this.#turns)];
    return queue !== undefined && queue.length > 0
      ? queue
      : this.#queues.find(({ length }) => length > 0);
  }

  #queueOf(origin: Origin): FairQueue<Flow> {
    const usedMs = this.#usedMs.of(origin);
    const queue = usedMsOfQueues.findIndex((ms) => usedMs < ms);
    return this.#queues.at(queue) as FairQueue<Flow>;
  }

  #enqueue(flow: Flow): void {
    this.#flows.set(flow.origin, flow);
    flow.queue = this.#queueOf(flow.origin);
    flow.queue.push(flow.origin, flow);
  }

  #waits(waiting: WaitingSearch): boolean {
    return this.#flows.get(waiting.origin)?.searches.has(waiting) === true;
  }

  #remove(flow: Flow, waiting: WaitingSearch): void {
    const { origin, searches, queue } = flow;
    searches.delete(waiting);
    if (searches.size === 0) {
      this.#flows.delete(origin);
      queue.delete(origin, flow);
    }
    this.#length--;
    this.#count(origin.address, -1);
  }

  #count(address: string, change: number): void {
    const count = (this.#byAddress.get(address) ?? 0) + change;
    if (count === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, count);
  }
}

function byGreed(a: Claim, b: Claim): number {
  return (
    Number(a.gone) - Number(b.gone) ||
    a.ofAddress - b.ofAddress ||
    a.ofConnection - b.ofConnection ||
    a.usedMs - b.usedMs
  );
}
