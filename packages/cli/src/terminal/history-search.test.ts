import { describe, expect, it } from 'vitest';
import { emptySearch, searchFor, searchOn, searchPrompt } from './history-search.ts';

const history = ['send bob three', 'search *', 'send alice two', 'send bob one'];

describe('a search in the history', () => {
  it('finds the newest line first, and goes on to older ones with each letter that does not fit', () => {
    let search = emptySearch;
    const shown = [...'send a'].map((letter) => {
      search = searchFor(history, search, search.query + letter);
      return history[search.at];
    });
    expect(shown.slice(0, 4)).toEqual(Array(4).fill('send bob three').with(3, 'send bob three'));
    expect(shown.at(-1)).toBe('send alice two');
  });

  it('goes on to older and back to newer lines with the same query', () => {
    const first = searchFor(history, emptySearch, 'bob');
    const older = searchOn(history, first, 'older');
    expect([first.at, older.at]).toEqual([0, 3]);
    expect(searchOn(history, older, 'newer').at).toBe(0);
  });

  it('stays where it is, and says so, when there is nothing further on', () => {
    const last = searchFor(history, emptySearch, 'one');
    for (const next of [searchOn(history, last, 'older'), searchFor(history, last, 'onex')]) {
      expect(next).toMatchObject({ at: 3, failed: true });
      expect(searchPrompt(next)).toBe(`(failed reverse-i-search)'${next.query}': `);
    }
    expect(searchPrompt(last)).toBe("(reverse-i-search)'one': ");
  });

  it('looks from the newest line again when the query becomes shorter', () => {
    const older = searchFor(history, emptySearch, 'send a');
    expect(searchFor(history, older, 'send').at).toBe(0);
    expect(searchFor(history, older, '')).toEqual(emptySearch);
  });

  it('finds nothing in an empty history, or without a query', () => {
    expect(searchFor([], emptySearch, 'a')).toEqual({ query: 'a', at: -1, failed: true });
    expect(searchOn(history, emptySearch, 'older')).toEqual(emptySearch);
  });
});
