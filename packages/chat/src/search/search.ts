import {
  compileWildcard,
  literalPrefix,
  type SearchOutcome,
  type Status,
  searchResultsMax,
} from '@tandem/core';
import type { Directory } from '../accounts/directory.ts';
import { countNames, NameList } from '../accounts/name-list.ts';
import { behindAll, nameEnd } from '../accounts/name-text.ts';

/** The result of a search. */
export interface SearchResult {
  /** The usernames that match, in lexicographic order, at most {@link searchResultsMax}. */
  readonly usernames: NameList;
  /** True when more match than are returned. */
  readonly cut: boolean;
}

/** The outcome of a search that found at least one username. */
export interface FoundOutcome {
  readonly status: typeof Status.found | typeof Status.foundCut;
  readonly usernames: NameList;
}

/** The outcome of a search, before its usernames are objects. [P-4.3] */
export type ListOutcome = Exclude<SearchOutcome, { readonly usernames: unknown }> | FoundOutcome;

// The names between two looks at the clock, and those of a block more: some tens of microseconds' work.
const namesPerLook = 256;

/**
 * One search over the directory, done in slices, so that others are served between them. [P-4.3]
 *
 * Names come in order, so a slice begins behind the last name of the slice before, whatever accounts
 * came or went meanwhile. The literal beginning of a query bounds the range of names. A query that is such a
 * beginning and nothing else takes the range as the text that it is.
 */
export class Search {
  readonly #directory: Directory;
  readonly #query: string;
  /** Undefined when all names of the range match. */
  readonly #matches: ((name: string) => boolean) | undefined;
  readonly #before: string;
  /** The names that earlier steps found, in texts: thousands of searches may wait, each with hundreds of names. */
  #texts: string[] = [];
  #found = 0;
  #next: string;

  /** @param query valid */
  constructor(directory: Directory, query: string) {
    this.#directory = directory;
    this.#query = query;
    const prefix = literalPrefix(query);
    const takesAll = query === '' || query === `${prefix}*`;
    this.#matches = takesAll ? undefined : compileWildcard(query);
    this.#next = prefix;
    this.#before = `${prefix}${behindAll}`;
  }

  /** The number of names that it has found so far. */
  get found(): number {
    return this.#found;
  }

  /** Looks at the next few hundred names; returns the result when the search is over. */
  step(): SearchResult | undefined {
    let looked = 0;
    let last = '';
    for (const text of this.#directory.textsOf(this.#next, this.#before)) {
      if (looked >= namesPerLook) {
        this.#next = last.slice(last.lastIndexOf(nameEnd) + 1) + nameEnd;
        return undefined;
      }
      looked += this.#look(text);
      if (this.#found > searchResultsMax) break;
      last = text;
    }
    return this.#result();
  }

  /** Looks at the names of a text. Returns the number of them. */
  #look(text: string): number {
    if (this.#matches === undefined) {
      const count = countNames(text);
      this.#texts.push(text);
      this.#found += count;
      return count;
    }
    const names = text.split(nameEnd);
    const matching = names.filter(this.#matches);
    this.#found += matching.length;
    if (matching.length > 0) this.#texts.push(matching.join(nameEnd));
    return names.length;
  }

  /**
   * Returns a search that goes on from here; this one must not be used any more. V8 keeps what an object
   * of its old generation refers to until that generation is collected, also if the object is dead. A
   * search that has waited for long is of the old generation, and its list would be.
   */
  renewed(): Search {
    const search = new Search(this.#directory, this.#query);
    search.#texts = [...this.#texts];
    search.#found = this.#found;
    search.#next = this.#next;
    return search;
  }

  #result(): SearchResult {
    const found = new NameList(this.#texts, this.#found);
    const cut = this.#found > searchResultsMax;
    return { usernames: cut ? found.first(searchResultsMax) : found, cut };
  }
}

/** Tells whether a valid query can only find the one name that it is: looked up, not looked for. */
export function isName(query: string): boolean {
  return query !== '' && !query.includes('*');
}

/** Returns what a search for one name finds. */
export function lookUp(directory: Directory, name: string): SearchResult {
  const found = directory.has(name);
  return { usernames: new NameList(found ? [name] : [], found ? 1 : 0), cut: false };
}
