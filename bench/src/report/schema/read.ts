import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { type Report, reportSchema, schemaVersion } from './report.ts';

/** A file is not a report that can be read. Its message says why. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
  readonly code: 'unreadable' | 'not-json' | 'not-a-report' | 'other-version' | 'wrong-fields';

  constructor(code: ReportError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The most wrong fields that an error names. */
const fieldsMax = 5;

/**
 * Reads a report.
 *
 * @param path of a `report.json`, or of the directory that it is in
 * @throws ReportError that says what is wrong, and where
 */
export function readReport(path: string): Report {
  const file = isDirectory(path) ? join(path, 'report.json') : path;
  return parseReport(read(file), file);
}

/**
 * The report that a text is.
 *
 * @param from where the text is from, for errors
 * @throws ReportError that says what is wrong, and where
 */
export function parseReport(text: string, from: string): Report {
  const value = parseJson(text, from);
  const version = versionOf(value);
  if (version === undefined) {
    throw new ReportError('not-a-report', `${from} is not a report: it has no schemaVersion`);
  }
  if (version !== schemaVersion) {
    const ours = `this lab reads version ${schemaVersion}`;
    throw new ReportError(
      'other-version',
      `${from} is a report of schema version ${JSON.stringify(version)}; ${ours}`,
    );
  }
  const result = reportSchema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const more = issues.length > fieldsMax ? [`and ${issues.length - fieldsMax} more`] : [];
  const lines = [...issues.slice(0, fieldsMax).map(issueWords), ...more];
  throw new ReportError(
    'wrong-fields',
    `${from} is not a valid report:\n${lines.map((line) => `  ${line}`).join('\n')}`,
    { cause: result.error },
  );
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    throw new ReportError('unreadable', `cannot read ${file}: ${why}`, { cause: error });
  }
}

function parseJson(text: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ReportError('not-json', `${from} is not JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'schemaVersion' in value
    ? value.schemaVersion
    : undefined;
}

/** `results[3].value: expected number`. */
function issueWords({ path, message }: z.core.$ZodIssue): string {
  const place = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
  return `${place === '' ? 'the report' : place}: ${message}`;
}
