import type { ReportOptions } from '../command.ts';
import { readReport } from './schema/read.ts';
import { renderTerminal } from './terminal/terminal.ts';
import { writeReport } from './write.ts';

/** Writes the pages of a report again, and prints it. */
export async function render(directory: string, { details, csv }: ReportOptions): Promise<void> {
  const report = readReport(directory);
  await writeReport(report, directory, { csv: csv === true });
  process.stdout.write(renderTerminal(report, { details: details === true }));
}
