import { compileWildcard, literalPrefix, searchResultsMax } from '@tandem/core';
import type { Directory } from '../accounts/directory.ts';

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
  readonly #matches: (name: string) => boolean;
  readonly #prefix: string;
  readonly #exact: boolean;
  readonly #usernames: string[] = [];
  #lastSeen: string | undefined;

  /** @param query valid */
  constructor(directory: Directory, query: string) {
    this.#directory = directory;
    this.#matches = compileWildcard(query);
    this.#prefix = literalPrefix(query);
    this.#exact = isName(query);
  }

  /** The number of names that it has found so far. */
  get found(): number {
    return this.#usernames.length;
  }

  /** Looks at the next few hundred names; returns the result when the search is over. */
  step(): SearchResult | undefined {
    if (this.#exact) return this.#lookUp();
    let looked = 0;
    for (const name of this.#directory.namesFrom(this.#lastSeen ?? this.#prefix)) {
      if (name === this.#lastSeen) continue;
      if (!name.startsWith(this.#prefix)) return this.#result(false);
      if (this.#matches(name)) {
        if (this.#usernames.length === searchResultsMax) return this.#result(true);
        this.#usernames.push(name);
      }
      this.#lastSeen = name;
      if (++looked === namesPerLook) return undefined;
    }
    return this.#result(false);
  }

  #lookUp(): SearchResult {
    if (this.#directory.has(this.#prefix)) this.#usernames.push(this.#prefix);
    return this.#result(false);
  }

  #result(cut: boolean): SearchResult {
    return { usernames: this.#usernames, cut };
  }
}

/** Tells whether a valid query can only find the one name that it is: looked up, not looked for. */
export function isName(query: string): boolean {
  return query !== '' && !query.includes('*');
}
