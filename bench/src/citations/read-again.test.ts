import { expect, test } from 'vitest';
import { sampleComplexity } from '../../test/sample-complexity.ts';
import { sampleReport } from '../../test/sample-report.ts';
import { uncited } from '../../test/uncited.ts';
import type { Report } from '../report/schema/report.ts';
import { agreementWord } from './agreement.ts';
import { recite } from './citations.ts';
import { readAgain } from './read-again.ts';
import { figureOf, type Sources } from './selector.ts';

const before: Sources = { report: sampleReport(), code: sampleComplexity(), seed: [] };
const parts = 'latency-1 p50 same-core grpc-unary sockets-framed';
const selector = `ratio ${parts}`;

/** The sample with another ratio of unary calls to sockets. */
function withRatio(change: Partial<Report['ratios'][number]>): Sources {
  const ratios = before.report.ratios.map((ratio) => {
    const { scenario, metric, placement, lane, baseline } = ratio;
    const named = [scenario, metric, placement, lane, baseline].join(' ') === parts;
    return named ? { ...ratio, ...change } : ratio;
  });
  return { ...before, report: { ...before.report, ratios } };
}

const value = figureOf(before, selector);

const document = `# Findings\n\nIt costs ${value.toFixed(1)}<!-- ${selector} --> times as much.\n\nAnd that is all.`;

test('lists the line whose figure moved by a quarter, with both figures', () => {
  const [line, ...others] = readAgain(document, before, withRatio({ value: value * 1.3 }));

  expect(others).toEqual([]);
  expect(line).toMatchObject({
    line: 3,
    text: `It costs ${value.toFixed(1)} times as much.`,
    changes: [expect.stringContaining(`${selector}: `)],
  });
});

test('lists the line whose verdict changed, though its figure did not', () => {
  const [line] = readAgain(document, before, withRatio({ verdict: 'no detectable difference' }));

  expect(line?.changes).toEqual([
    expect.stringContaining('verdict higher → no detectable difference'),
  ]);
});

test('lists the line whose figure is gone', () => {
  const [line] = readAgain(document, before, withRatio({ valid: false }));

  expect(line?.changes).toEqual([`${value.toFixed(1)} is gone`]);
});

test('lists nothing where a figure moved by less', () => {
  expect(readAgain(document, before, withRatio({ value: value * 1.1 }))).toEqual([]);
});

test('leaves a figure that is refused as it was, and says why', () => {
  const { text, refused } = recite(document, withRatio({ valid: false }));

  expect(text).toBe(document);
  expect(refused).toEqual([{ line: 3, selector, why: `the report has nothing for "${selector}"` }]);
});

test('puts a dash for what may be missing and is, and the figure once it is there', () => {
  const optional = `| –<!-- ratio? ${parts} --> |`;
  const gone = recite(optional, withRatio({ valid: false }));

  expect(gone).toEqual({ text: optional, refused: [] });
  expect(recite(optional, before).text).toBe(`| ${value.toFixed(1)}<!-- ratio? ${parts} --> |`);
  expect(uncited(recite(optional, before).text, [])).toEqual([]);
});

test('puts the word for a published ratio and ours', () => {
  const cited = `agrees<!-- agreement 100 ${parts} -->`;

  expect(recite(cited, before).text).toBe(`same way, less<!-- agreement 100 ${parts} -->`);
});

test.each([
  ['>1', 'agrees'],
  ['<1', 'the other way'],
])('puts the word for a published direction, %s: %s', (direction, word) => {
  const cited = recite(`–<!-- agreement ${direction} ${parts} -->`, before).text;

  expect(cited).toBe(`${word}<!-- agreement ${direction} ${parts} -->`);
});

test('leaves what a publication said as it is', () => {
  const said = 'It says 3.75<!-- said --> times.';

  expect(recite(said, before)).toEqual({ text: said, refused: [] });
  expect(readAgain(said, before, withRatio({ valid: false }))).toEqual([]);
  expect(uncited(said, [])).toEqual([]);
});

test.each([
  // Published, ours, verdict.
  [2, 2.2, 'higher', 'agrees'],
  [2, 3.1, 'higher', 'same way, more'],
  [2, 1.2, 'higher', 'same way, less'],
  [2, 0.8, 'lower', 'the other way'],
  [2, 1.3, 'no detectable difference', 'no difference here'],
  [2, 1.02, 'within the noise floor', 'no difference here'],
  [2, 1.6, 'not enough runs', 'agrees'],
  [2, 1.39, 'not enough runs', 'no difference here'],
  [0.5, 0.45, 'lower', 'agrees'],
  [0.5, 0.2, 'lower', 'same way, more'],
  [0.25, 0.8, 'lower', 'same way, less'],
  [0.25, 4, 'higher', 'the other way'],
  [1, 1.05, 'higher', 'agrees'],
  [1, 1.3, 'no detectable difference', 'agrees'],
  [1, 3.9, 'higher', 'a difference here'],
] as const)('says of %d, published, and %d, %s: %s', (published, ours, verdict, word) => {
  expect(agreementWord(published, { value: ours, verdict })).toBe(word);
});
