import type { Key } from 'node:readline';
import { isPlain } from '../printable.ts';

/** A search in the history: the query, and the line that has it. */
export interface HistorySearch {
  readonly query: string;
  /** The index of the line that is shown, 0 for the newest; -1 before anything was found. */
  readonly at: number;
  /** No line further on has the query. */
  readonly failed: boolean;
}

/** The beginning of a search: nothing is looked for yet. */
export const emptySearch: HistorySearch = { query: '', at: -1, failed: false };

/**
 * Returns what a key makes of a search: it goes on, or ends: cancelled, or accepted, and then the key
 * is one for the line that was found.
 *
 * @param history the newest line first
 */
export function searchByKey(
  history: readonly string[],
  search: HistorySearch,
  text: string | undefined,
  key: Key,
): HistorySearch | 'cancelled' | 'accepted' {
  switch (key.ctrl ? `ctrl-${key.name}` : key.name) {
    case 'ctrl-r':
      return searchOn(history, search, 'older');
    case 'ctrl-s':
      return searchOn(history, search, 'newer');
    case 'backspace':
    case 'ctrl-h':
      return searchFor(history, search, search.query.slice(0, -1));
    case 'escape':
    case 'ctrl-c':
    case 'ctrl-g':
      return 'cancelled';
    case 'ctrl-d':
      // The key that leaves on an empty line is for a line that was found.
      return search.at < 0 ? 'cancelled' : 'accepted';
  }
  if (!isPlain(text) || key.ctrl || key.meta) return 'accepted';
  return searchFor(history, search, search.query + text);
}

/** Looks for a longer or another query: in the line that is shown, then in older ones. */
function searchFor(
  history: readonly string[],
  search: HistorySearch,
  query: string,
): HistorySearch {
  // A shorter query may be in a newer line.
  const from = query.startsWith(search.query) ? Math.max(0, search.at) : 0;
  if (query === '') return emptySearch;
  return found(history, { ...search, query }, from, 1);
}

/** Looks for the same query in older lines, or in newer ones. */
function searchOn(
  history: readonly string[],
  search: HistorySearch,
  direction: 'older' | 'newer',
): HistorySearch {
  if (search.query === '') return search;
  const step = direction === 'older' ? 1 : -1;
  return found(history, search, search.at + step, step);
}

/** The prompt while the history is searched, as readline has it. */
export function searchPrompt({ query, failed }: HistorySearch): string {
  return `(${failed ? 'failed ' : ''}reverse-i-search)'${query}': `;
}

function found(
  history: readonly string[],
  search: HistorySearch,
  from: number,
  step: 1 | -1,
): HistorySearch {
  for (let at = from; at >= 0 && at < history.length; at += step) {
    if (history[at]?.includes(search.query)) return { ...search, at, failed: false };
  }
  return { ...search, failed: true };
}
