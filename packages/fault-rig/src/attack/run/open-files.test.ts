import { expect, test } from 'vitest';
import { noteOn, openFiles } from './open-files.ts';

test('a server has as many descriptors as it should', () => {
  expect(openFiles(undefined)).toEqual({ launcher: [] });
  expect(noteOn(openFiles(undefined), {})).toBeUndefined();
  expect(openFiles(64)).toEqual({ launcher: ['prlimit', '--nofile=64'] });
});

test('a server has what the system allows when that is less, with the reason', () => {
  // The kernel allows nobody so many (fs.nr_open).
  const files = openFiles(2 ** 40);
  expect(files.launcher).toEqual([]);
  expect(noteOn(files, { 'held at the end': 9_910 })).toMatch(
    /^9,910 held at the end; the system allows the server [\d,]+ open files, and not 1,099,511,627,776$/,
  );
});
