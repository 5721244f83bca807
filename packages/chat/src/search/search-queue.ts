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

// The kinds of searches that wait: those that have found little, and those that are to make a list.
const short = 0;
const long = 1;

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
  /** Those that had found little at their last turn, and apart from them those that are to make a list. */
  readonly #waiting: WaitingPlaces<WaitingSearch>;
  readonly #scheduler: Pick<Scheduler, 'isUser' | 'listsUnwritten'>;
  /** The searches that make a long list. The first has the next turn of them. */
  readonly #lists: WaitingSearch[] = [];
  /** The time that searches have taken since {@link #shareFrom}. */
  #spentMs = 0;
  #shareFrom = 0;
  /** The lists that were begun in this slice. */
  #listsBegun = 0;
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
    this.#waiting = new WaitingPlaces<WaitingSearch>(use, (origin) => scheduler.isUser(origin));
  }

  /** The number of searches that wait for their turn. */
  get waiting(): number {
    return this.#waiting.length + this.#lists.length;
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
    const full = this.#waiting.length >= this.#limits.searchesWaitingMax;
    if (full && !this.#waiting.makeRoom(origin)) return undefined;
    return this.#wait(search ?? new Search(this.#directory, query), origin, asker);
  }

  #wait(search: Search, origin: Origin, asker: Asker): Promise<SearchResult | undefined> {
    return new Promise((resolve) => {
      this.#waiting.add({ search, origin, isGone: () => asker.isGone(), resolve });
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
    this.#waiting.newSlice();
    this.#listsBegun = 0;
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

  /** Begins lists while there may be more: at most four a slice, as only its end tells how many are unwritten. */
  #beginLists(): void {
    while (
      this.#lists.length < listsMax &&
      this.#listsBegun < listsMax &&
      this.#scheduler.listsUnwritten < listsUnwrittenMax
    ) {
      const next = this.#waiting.next(long);
      if (next === undefined) return;
      if (next.isGone()) {
        next.resolve(nothing);
        continue;
      }
      this.#listsBegun++;
      this.#lists.push({ ...next, search: next.search.renewed() });
    }
  }

  /** Goes on with the others, each until it has found so much that it is to make a long list. */
  #search(): void {
    do {
      const first = this.#waiting.next(short);
      if (first === undefined) return;
      if (this.#goOn(first, isShort)) continue;
      this.#waiting.add(first, isShort(first) ? short : long);
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
    this.#waiting.charge(origin, this.#spentMs - before);
    if (result !== undefined) resolve(result);
    return result !== undefined;
  }
}

function isShort({ search }: WaitingSearch): boolean {
  return search.found <= smallListMax;
}
