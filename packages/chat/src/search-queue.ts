import { Fifo } from '@tandem/core';
import type { Directory } from './directory.ts';
import { Search, type SearchResult } from './search.ts';

interface WaitingSearch {
  readonly search: Search;
  readonly resolve: (result: SearchResult) => void;
}

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
  #scheduled = false;

  constructor(directory: Directory, limits: SearchQueueLimits) {
    this.#directory = directory;
    this.#limits = limits;
  }

  /** Searches; undefined when too many searches wait already. @param query valid */
  run(query: string): Promise<SearchResult> | undefined {
    const search = new Search(this.#directory, query);
    // Most searches are over after one step. They need not queue, unless others already do.
    const result = this.#waiting.length === 0 ? search.step() : undefined;
    if (result !== undefined) return Promise.resolve(result);
    if (this.#waiting.length >= this.#limits.searchesWaitingMax) return undefined;
    return new Promise((resolve) => {
      this.#waiting.push({ search, resolve });
      this.#schedule();
    });
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
    const end = performance.now() + this.#limits.searchSliceMs;
    do {
      const first = this.#waiting.shift();
      if (first === undefined) return;
      const result = first.search.step();
      if (result === undefined) this.#waiting.push(first);
      else first.resolve(result);
    } while (performance.now() < end);
    this.#schedule();
  }
}
