import type { Directory } from '../accounts/directory.ts';
import { NameList, smallListMax } from '../accounts/name-list.ts';
import type { Asker, Origin } from '../scheduling/fair-queue.ts';
import { Scheduler } from '../scheduling/scheduler.ts';
import { type UseScale, type Waiting, WaitingPlaces } from '../scheduling/waiting-places.ts';
import { isName, lookUp, Search, type SearchResult } from './search.ts';

/** A search that is not over, and the client that waits for it. */
interface WaitingSearch extends Waiting {
  readonly search: Search;
  readonly resolve: (result: SearchResult | undefined) => void;
}

const nothing: SearchResult = { usernames: NameList.of([]), cut: false };

// The use of a connection is the time that its searches took, in milliseconds.
const use: UseScale = {
  halfLifeMs: 10_000,
  refusal: 1,
  queues: [0.06, 0.25, 1, 4, 16, 64, 256],
  levels: [],
};

// The time that one search takes before the next one has its turn.
const turnMs = 0.25;

// The long lists that are made at once. They are few, so that each is over soon: what survives two
// collections of the young generation is kept until the old one is collected.
const listsMax = 4;

// No other list begins while so many wait for a turn to be written: lists are found faster than they are
// written, and would wait by the thousand.
const listsUnwrittenMax = 8;

/** The limits of the queue; see {@link ChatLimits}. */
interface SearchQueueLimits {
  readonly searchesWaitingMax: number;
  readonly searchSliceMs: number;
}

/**
 * Runs searches while others are served: all searches together get one slice of a few milliseconds in
 * each turn of the event loop. {@link WaitingPlaces} says how they share it.
 */
export class SearchQueue {
  readonly #directory: Directory;
  readonly #limits: SearchQueueLimits;
  /** Those that have found little so far. */
  readonly #short: WaitingPlaces<WaitingSearch>;
  /** Those that are to make a long list, and wait for others to be made and written. */
  readonly #long: WaitingPlaces<WaitingSearch>;
  readonly #scheduler: Pick<Scheduler, 'isUser' | 'listsUnwritten'>;
  /** The searches that make a long list. The first has the next turn of them. */
  readonly #lists: WaitingSearch[] = [];
  /** The time that searches have taken since {@link #shareFrom}. */
  #spentMs = 0;
  #shareFrom = 0;
  #scheduled = false;

  /** @param scheduler knows who is logged in, and how many lists wait for a turn to be written */
  constructor(
    directory: Directory,
    limits: SearchQueueLimits,
    scheduler: Pick<Scheduler, 'isUser' | 'listsUnwritten'> = new Scheduler(),
  ) {
    this.#directory = directory;
    this.#scheduler = scheduler;
    this.#limits = limits;
    const isUser = (origin: Origin) => scheduler.isUser(origin);
    this.#short = new WaitingPlaces<WaitingSearch>(use, isUser);
    this.#long = new WaitingPlaces<WaitingSearch>(use, isUser, this.#short.use);
  }

  /** The number of searches that wait for their turn. */
  get waiting(): number {
    return this.#short.length + this.#long.length + this.#lists.length;
  }

  /**
   * Searches. Returns no promise when the search need not wait; undefined, at once or later, when it lost
   * its place because too many wait.
   *
   * @param query valid
   */
  run(query: string, asker: Asker): SearchResult | undefined | Promise<SearchResult | undefined> {
    // Most searches are over after one step. They need not wait, unless others do, or searches have used
    // their share of the time. To look a name up costs less than to wait, so it never does.
    if (isName(query)) return lookUp(this.#directory, query);
    let search: Search | undefined;
    if (this.#mayStepNow()) {
      search = new Search(this.#directory, query);
      const result = this.#step(search);
      if (result !== undefined) return result;
    }
    const { origin } = asker;
    if (!this.#hasRoom(origin)) return undefined;
    return this.#wait(search ?? new Search(this.#directory, query), origin, asker);
  }

  /** Tells whether there is room for one more search, if need be in the place of one of the kind that has most. */
  #hasRoom(newcomer: Origin): boolean {
    const [short, long] = [this.#short, this.#long];
    if (short.length + long.length < this.#limits.searchesWaitingMax) return true;
    return (short.length > long.length ? short : long).makeRoom(newcomer);
  }

  #wait(search: Search, origin: Origin, asker: Asker): Promise<SearchResult | undefined> {
    return new Promise((resolve) => {
      this.#short.add({ search, origin, isGone: () => asker.isGone(), resolve });
      this.#schedule();
    });
  }

  /** Tells whether a search may be done at once: such searches may use half of the event loop. */
  #mayStepNow(): boolean {
    const { searchSliceMs } = this.#limits;
    const now = performance.now();
    if (now - this.#shareFrom >= 2 * searchSliceMs) this.#newShare(now);
    return this.waiting === 0 && this.#hasTime();
  }

  #newShare(now: number): void {
    this.#shareFrom = now;
    this.#spentMs = 0;
  }

  #step(search: Search): SearchResult | undefined {
    const begin = performance.now();
    const result = search.step();
    this.#spentMs += performance.now() - begin;
    return result;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#slice();
    });
  }

  /** Lists get half of a slice, and what the others leave. Each kind has at least one step. */
  #slice(): void {
    const { searchSliceMs } = this.#limits;
    this.#newShare(performance.now());
    this.#short.newSlice();
    this.#long.newSlice();
    this.#makeLists(searchSliceMs / 2);
    this.#search();
    if (this.#hasTime()) this.#makeLists(searchSliceMs);
    if (this.waiting > 0) this.#schedule();
  }

  #makeLists(untilMs: number): void {
    do {
      this.#beginLists();
      const first = this.#lists.shift();
      if (first === undefined) return;
      if (!this.#goOn(first)) this.#lists.push(first);
    } while (this.#spentMs < untilMs);
  }

  #beginLists(): void {
    while (this.#lists.length < listsMax && this.#scheduler.listsUnwritten < listsUnwrittenMax) {
      const next = this.#long.next();
      if (next === undefined) return;
      this.#lists.push({ ...next, search: next.search.renewed() });
    }
  }

  /** Goes on with the others, each until it has found so much that it is to make a long list. */
  #search(): void {
    do {
      const first = this.#short.next();
      if (first === undefined) return;
      if (this.#goOn(first, isShort)) continue;
      (isShort(first) ? this.#short : this.#long).add(first);
    } while (this.#hasTime());
  }

  #hasTime(): boolean {
    return this.#spentMs < this.#limits.searchSliceMs;
  }

  /** Goes on with a search for its turn. Returns true when it is over, or nobody waits for it. */
  #goOn(
    waiting: WaitingSearch,
    mayGoOn: (waiting: WaitingSearch) => boolean = () => true,
  ): boolean {
    const { search, origin, resolve } = waiting;
    const before = this.#spentMs;
    let result: SearchResult | undefined = waiting.isGone() ? nothing : undefined;
    while (result === undefined) {
      result = this.#step(search);
      if (this.#spentMs - before >= turnMs || !this.#hasTime() || !mayGoOn(waiting)) break;
    }
    this.#short.charge(origin, this.#spentMs - before);
    if (result !== undefined) resolve(result);
    return result !== undefined;
  }
}

function isShort({ search }: WaitingSearch): boolean {
  return search.found <= smallListMax;
}
