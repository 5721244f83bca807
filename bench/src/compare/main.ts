import { readReport } from '../report/schema/read.ts';
import { compareReports } from './compare.ts';
import { renderComparison } from './render.ts';

/** Prints two reports side by side. */
export function compare(a: string, b: string, options: { unlikeMachines?: boolean }): void {
  const unlikeMachines = options.unlikeMachines === true;
  const comparison = compareReports(readReport(a), readReport(b), { unlikeMachines });
  process.stdout.write(renderComparison(comparison));
}
