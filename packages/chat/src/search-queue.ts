import { Fifo } from '@tandem/core';
import type { Directory } from './directory.ts';
import { Search, type SearchResult } from './search.ts';

interface WaitingSearch {
  readonly search: Search;
  readonly isWanted: () => boolean;
  readonly resolve: (result: SearchResult) => void;
}

const nothing: SearchResult = { usernames: [], cut: false };

/** What the queue is bounded by; see {@link ChatLimits}. */
interface SearchQueueLimits {
  readonly searchesWaitingMax: number;
  readonly searchSliceMs: number;
}

/**
 * Runs searches without holding anybody up: all of them together get one slice of a few
 * milliseconds in each turn of the event loop, in rotation, so that a long search delays neither
 * other requests nor short searches for more than that.
 */
export class SearchQueue {
  readonly #directory: Directory;
  readonly #limits: SearchQueueLimits;
  readonly #waiting = new Fifo<WaitingSearch>();
  /** What searches have taken since {@link #shareFrom}. */
  #spentMs = 0;
  #shareFrom = 0;
  #scheduled = false;

  constructor(directory: Directory, limits: SearchQueueLimits) {
    this.#directory = directory;
    this.#limits = limits;
  }

  /**
   * Searches; undefined when too many searches wait already, no promise when none has to wait.
   *
   * @param query valid
   * @param isWanted whether anybody still waits for the result: a search that nobody wants is over
   */
  run(query: string, isWanted = () => true): SearchResult | Promise<SearchResult> | undefined {
    const search = new Search(this.#directory, query);
    // Most searches are over after one step. They need not queue, unless others do, or many of them
    // have together taken their share of the time.
    const result = this.#mayStepNow() ? this.#step(search) : undefined;
    if (result !== undefined) return result;
    if (this.#waiting.length >= this.#limits.searchesWaitingMax) return undefined;
    return new Promise((resolve) => {
      this.#waiting.push({ search, isWanted, resolve });
      this.#schedule();
    });
  }

  /** A slice in twice its time: so much of the loop may searches have that come and go at once. */
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
    do {
      const first = this.#waiting.shift();
      if (first === undefined) return;
      const result = first.isWanted() ? this.#step(first.search) : nothing;
      if (result === undefined) this.#waiting.push(first);
      else first.resolve(result);
    } while (this.#spentMs < this.#limits.searchSliceMs);
    this.#schedule();
  }
}
