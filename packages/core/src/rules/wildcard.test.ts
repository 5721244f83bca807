import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runs } from '../../test/chunks.ts';
import { compileWildcard, literalPrefix } from './wildcard.ts';

// The meaning itself, with no thought of cost: a star takes nothing, or a character and then again.
function matches(query: string, name: string): boolean {
  if (query === '') return name === '';
  if (query[0] === '*') {
    return matches(query.slice(1), name) || (name !== '' && matches(query, name.slice(1)));
  }
  return name[0] === query[0] && matches(query.slice(1), name.slice(1));
}

// Two letters only, so that matches, near misses and overlaps are common.
const query = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 9, size: 'max' });
const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12, size: 'max' });

describe('compileWildcard', () => {
  it('agrees with the naive meaning of the star', () => {
    fc.assert(
      fc.property(query, name, (query, name) => {
        fc.pre(query !== '');
        expect(compileWildcard(query)(name)).toBe(matches(query, name));
      }),
      { ...runs, numRuns: 5_000 },
    );
  });

  it('does not let the beginning and the end of a query share characters', () => {
    expect(compileWildcard('ab*ba')('aba')).toBe(false);
    expect(compileWildcard('ab*ba')('abba')).toBe(true);
    expect(compileWildcard('a*a')('a')).toBe(false);
    expect(compileWildcard('*ab*ab')('ab')).toBe(false);
    expect(compileWildcard('*ab*b')('ab')).toBe(false);
  });

  it('finds every name for the empty query', () => {
    expect(compileWildcard('')('anything')).toBe(true);
  });

  it('takes the characters of a regular expression as they are', () => {
    expect(compileWildcard('a.*')('abc')).toBe(false);
  });
});

describe('the cost of a match', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each([6, 12, 24])('stays within query times name for %i stars', (stars) => {
    const hostile = ['a*'.repeat(stars), `${'a*'.repeat(stars)}b`, `${'*a'.repeat(stars)}*b*`];
    for (const query of hostile.map((text) => text.slice(0, 50))) {
      for (const name of ['a'.repeat(50), `${'a'.repeat(49)}b`, 'ab'.repeat(25)]) {
        const match = compileWildcard(query);
        expect(charactersScanned(() => match(name))).toBeLessThanOrEqual(
          query.length * name.length,
        );
      }
    }
  });

  it('is not exponential: 24 stars and a letter that never comes have a response', () => {
    // The regular expression of 2023 takes centuries here; the limit only keeps the test from hanging.
    const scope = { match: compileWildcard(`${'a*'.repeat(24)}b*`), name: 'a'.repeat(50) };
    expect(runInNewContext('match(name)', scope, { timeout: 10_000 })).toBe(false);
  });
});

describe('literalPrefix', () => {
  it('is what stands before the first star', () => {
    expect(literalPrefix('ab*c*')).toBe('ab');
    expect(literalPrefix('*')).toBe('');
    expect(literalPrefix('ab')).toBe('ab');
    expect(literalPrefix('')).toBe('');
  });
});

/** The characters that the searches made meanwhile went through, at the worst. */
function charactersScanned(work: () => void): number {
  const indexOf = String.prototype.indexOf;
  let scanned = 0;
  const spy = vi.spyOn(String.prototype, 'indexOf').mockImplementation(function (
    this: string,
    literal: string,
    from = 0,
  ) {
    const at = indexOf.call(this, literal, from);
    const places = (at === -1 ? this.length : at + 1) - from;
    scanned += places * literal.length;
    return at;
  });
  work();
  spy.mockRestore();
  return scanned;
}
