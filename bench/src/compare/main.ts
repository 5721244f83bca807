import { readReport } from '../report/schema/read.ts';
import { compareReports } from './compare.ts';
import { renderComparison } from './render.ts';

/** Prints two reports side by side. */
export function compare(a: string, b: string, options: { unlikeMachines?: boolean }): void {
  const unlikeMachines = options.unlikeMachines === true;
  const [first, second] = [readReport(a), readReport(b)];
  const comparison = compareReports(first, second, { unlikeMachines });
  if (first.startedAt === second.startedAt) {
    process.stderr.write(`A and B are one report, which began at ${first.startedAt}\n`);
  }
  process.stdout.write(renderComparison(comparison));
}
