import { basename, dirname, join } from 'node:path';
import type { ReportOptions } from '../command.ts';
import { readReport } from './schema/read.ts';
import { renderTerminal } from './terminal/terminal.ts';
import { reportFile, writeReport } from './write.ts';

/** Writes the pages of a report again, and prints it. */
export async function render(path: string, { details, csv }: ReportOptions): Promise<void> {
  const directory = basename(path) === reportFile ? dirname(path) : path;
  const report = readReport(join(directory, reportFile));
  await writeReport(report, directory, { csv: csv === true });
  process.stdout.write(renderTerminal(report, { details: details === true }));
}
