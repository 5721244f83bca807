import type { Key } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { emptySearch, type HistorySearch, searchByKey, searchPrompt } from './history-search.ts';

const history = ['send bob three', 'search *', 'send alice two', 'send bob one'];
const ctrlR: Key = { name: 'r', ctrl: true };
const ctrlS: Key = { name: 's', ctrl: true };
const backspace: Key = { name: 'backspace' };

/** Presses keys one after another: letters, or keys that have no text. */
function press(begin: HistorySearch, lines: readonly string[], ...keys: (string | Key)[]) {
  let search: HistorySearch | 'cancelled' | 'accepted' = begin;
  const pressed = keys.flatMap((one): (string | Key)[] =>
    typeof one === 'string' ? [...one] : [one],
  );
  for (const key of pressed) {
    if (typeof search === 'string') throw new Error('the search is over');
    search =
      typeof key === 'string'
        ? searchByKey(lines, search, key, { name: key })
        : searchByKey(lines, search, undefined, key);
  }
  return search;
}

describe('a search in the history', () => {
  it.each([
    [['send'], 0],
    [['send a'], 2],
    [['bob', ctrlR], 3],
    [['bob', ctrlR, ctrlS], 0],
    [['send a', backspace], 0],
    [['one', backspace, backspace], 0],
  ])('finds the newest line that fits, and goes on from there (%#)', (keys, at) => {
    expect(press(emptySearch, history, ...keys)).toMatchObject({ at, failed: false });
  });

  it('stays where it is, and says so, when there is nothing further on', () => {
    for (const [keys, query] of [
      [['one', ctrlR], 'one'],
      [['onex'], 'onex'],
    ] as const) {
      const search = press(emptySearch, history, ...keys) as HistorySearch;
      expect(search).toEqual({ query, at: 3, failed: true });
      expect(searchPrompt(search)).toBe(`(failed reverse-i-search)'${query}': `);
    }
  });

  it('looks for nothing without a query, and finds nothing in an empty history', () => {
    expect(press(emptySearch, history, ctrlR, ctrlS, backspace)).toEqual(emptySearch);
    expect(press(emptySearch, history, 'a', backspace)).toEqual(emptySearch);
    expect(press(emptySearch, [], 'a')).toEqual({ query: 'a', at: -1, failed: true });
    expect(searchPrompt(emptySearch)).toBe("(reverse-i-search)'': ");
  });

  it.each([
    [{ name: 'escape' }, 'cancelled'],
    [{ name: 'g', ctrl: true }, 'cancelled'],
    [{ name: 'c', ctrl: true }, 'cancelled'],
    [{ name: 'd', ctrl: true }, 'accepted'],
    [{ name: 'return' }, 'accepted'],
    [{ name: 'left' }, 'accepted'],
    [{ name: 'f', meta: true }, 'accepted'],
  ])('ends with %o: %s', (key, ends) => {
    expect(press(emptySearch, history, 'bob', key)).toBe(ends);
  });

  it.each(['c', 'd'])('that has found nothing is all that Ctrl-%s ends', (name) => {
    expect(press(emptySearch, history, { name, ctrl: true })).toBe('cancelled');
  });
});
