import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleReport } from '../../../test/sample-report.ts';
import { parseReport, ReportError, readReport } from './read.ts';

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
    const error = errorOf('{"schemaVersion": 2,');
    expect(error).toMatchObject({ code: 'not-json', message: /^a\.json is not JSON: / });
  });

  it.each([{}, [], null, 7, { title: 'x' }])('says when %j is not a report', (value) => {
    expect(errorOf(value).code).toBe('not-a-report');
  });

  it('says when a report has another schema version', () => {
    expect(errorOf({ ...sample, schemaVersion: 3 })).toMatchObject({
      code: 'other-version',
      message: 'a.json is a report of schema version 3; this lab reads version 2',
    });
  });

  it('says which fields are wrong, and how many more', () => {
    const results = sample.results.map((result) => ({ ...result, value: 'fast' }));
    const { code, message } = errorOf({ ...sample, results });
    expect(code).toBe('wrong-fields');
    expect(message).toContain('a.json is not a valid report:\n  results[0].value: ');
    expect(message).toContain(`\n  and ${results.length - 5} more`);
  });

  it('refuses a field that it does not know, and one that is missing', () => {
    const { seed: _, ...options } = sample.options;
    expect(errorOf({ ...sample, extra: 1 }).message).toContain('extra');
    expect(errorOf({ ...sample, options }).message).toContain('options.seed: ');
  });
});
