import type { Placement, Report } from '../schema/report.ts';

/** What a column for a placement is called. */
export const placementTitles: Readonly<Record<Placement, string>> = {
  'same-core': 'one core',
  'different-cores': 'two cores',
  unpinned: 'unpinned',
};

/** How many rounds there were: `6 rounds`, `2 of 6 rounds`, or `6 rounds, and up to 14` of some cells. */
export function roundsWords({ options, cells }: Report): string {
  const { rounds, roundsDone } = options;
  const most = Math.max(...cells.flatMap(({ runs }) => runs.map(({ round }) => round + 1)));
  if (roundsDone < rounds) return `${roundsDone} of ${rounds} rounds`;
  const more = most > roundsDone ? `, and up to ${most} of some cells` : '';
  return `${roundsDone} rounds${more}`;
}

/** A kernel without how it was built: `Linux 6.12.0 x64`. */
export function kernelWords(kernel: string): string {
  return kernel.replace(/ \(.*\)$/, '');
}
