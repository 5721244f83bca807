import { expect, test } from 'vitest';
import { parseCoreList, placementsOn } from './placement.ts';

test('puts both processes on one core, or each on its own', () => {
  const { possible, impossible } = placementsOn([0, 1, 5], true);

  expect(possible.map(({ name, server, client }) => [name, server, client])).toEqual([
    ['same-core', 5, 5],
    ['different-cores', 0, 5],
    ['unpinned', undefined, undefined],
  ]);
  expect(impossible).toEqual([]);
});

test('reads the list of cores that the kernel writes', () => {
  expect(parseCoreList('0-2,5')).toEqual([0, 1, 2, 5]);
  expect(parseCoreList('7')).toEqual([7]);
  expect(parseCoreList('')).toEqual([]);
});

test('cannot pin to cores that are not known', () => {
  const { possible, impossible } = placementsOn([], true);

  expect(possible.map(({ name }) => name)).toEqual(['unpinned']);
  expect(impossible.map(({ name }) => name)).toEqual(['same-core', 'different-cores']);
});
