import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { keptAttack, measurement } from '../../../test/fixtures/figures.ts';
import type { Attack } from '../attacks/attack.ts';
import { attacks } from '../attacks/index.ts';
import { readKept } from './kept-report.ts';
import { renderMarkdown } from './markdown.ts';

const root = new URL('../../../../../', import.meta.url);

test('a row has the worst delays, and the part of them in which the client had no processor', () => {
  const table = renderMarkdown({
    ...measurement,
    attacks: [
      {
        ...keptAttack,
        attack: 'guess-account-unary',
        note: '9 held at the end',
        honest: {
          'framed send': { worstMs: 90, worstOwnMs: 4.9 },
          'converse send': { worstMs: 90, worstOwnMs: 5 },
          'unary send': { worstMs: 197, worstOwnMs: 105.6 },
        },
        server: { ...keptAttack.server, waitedShare: 0.36 },
        verdicts: [{ name: 'delay', passed: false, found: 'at worst 197 ms' }],
      },
    ],
  });
  const cells = table.trim().split('\n').at(-1)?.split(' | ') ?? [];
  expect(cells[1]).toMatch(/ of one account \(9 held at the end\)$/);
  expect(cells.slice(2, 6)).toEqual([
    '90 ms, 3.0 ms',
    '90 ms (5 without a processor), ',
    'unary send 197 ms (106 without a processor)',
    '36%',
  ]);
  expect(cells.at(-1)).toMatch(/\*\*delay: at worst 197 ms\*\* \|$/);
});

test('an attack that the rig does not have is no row', () => {
  const report = { ...measurement, attacks: [{ ...keptAttack, attack: 'none' }] };
  expect(() => renderMarkdown(report)).toThrow('there is no attack none');
});

describe('docs/RELIABILITY.md', () => {
  const document = readFileSync(new URL('docs/RELIABILITY.md', root), 'utf8');

  test('has the table of the committed report', () => {
    const report = readKept(fileURLToPath(new URL('bench/reports/attacks.json', root)));
    const [table] = /^Measured on .*\n\n(?:\|.*\n)+/m.exec(document) ?? [];
    expect(table, 'pnpm --silent attack --render bench/reports/attacks.json').toBe(
      renderMarkdown(report),
    );
  });

  test.each<[keyof Attack, verdict: string]>([
    ['peakBytesMax', 'peak'],
    ['mayBeRefused', 'served'],
  ])('names each attack that has %s of its own, at the verdict %s', (own, verdict) => {
    const [row = ''] = new RegExp(`^\\| ${verdict} \\|.*$`, 'm').exec(document) ?? [];
    const exceptions = attacks.filter((attack) => attack[own] !== undefined);
    const named = [...row.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name);
    expect(named).toEqual(exceptions.map(({ name }) => name));
  });
});
