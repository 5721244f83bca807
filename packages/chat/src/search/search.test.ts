import { searchResultsMax } from '@tandem/core';
import { searchUsernames } from '@tandem/core/seed';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listed } from '../../test/listed.ts';
import { newAccount } from '../accounts/account.ts';
import { Directory } from '../accounts/directory.ts';
import { lookUp, Search } from './search.ts';

function directoryOf(usernames: Iterable<string>): Directory {
  const directory = new Directory();
  for (const username of usernames) directory.add(newAccount(username, 0));
  return directory;
}

function* numbered(prefix: string, count: number): Generator<string> {
  for (let i = 0; i < count; i++) yield `${prefix}${String(i).padStart(6, '0')}`;
}

/** Searches to the end; `between` is called between two steps. Each other step is of a new object. */
function search(directory: Directory, query: string, between: (found: number) => void = () => {}) {
  let search = new Search(directory, query);
  for (let steps = 1; ; steps++) {
    const result = search.step();
    if (result !== undefined) return { ...result, usernames: result.usernames.toArray() };
    between(search.found);
    if (steps % 2 === 0) search = search.renewed();
  }
}

function find(directory: Directory, query: string): readonly string[] {
  return search(directory, query).usernames;
}

describe('a search', () => {
  const directory = directoryOf(['b', 'ab', 'abc', 'ac', 'B', '1', 'a', 'abb', 'aab']);

  it('finds in the order of bytes what matches', () => {
    expect(find(directory, '')).toEqual(['1', 'B', 'a', 'aab', 'ab', 'abb', 'abc', 'ac', 'b']);
    expect(find(directory, '*')).toEqual(find(directory, ''));
    expect(find(directory, '*b')).toEqual(['aab', 'ab', 'abb', 'b']);
    expect(find(directory, 'a*b')).toEqual(['aab', 'ab', 'abb']);
  });

  it('finds what a prefix begins, the prefix itself too, and nothing beyond', () => {
    expect(find(directory, 'ab*')).toEqual(['ab', 'abb', 'abc']);
    expect(find(directory, 'b*')).toEqual(['b']);
    expect(find(directory, 'c*')).toEqual([]);
    expect(find(directory, '0*')).toEqual([]);
  });

  it('finds what the function of 2023 finds, whatever the names and the query', () => {
    const word = (letters: string) =>
      fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 6 });
    const names = fc.uniqueArray(word('aAb1'), { maxLength: 30 });
    const query = fc.oneof(fc.constant(''), word('aAb1*'));
    fc.assert(
      fc.property(names, query, (some, asked) => {
        expect(find(directoryOf(some), asked)).toEqual(searchUsernames(some, asked));
      }),
    );
  });

  it('finds one name by itself alone', () => {
    expect(find(directory, 'ab')).toEqual(['ab']);
    expect(find(directory, 'aB')).toEqual([]);
    expect(find(directory, 'abcd')).toEqual([]);
  });

  it('finds nothing where nobody is', () => {
    expect(find(directoryOf([]), '')).toEqual([]);
    expect(find(directoryOf([]), 'a')).toEqual([]);
  });

  it('looks only at names with the prefix, however many there are', () => {
    const many = directoryOf([
      ...numbered('a', 5_000),
      ...numbered('b', 3),
      ...numbered('c', 5_000),
    ]);
    const search = new Search(many, 'b*');
    expect(search.step()?.usernames.toArray()).toEqual([...numbered('b', 3)]);
  });

  it('looks one name up, and finds it or nothing', () => {
    const many = directoryOf(numbered('a', 5_000));
    expect(listed(lookUp(many, 'a004999'))).toEqual({ usernames: ['a004999'], cut: false });
    expect(listed(lookUp(many, 'a00499'))).toEqual({ usernames: [], cut: false });
  });
});

describe('the limit of a search', () => {
  it('does not cut exactly 10,000', () => {
    const directory = directoryOf(numbered('a', searchResultsMax));
    const { usernames, cut } = search(directory, 'a*');
    expect(usernames).toEqual([...numbered('a', searchResultsMax)]);
    expect(cut).toBe(false);
  });

  it('does not cut 10,000 that match for others that do not', () => {
    const directory = directoryOf([...numbered('a', searchResultsMax), 'b', 'c']);
    expect(search(directory, 'a*').cut).toBe(false);
    expect(search(directory, '*0*').cut).toBe(false);
  });

  it('cuts 10,001 to the first 10,000', () => {
    const directory = directoryOf(numbered('a', searchResultsMax + 1));
    const { usernames, cut } = search(directory, '');
    expect(usernames).toEqual([...numbered('a', searchResultsMax)]);
    expect(cut).toBe(true);
  });
});

describe('a search between whose steps accounts come and go', () => {
  it('finds all that were there throughout, once and in order', () => {
    const stay = [...numbered('a', 3_000)].filter((_, i) => i % 3 !== 0);
    const go = [...numbered('a', 3_000)].filter((_, i) => i % 3 === 0);
    const directory = directoryOf([...stay, ...go]);
    let steps = 0;
    const { usernames } = search(directory, '', () => {
      steps++;
      for (const username of go.splice(0, 150)) directory.remove(username);
      directory.add(newAccount(`b${steps}`, 0));
      directory.add(newAccount(`A${steps}`, 0));
    });
    expect(steps).toBeGreaterThan(5);
    expect(usernames.filter((name) => stay.includes(name))).toEqual(stay);
    expect([...usernames].sort()).toEqual(usernames);
    expect(new Set(usernames).size).toBe(usernames.length);
  });

  it('goes on though the name that it saw last is gone', () => {
    const directory = directoryOf(numbered('a', 600));
    const gone: string[] = [];
    const { usernames } = search(directory, 'a*', (found) => {
      gone.push(`a${String(found - 1).padStart(6, '0')}`);
      directory.remove(gone.at(-1) as string);
    });
    expect(gone).not.toEqual([]);
    expect(usernames).toEqual([...numbered('a', 600)]);
  });

  it('ends though all are gone', () => {
    const directory = directoryOf(numbered('a', 600));
    let seen = 0;
    const { usernames } = search(directory, '', (found) => {
      seen = found;
      for (const username of numbered('a', 600)) directory.remove(username);
    });
    expect(seen).toBeLessThan(600);
    expect(usernames).toEqual([...numbered('a', seen)]);
  });
});
