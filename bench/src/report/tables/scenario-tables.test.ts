import { describe, expect, it } from 'vitest';
import { cellOf, runOf, scenarioOf } from '../../../test/report-parts.ts';
import { sampleReport } from '../../../test/sample-report.ts';
import { orderedMetrics } from '../analysis/side-by-side.ts';
import { ReportIndex } from '../schema/report-index.ts';
import { choiceSentences } from '../words/choice.ts';
import { pictureOf } from './picture.ts';
import { operationsWords, pointTables, scenarioTables } from './scenario-tables.ts';
import { Footnotes, type TableContext } from './table-data.ts';

describe('orderedMetrics', () => {
  it('has the main metric first, then what an operation takes, then the rest, each once', () => {
    const all = ['throughput', 'p50', 'p90', 'server-cpu', 'p99', 'mean', 'client-cpu', 'more'];
    const names = orderedMetrics(scenarioOf('a', 'a', ...all)).map(({ name }) => name);
    expect(names.slice(0, 6)).toEqual([
      'throughput',
      'p50',
      'mean',
      'p99',
      'client-cpu',
      'server-cpu',
    ]);
    expect(names.slice(6)).toEqual(['p90', 'more']);
  });

  it('has system calls beside CPU time, and then garbage', () => {
    const all = ['p50', 'more', 'server-collecting', 'server-writes', 'client-reads', 'server-cpu'];
    const names = orderedMetrics(scenarioOf('a', 'a', ...all)).map(({ name }) => name);
    expect(names).toEqual([
      'p50',
      'server-cpu',
      'client-reads',
      'server-writes',
      'server-collecting',
      'more',
    ]);
  });
});

describe('operationsWords', () => {
  const cell = (...operations: number[]) => ({
    ...cellOf('latency-1', 'a', 'p50', []),
    runs: operations.map((count, round) => runOf(round, { p50: 1 }, { operations: count })),
  });

  it('says of how many operations percentiles are, run by run', () => {
    expect(operationsWords([cell(10_000, 12_000), cell(900)])).toBe(
      'Of 900 to 12,000 operations a run.',
    );
    expect(operationsWords([cell(10_000)])).toBe('Of 10,000 operations a run.');
    expect(operationsWords([cell(1)])).toBe('Of 1 operation a run.');
    expect(operationsWords([])).toBe('');
  });
});

it('gives a scenario a table with all that an operation takes, and its count', () => {
  const report = sampleReport();
  const context: TableContext = {
    index: new ReportIndex(report),
    style: 'brackets',
    footnotes: new Footnotes(),
  };
  const scenario = report.scenarios.find(({ name }) => name === 'latency-1');
  const [table] = scenario === undefined ? [] : pointTables(context, scenario);
  const titles = ['median', 'mean', '99th', 'client', 'server'];
  expect(table?.head.slice(1, 6)).toEqual(titles.map((title) => expect.stringContaining(title)));
  expect(table?.note).toMatch(/Of [\d,]+( to [\d,]+)? operations a run\.$/);
});

describe('three rounds, which are too few for an interval', () => {
  const index = new ReportIndex(sampleReport({ rounds: 3 }));

  it('stand in the last column of a table', () => {
    const context: TableContext = { index, style: 'brackets', footnotes: new Footnotes() };
    const tables = scenarioTables(context);
    expect(tables.length).toBeGreaterThan(10);
    for (const { head, rows } of tables) {
      expect(head.at(-1)).toBe('rounds');
      for (const row of rows) expect(row.at(-1)).toMatch(/^[1-3]( to [23])?$/);
    }
  });

  it('stand beside the bars of the picture, but for bytes, which are counted once', () => {
    const rows = pictureOf(index);
    for (const { title, bars } of rows) {
      for (const { text } of bars) expect(text.endsWith(', 3 rounds')).toBe(title !== 'Bytes');
    }
    expect(rows).toHaveLength(5);
  });

  it('stand behind what a sentence of advice goes by', () => {
    expect(choiceSentences(index)[0]).toMatch(/ \(one core, 3 rounds\)\./);
  });
});
