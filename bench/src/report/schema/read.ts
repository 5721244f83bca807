import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { type Report, reportSchema, schemaVersion } from './report.ts';
import { type CellPlace, ReportIndex } from './report-index.ts';

/** A file is not a report that can be read. Its message says why. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
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
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const file = isDirectory ? join(path, 'report.json') : path;
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
    throw new ReportError(`${from} is not a report: it has no schemaVersion`);
  }
  if (version !== schemaVersion) {
    const theirs = `a report of schema version ${JSON.stringify(version)}`;
    throw new ReportError(`${from} is ${theirs}; this lab reads version ${schemaVersion}`);
  }
  const { data, error: cause } = reportSchema.safeParse(value);
  if (data === undefined) {
    const { issues } = cause;
    const more = issues.length > fieldsMax ? [`and ${issues.length - fieldsMax} more`] : [];
    const lines = [...issues.slice(0, fieldsMax).map(issueWords), ...more];
    const message = [`${from} is not a valid report:`, ...lines].join('\n  ');
    throw new ReportError(message, { cause });
  }
  const lack = lackOf(data);
  if (lack !== undefined) throw new ReportError(`${from} is not a valid report: ${lack}`);
  return data;
}

/** Returns the first part that a report of the right form lacks; undefined where it is whole. */
function lackOf(report: Report): string | undefined {
  const { cells, results, ratios, scenarios } = report;
  if (cells.length === 0) return 'nothing was measured';
  if (results.length === 0 && cells.some(({ valid }) => valid)) return 'it has no figures';
  const at = ({ scenario, lane, placement }: CellPlace) => `${scenario}, ${lane}, ${placement}`;
  const index = new ReportIndex(report);
  for (const cell of cells) {
    const hasScenario = scenarios.some(({ name }) => name === cell.scenario);
    if (!hasScenario) return `no scenario is named ${cell.scenario}, and a cell is of it`;
    if (index.lane(cell.lane) === undefined)
      return `no lane is named ${cell.lane}, and a cell is of it`;
    if (cell.runs.length === 0) return `its cell ${at(cell)} has no run`;
  }
  const baselines = ratios.map(({ baseline, ...ratio }) => ({ ...ratio, lane: baseline }));
  const figures: CellPlace[] = [...results, ...ratios, ...baselines];
  const alone = figures.find((figure) => index.cell(figure) === undefined);
  return alone && `it has a figure of ${at(alone)}, and no such cell`;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    throw new ReportError(`cannot read ${file}: ${why}`, { cause });
  }
}

function parseJson(text: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ReportError(`${from} is not JSON: ${(cause as Error).message}`, { cause });
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
