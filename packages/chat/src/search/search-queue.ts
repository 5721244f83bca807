import type { Directory } from '../accounts/directory.ts';
import type { Asker, Origin } from '../scheduling/fair-queue.ts';
import { Scheduler } from '../scheduling/scheduler.ts';
import { type UseScale, type Waiting, WaitingPlaces } from '../scheduling/waiting-places.ts';
import { isName, Search, type SearchResult } from './search.ts';

/** A search that is not over, and the client that waits for it. */
interface WaitingSearch extends Waiting {
  readonly search: Search;
  /** True once it counts among the searches that make a long list. */
  makesList: boolean;
  readonly resolve: (result: SearchResult | undefined) => void;
}

const nothing: SearchResult = { usernames: [], cut: false };

// The use of a connection is the time that its searches took, in milliseconds.
const use: UseScale = {
  halfLifeMs: 10_000,
  refusal: 1,
  queues: [0.06, 0.25, 1, 4, 16, 64, 256],
  levels: [],
};

// The time that one search takes before the next one has its turn.
const turnMs = 0.25;

// The names up to which a list is short.
const smallListMax = 256;

// The long lists that are made at once. No other begins while as many wait for a turn to be
// written: lists are found faster than they are written, and would wait by the thousand.
const listsMax = 64;

// The searches that are passed over in one slice, as they may not go on.
const passedOverMax = 64;

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
  readonly #waiting: WaitingPlaces<WaitingSearch>;
  readonly #scheduler: Pick<Scheduler, 'isUser' | 'listsUnwritten'>;
  /** The long lists that are made. */
  #lists = 0;
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
    this.#waiting = new WaitingPlaces<WaitingSearch>(use, (origin) => scheduler.isUser(origin));
  }

  /** The number of searches that wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
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
    let search: Search | undefined;
    if (isName(query) || this.#mayStepNow()) {
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
      const waiting: WaitingSearch = {
        search,
        makesList: false,
        origin,
        isGone: () => asker.isGone(),
        resolve: (result) => {
          if (waiting.makesList) this.#lists--;
          resolve(result);
        },
      };
      this.#waiting.add(waiting);
      this.#schedule();
    });
  }

  /** Tells whether a search may be done at once: such searches may use half of the event loop. */
  #mayStepNow(): boolean {
    const { searchSliceMs } = this.#limits;
    const now = performance.now();
    if (now - this.#shareFrom >= 2 * searchSliceMs) this.#newShare(now);
    return this.#waiting.length === 0 && this.#spentMs < searchSliceMs;
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

  #slice(): void {
    this.#newShare(performance.now());
    this.#waiting.newSlice();
    const passedOver: WaitingSearch[] = [];
    do {
      const first = this.#waiting.next();
      if (first === undefined) break;
      if (first.isGone()) {
        first.resolve(nothing);
        continue;
      }
      if (!this.#mayGoOn(first)) {
        passedOver.push(first);
        continue;
      }
      const before = this.#spentMs;
      const untilMs = Math.min(before + turnMs, this.#limits.searchSliceMs);
      let result: SearchResult | undefined;
      do result = this.#step(first.search);
      while (result === undefined && this.#spentMs < untilMs && this.#mayGoOn(first));
      this.#waiting.charge(first.origin, this.#spentMs - before);
      if (result === undefined) this.#waiting.add(first);
      else first.resolve(result);
    } while (this.#spentMs < this.#limits.searchSliceMs && passedOver.length < passedOverMax);
    for (const search of passedOver) this.#waiting.add(search);
    if (this.#waiting.length > 0) this.#schedule();
  }

  /** Tells whether a search may go on: its list is short, or it may make a long one, as it does from now on. */
  #mayGoOn(waiting: WaitingSearch): boolean {
    if (waiting.makesList || waiting.search.found <= smallListMax) return true;
    if (this.#lists >= listsMax || this.#scheduler.listsUnwritten >= listsMax) return false;
    waiting.makesList = true;
    this.#lists++;
    return true;
  }
}
