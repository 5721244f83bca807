import { expect, test } from 'vitest';
import { record, server } from '../../../test/fixtures/figures.ts';
import { renderMarkdown } from './markdown.ts';

const late = { ...record, worstMs: 90, worstOwnMs: 4.9 };

test('a row has the worst delays, and the part of them in which the client had no processor', () => {
  const table = renderMarkdown([
    {
      store: 'sqlite',
      serve: [],
      placement: 'anywhere',
      baseline: [{ kind: 'framed send', record }],
      attacks: [
        {
          attack: 'guess-account-unary',
          seconds: 2,
          honest: [
            { kind: 'framed send', record: late },
            { kind: 'converse send', record: { ...late, worstOwnMs: 5 } },
            { kind: 'unary send', record: { ...late, worstMs: 197, worstOwnMs: 105.6 } },
          ],
          server: { ...server, waitedShare: 0.36 },
          counts: {},
          log: { messages: [], foreign: [], bytes: 0 },
          verdicts: [{ name: 'delay', passed: false, found: 'at worst 197 ms' }],
        },
      ],
      stoppedInMs: 100,
      verdicts: [],
    },
  ]);
  const cells = table.trim().split('\n').at(-1)?.split(' | ') ?? [];
  expect(cells.slice(2, 6)).toEqual([
    '90 ms, 3.0 ms',
    '90 ms (5 without a processor), ',
    'unary send 197 ms (106 without a processor)',
    '36%',
  ]);
  expect(cells.at(-1)).toMatch(/\*\*delay: at worst 197 ms\*\* \|$/);
});
