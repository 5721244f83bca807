import { FairQueue } from './fair-queue.ts';
import type { Origin } from './origin.ts';
import type { Search, SearchResult } from './search.ts';

/** A search that is not over, and who waits for it. */
export interface WaitingSearch {
  readonly search: Search;
  readonly origin: Origin;
  /** Tells whether nobody waits for the result any more. */
  readonly isGone: () => boolean;
  /** Ends the wait; without a result when the search lost its place. */
  readonly resolve: (result: SearchResult | undefined) => void;
}

interface Use {
  ms: number;
  atMs: number;
}

/** A waiting search, by what decides who loses a place. */
interface Claim {
  readonly waiting: WaitingSearch;
  readonly gone: boolean;
  readonly ofAddress: number;
  readonly ofConnection: number;
  readonly usedMs: number;
}

// What a connection has used counts half after this time: who asked much a minute ago begins anew.
const halfLifeMs = 10_000;

// What a refusal counts as. Without it, those who ask again at once would push one another out for
// ever, each before its search is over.
const refusalMs = 1;

// A connection that has used less than the first waits in the first queue, and so on; one that has
// used more than the last, in one more queue.
const usedMsOfQueues = [0.06, 0.25, 1, 4, 16, 64, 256];

/**
 * The searches that wait, and the rule who is next and who loses a place.
 *
 * They wait in eight queues: the more a connection has searched in the last seconds, the later the
 * queue. Each queue has half as many turns as the one before it, and is fair to addresses and to
 * connections. So who asks for little waits only for those who ask for as little, and who asks for
 * much still goes on.
 */
export class WaitingSearches {
  readonly #queues = Array.from(
    { length: usedMsOfQueues.length + 1 },
    () => new FairQueue<WaitingSearch>(),
  );
  readonly #queueOf = new Map<WaitingSearch, FairQueue<WaitingSearch>>();
  readonly #byAddress = new Map<string, number>();
  readonly #byConnection = new Map<Origin, number>();
  readonly #uses = new WeakMap<Origin, Use>();
  #turns = 0;
  #claims: Claim[] | undefined;

  /** How many wait. */
  get length(): number {
    return this.#queueOf.size;
  }

  /** Takes a search in, behind the others of its connection that wait in the same queue. */
  add(waiting: WaitingSearch): void {
    const { origin } = waiting;
    const usedMs = this.#usedMs(origin);
    const level = usedMsOfQueues.findIndex((ms) => usedMs < ms);
    const queue = this.#queues.at(level) as FairQueue<WaitingSearch>;
    queue.push(origin, waiting);
    this.#queueOf.set(waiting, queue);
    count(this.#byAddress, origin.address, 1);
    count(this.#byConnection, origin, 1);
  }

  /** Takes out the search whose turn it is. */
  next(): WaitingSearch | undefined {
    // Every second turn ends in a one bit: the first queue's. Half of the others end in 10, and so on.
    this.#turns = (this.#turns + 1) % 2 ** this.#queues.length;
    const turn = 31 - Math.clz32(this.#turns & -this.#turns);
    const queue =
      turn >= 0 && (this.#queues[turn]?.length ?? 0) > 0
        ? this.#queues[turn]
        : this.#queues.find(({ length }) => length > 0);
    const waiting = queue?.shift();
    if (waiting !== undefined) this.#forget(waiting);
    return waiting;
  }

  /** Counts what a connection has used. */
  charge(origin: Origin, ms: number): void {
    this.#uses.set(origin, { ms: this.#usedMs(origin) + ms, atMs: performance.now() });
  }

  /**
   * Makes room for a search of `newcomer` at the cost of whoever asks for most: of the address that
   * has most waiting, the connection that has most waiting, and among equal ones the connection that
   * has searched most. Returns false when that is the newcomer. A search that nobody waits for any
   * more goes first. Whoever loses is charged for it.
   */
  makeRoom(newcomer: Origin): boolean {
    const claims = this.#claimsByGreed();
    while (claims.length > 0 && !this.#queueOf.has((claims.at(-1) as Claim).waiting)) claims.pop();
    const ofAddress = (this.#byAddress.get(newcomer.address) ?? 0) + 1;
    let greediest = claims.at(-1);
    if (greediest !== undefined && !greediest.gone && ofAddress > greediest.ofAddress) {
      greediest = claims.findLast(
        ({ waiting }) => waiting.origin.address === newcomer.address && this.#queueOf.has(waiting),
      );
    }
    if (greediest === undefined || !this.#claimsMore(greediest, newcomer)) {
      this.charge(newcomer, refusalMs);
      return false;
    }
    const { waiting } = greediest;
    this.charge(waiting.origin, refusalMs);
    this.#queueOf.get(waiting)?.delete(waiting.origin, waiting);
    this.#forget(waiting);
    waiting.resolve(undefined);
    return true;
  }

  /** A new slice of time begins: who is greediest is found out anew. */
  newSlice(): void {
    this.#claims = undefined;
  }

  #claimsMore(claim: Claim, newcomer: Origin): boolean {
    if (claim.gone) return true;
    const { origin } = claim.waiting;
    if (origin.address !== newcomer.address) {
      const ofAddress = (this.#byAddress.get(newcomer.address) ?? 0) + 1;
      if (claim.ofAddress !== ofAddress) return claim.ofAddress > ofAddress;
    } else {
      const ofConnection = (this.#byConnection.get(newcomer) ?? 0) + 1;
      if (claim.ofConnection !== ofConnection) return claim.ofConnection > ofConnection;
    }
    return claim.usedMs > this.#usedMs(newcomer);
  }

  /** Sorted once a slice, whoever asks for it: a client could have it done thousands of times. */
  #claimsByGreed(): Claim[] {
    this.#claims ??= [...this.#queueOf.keys()].map((waiting) => this.#claim(waiting)).sort(byGreed);
    return this.#claims;
  }

  #claim(waiting: WaitingSearch): Claim {
    const { origin, isGone } = waiting;
    return {
      waiting,
      gone: isGone(),
      ofAddress: this.#byAddress.get(origin.address) ?? 0,
      ofConnection: this.#byConnection.get(origin) ?? 0,
      usedMs: this.#usedMs(origin),
    };
  }

  #forget(waiting: WaitingSearch): void {
    this.#queueOf.delete(waiting);
    count(this.#byAddress, waiting.origin.address, -1);
    count(this.#byConnection, waiting.origin, -1);
  }

  #usedMs(origin: Origin): number {
    const use = this.#uses.get(origin);
    return use === undefined ? 0 : use.ms * 2 ** ((use.atMs - performance.now()) / halfLifeMs);
  }
}

function count<Key>(counts: Map<Key, number>, key: Key, change: number): void {
  const now = (counts.get(key) ?? 0) + change;
  if (now === 0) counts.delete(key);
  else counts.set(key, now);
}

function byGreed(a: Claim, b: Claim): number {
  return (
    Number(a.gone) - Number(b.gone) ||
    a.ofAddress - b.ofAddress ||
    a.ofConnection - b.ofConnection ||
    a.usedMs - b.usedMs
  );
}
