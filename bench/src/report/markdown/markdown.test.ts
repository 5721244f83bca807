import { describe, expect, it } from 'vitest';
import { sampleReport } from '../../../test/sample-report.ts';
import type { Report } from '../schema/report.ts';
import { verdictWords } from '../words/verdict-words.ts';
import { escaped, renderMarkdown } from './markdown.ts';

const sample = sampleReport();
const text = renderMarkdown(sample);

describe('the report as Markdown', () => {
  it('has every part, in the order in which it is read', () => {
    const headings = text.split('\n').filter((line) => /^##? /.test(line));
    expect(headings).toEqual([
      '# A sample report, whose figures are made up',
      '## Side by side',
      '## Which should I choose?',
      '## In short',
      '## Where each microsecond goes, one core',
      '## Where each microsecond goes, two cores',
      '## What was measured',
      '## As multiples',
      '## Where every byte goes',
      '## The three tasks of 2023',
      '## Size and branching of the code',
      '## Noise floor, and a delay put in on purpose',
      '## What is valid, and what was not measured',
      '## The fairness ledger',
      '## The machine, and what ran on it',
      '## What this does not show',
      '## Glossary',
    ]);
  });

  it('has a table for each scenario', () => {
    for (const { title, family } of sample.scenarios) {
      const name = `${family.charAt(0).toUpperCase()}${family.slice(1)}`;
      expect(text.includes(`### ${title}, one core`) || text.includes(`### ${name}: `)).toBe(true);
    }
  });

  it('has all of the verdict, and every reason and limit', () => {
    const { headline, sentences } = verdictWords(sample);
    for (const said of [headline, ...sentences]) expect(text).toContain(escaped(said.text));
    for (const limit of sample.notShown) expect(text).toContain(escaped(limit));
    expect(text).toContain(
      '| idle-10000 | bare HTTP/2 request | one core | 0 of 6 | the server ended',
    );
    expect(text).toContain('achieved 3,127/s of 4,000/s');
  });

  it('has tables in which every row has as many cells as the head', () => {
    const tables = text.split(/\n{2,}/).filter((block) => block.startsWith('|'));
    expect(tables.length).toBeGreaterThan(60);
    for (const table of tables) {
      const widths = table.split('\n').map((row) => row.split(/(?<!\\)\|/).length);
      expect(new Set(widths).size, table.slice(0, 200)).toBe(1);
    }
  });

  it('shows what a lane that was measured twice came to', () => {
    expect(text).toMatch(/\| p50 \| \d+ \| [\d.]+% \| [\d.]+% \| [\w-]+, [\w-]+ \| \d+ \|/);
    expect(text).toMatch(/net echo, 50 µs slower, one core \| 50\.0 µs \| .* \| yes \|/);
  });

  it('takes text from outside as text', () => {
    const hostile: Report = {
      ...sample,
      title: 'a | b <script>\n# c',
      notShown: ['*no*'],
    };
    expect(renderMarkdown(hostile)).toContain('# a \\| b \\<script\\> # c\n');
    expect(renderMarkdown(hostile)).toContain('- \\*no\\*');
  });

  it('renders what there is of a run that was interrupted, or of none', () => {
    expect(renderMarkdown(sampleReport({ partial: true }))).toContain('ended before its plan');
    const empty: Report = {
      ...sample,
      cells: [],
      results: [],
      ratios: [],
      skipped: [],
      wire: null,
      complexity: null,
      noise: { floors: [], injected: [] },
    };
    const rest = renderMarkdown(empty);
    expect(rest).toContain('the noise of the rig is not known');
    expect(rest).not.toContain('Where every byte goes');
    expect(rest).not.toMatch(/undefined|NaN/);
  });
});
