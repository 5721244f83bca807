import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cite, sourceOf, uncited } from '../src/citations/citations.ts';
import { readReport } from '../src/report/read.ts';

const document = fileURLToPath(new URL('../../docs/COMPARISON.md', import.meta.url));
const markdown = readFileSync(document, 'utf8');
const source = sourceOf(markdown) ?? '';
const report = readReport(join(dirname(document), source));

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

test('says what its report says', () => {
  expect(markdown).toBe(cite(markdown, report));
});

test('has no figure that nothing vouches for', () => {
  expect(uncited(markdown, known)).toEqual([]);
});

test('is from a report that may be cited', () => {
  expect(report).toMatchObject({ complete: true, citable: true, preset: 'full' });
});
