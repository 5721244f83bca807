import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LoadOptions } from '../command.ts';
import { type LoadReport, secondsCsv } from './report.ts';
import { renderLoad } from './summary.ts';

type Outputs = Pick<LoadOptions, 'json' | 'csv'>;

/** Refuses files that cannot be written, before the run. */
export function refuseUnwritable({ json, csv }: Outputs): void {
  for (const file of [json, csv]) {
    if (file === undefined || file === '-') continue;
    try {
      const there = statSync(file, { throwIfNoEntry: false });
      if (there?.isDirectory() === true) throw new Error('it is a directory');
      // A path with a slash at its end must be a directory.
      accessSync(there === undefined ? `${dirname(file)}/` : file, constants.W_OK);
    } catch (cause) {
      throw unwritable(file, cause);
    }
  }
}

function unwritable(file: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`${file} cannot be written: ${reason}`, { cause });
}

/** Writes the report to each place that was asked for; the summary to standard error when another has standard output. */
export function writeLoad(report: LoadReport, { json, csv }: Outputs): void {
  const summaryTo = json === '-' || csv === '-' ? process.stderr : process.stdout;
  summaryTo.write(renderLoad(report));
  write(json, () => `${JSON.stringify(report, null, 2)}\n`);
  write(csv, () => secondsCsv(report.seconds));
}

function write(file: string | undefined, text: () => string): void {
  if (file === '-') process.stdout.write(text());
  else if (file !== undefined) {
    try {
      writeFileSync(file, text());
    } catch (cause) {
      throw unwritable(file, cause);
    }
  }
}
