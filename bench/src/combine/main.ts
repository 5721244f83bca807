import type { CombineOptions } from '../command.ts';
import { readReport } from '../report/schema/read.ts';
import { combineReports } from './combine.ts';
import { renderCombination } from './render.ts';

/** Prints what reports of several machines show together. */
export function combine(
  reports: string[],
  { details, markdown, json, unlikeCommits }: CombineOptions,
): void {
  const format = json ? 'json' : markdown ? 'markdown' : 'terminal';
  const combination = combineReports(reports.map(readReport), {
    unlikeCommits: unlikeCommits === true,
  });
  process.stdout.write(renderCombination(combination, format, { details: details === true }));
}
