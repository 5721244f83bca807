import { compileWildcard, literalPrefix, searchResultsMax } from '@tandem/core';
import type { Directory } from '../accounts/directory.ts';
import { nameEnd } from '../accounts/name-text.ts';

/** The result of a search. */
export interface SearchResult {
  /** The usernames that match, in lexicographic order, at most {@link searchResultsMax}. */
  readonly usernames: readonly string[];
  /** True when more match than are returned. */
  readonly cut: boolean;
}

// The names between two looks at the clock: some tens of microseconds' work.
const namesPerLook = 256;

/**
 * One search over the directory, done in slices, so that others are served between them. [P-4.3]
 *
 * Names come in order, so a slice begins behind the last name of the slice before, whatever accounts
 * came or went meanwhile. The literal beginning of a query bounds the range of names.
 */
export class Search {
  readonly #directory: Directory;
  readonly #query: string;
  readonly #matches: (name: string) => boolean;
  readonly #prefix: string;
  /** The names that earlier steps found, one text a step: thousands of searches may wait, each with hundreds of names. */
  #texts: string[] = [];
  #found = 0;
  #lastSeen: string | undefined;

  /** @param query valid */
  constructor(directory: Directory, query: string) {
    this.#directory = directory;
    this.#query = query;
    this.#matches = compileWildcard(query);
    this.#prefix = literalPrefix(query);
  }

  /** The number of names that it has found so far. */
  get found(): number {
    return this.#found;
  }

  /** Looks at the next few hundred names; returns the result when the search is over. */
  step(): SearchResult | undefined {
    const names: string[] = [];
    let looked = 0;
    for (const name of this.#directory.namesFrom(this.#lastSeen ?? this.#prefix)) {
      if (name === this.#lastSeen) continue;
      if (!name.startsWith(this.#prefix)) return this.#result(names, false);
      if (this.#matches(name)) {
        if (this.#found === searchResultsMax) return this.#result(names, true);
        this.#found++;
        names.push(name);
      }
      this.#lastSeen = name;
      if (++looked === namesPerLook) {
        if (names.length > 0) this.#texts.push(names.join(nameEnd));
        return undefined;
      }
    }
    return this.#result(names, false);
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
    search.#lastSeen = this.#lastSeen;
    return search;
  }

  #result(last: readonly string[], cut: boolean): SearchResult {
    const usernames = this.#texts.flatMap((text) => text.split(nameEnd));
    return { usernames: usernames.concat(last), cut };
  }
}

/** Tells whether a valid query can only find the one name that it is: looked up, not looked for. */
export function isName(query: string): boolean {
  return query !== '' && !query.includes('*');
}

/** Returns what a search for one name finds. */
export function lookUp(directory: Directory, name: string): SearchResult {
  return { usernames: directory.has(name) ? [name] : [], cut: false };
}
