import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleReport } from '../../../test/sample-report.ts';
import { parseReport, ReportError, readReport } from './read.ts';
import type { ReportCell } from './report.ts';

const sample = sampleReport({ rounds: 1 });
const directory = mkdtempSync(join(tmpdir(), 'tandem-report-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** The error that parsing this gives. */
function errorOf(value: unknown): ReportError {
  try {
    parseReport(typeof value === 'string' ? value : JSON.stringify(value), 'a.json');
  } catch (error) {
    if (error instanceof ReportError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('reading a report', () => {
  it('gives the report that was written, from its file or its directory', () => {
    const file = join(directory, 'report.json');
    writeFileSync(file, JSON.stringify(sample));
    expect(readReport(file)).toEqual(sample);
    expect(readReport(directory)).toEqual(sample);
  });

  it('says when there is no such file', () => {
    const missing = join(directory, 'missing.json');
    expect(() => readReport(missing)).toThrow(`cannot read ${missing}: there is no such file`);
  });

  it('says when something is not JSON', () => {
    expect(errorOf('{"schemaVersion": 2,').message).toMatch(/^a\.json is not JSON: /);
  });

  it.each([{}, [], null, 7, { title: 'x' }])('says when %j is not a report', (value) => {
    expect(errorOf(value).message).toBe('a.json is not a report: it has no schemaVersion');
  });

  it('says when a report has another schema version', () => {
    expect(errorOf({ ...sample, schemaVersion: 3 }).message).toBe(
      'a.json is a report of schema version 3; this lab reads version 2',
    );
  });

  it('says which fields are wrong, and how many more', () => {
    const results = sample.results.map((result) => ({ ...result, value: 'fast' }));
    const { message } = errorOf({ ...sample, results });
    expect(message).toContain('a.json is not a valid report:\n  results[0].value: ');
    expect(message).toContain(`\n  and ${results.length - 5} more`);
  });

  it('refuses a field that it does not know, and one that is missing', () => {
    const { seed: _, ...options } = sample.options;
    expect(errorOf({ ...sample, extra: 1 }).message).toContain('extra');
    expect(errorOf({ ...sample, options }).message).toContain('options.seed: ');
  });

  const [cell, ...others] = sample.cells as [ReportCell, ...ReportCell[]];
  const nameless = sample.results[0]?.lane ?? '';
  it.each([
    ['no cell', { cells: [], results: [], ratios: [] }, /^nothing was measured$/],
    ['no figure of valid cells', { results: [], ratios: [] }, /^it has no figures$/],
    ['no run in a cell', { cells: [...others, { ...cell, runs: [] }] }, / has no run$/],
    ['no scenario of a cell', { scenarios: [] }, /^no scenario is named /],
    ['no lane of a cell', { lanes: sample.lanes.slice(1) }, /^no lane is named /],
    [
      'no cell of a figure',
      { cells: sample.cells.filter(({ lane }) => lane !== nameless) },
      /^it has a figure of [a-z0-9, -]+, and no such cell$/,
    ],
  ])('refuses a report that has %s, in one line', (_, change, lack) => {
    const { message } = errorOf({ ...sample, ...change });
    expect(message).toMatch(/^a\.json is not a valid report: .+$/);
    expect(message.replace('a.json is not a valid report: ', '')).toMatch(lack);
  });

  it('reads a report all of whose cells failed', () => {
    const cells = sample.cells.map((each) => ({ ...each, valid: false }));
    const failed = { ...sample, cells, results: [], ratios: [] };
    expect(parseReport(JSON.stringify(failed), 'a.json').cells).toEqual(cells);
  });
});
