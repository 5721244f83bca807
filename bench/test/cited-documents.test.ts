import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cite, sourceOf, uncited } from '../src/citations/citations.ts';
import { readReport } from '../src/report/read.ts';

const documents = ['COMPARISON.md', 'BENCHMARKING.md'].map((name) => {
  const path = fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
  const markdown = readFileSync(path, 'utf8');
  const report = readReport(join(dirname(path), sourceOf(markdown) ?? ''));
  return { name, markdown, report };
});

// Years, depths, rates, goals, and the version in HTTP/2: what was asked, and not what was found.
const known = [
  '2023',
  '1',
  '2',
  '16',
  '64',
  '256',
  '1,000',
  '4,000',
  '1.15',
  '0.6',
  '4',
  '0.5',
  '99',
  '100',
];

test.each(documents)('$name says what its report says', ({ markdown, report }) => {
  expect(markdown).toBe(cite(markdown, report));
});

test.each(documents)('$name is from a report that may be cited', ({ report }) => {
  expect(report).toMatchObject({ complete: true, citable: true, preset: 'full' });
});

// BENCHMARKING.md has figures of other runs, too, with the commands that they are from.
test('COMPARISON.md has no figure that nothing vouches for', () => {
  expect(uncited(documents[0]?.markdown ?? '', known)).toEqual([]);
});
