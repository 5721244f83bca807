import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SortedNames } from './sorted-names.ts';

/** Names of which some are beginnings of others, and of which a few hundred fill several blocks. */
const name = fc
  .tuple(fc.nat({ max: 399 }), fc.constantFrom(1, 20, 50))
  .map(([number, chars]) => `${(number * 7_919) % 1_000}`.padEnd(chars, 'zA0').slice(0, chars));

const step = fc.record({ adds: fc.boolean(), name });

function namesOf(usernames: Iterable<string>): SortedNames {
  const names = new SortedNames();
  for (const username of usernames) names.add(username);
  return names;
}

/** Names that are appended in blocks, the first with as many as `first`. */
function appended(usernames: Iterable<string>, first: number): SortedNames {
  const sorted = [...usernames].toSorted();
  const names = new SortedNames();
  for (const block of [sorted.slice(0, first), sorted.slice(first)]) {
    names.append(block.map((name) => `${name}\n`).join(''), block.length);
  }
  return names;
}

function listed(names: SortedNames, first = '', before = '~'): string[] {
  return [...names.textsOf(first, before)].flatMap((text) => text.split('\n'));
}

describe('sorted names', () => {
  it('agree with a sorted set, over many blocks, whatever comes and goes', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 400, size: 'max' }),
        fc.option(fc.nat({ max: 400 }), { nil: undefined }),
        fc.array(step, { maxLength: 300, size: 'max' }),
        fc.oneof(
          name,
          name.map((text) => `${text}\n`),
        ),
        fc.oneof(name, fc.constant('~')),
        (loaded, firstBlock, steps, first, before) => {
          const names = firstBlock === undefined ? namesOf(loaded) : appended(loaded, firstBlock);
          const model = new Set(loaded);
          for (const { adds, name } of steps) {
            expect(names.has(name)).toBe(model.has(name));
            if (!adds) names.remove(name);
            else if (!model.has(name)) names.add(name);
            if (adds) model.add(name);
            else model.delete(name);
          }
          expect(names.size).toBe(model.size);
          expect(listed(names)).toEqual([...model].sort());
          const some = [...model].filter((one) => one >= first && one < before).sort();
          expect(listed(names, first, before)).toEqual(some);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('have each name of several blocks, and none of their neighbours', () => {
    const all = Array.from({ length: 2_000 }, (_, i) => `user${10_000 + i}`);
    const names = namesOf(all);
    for (const username of all) {
      expect(names.has(username)).toBe(true);
      expect(names.has(username.slice(0, -1))).toBe(false);
      expect(names.has(`${username}0`)).toBe(false);
    }
  });

  it('are empty again after all are removed, and take them again', () => {
    const all = Array.from({ length: 1_000 }, (_, i) => `user${10_000 + i}`);
    const names = namesOf(all);
    for (const username of all) names.remove(username);
    expect(names.size).toBe(0);
    expect(listed(names)).toEqual([]);
    for (const username of all.toReversed()) names.add(username);
    expect(listed(names, 'user1099')).toEqual(all.slice(990));
  });
});
