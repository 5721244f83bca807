import type { Placement, Report } from '../schema/report.ts';

/** The titles of columns for placements. */
export const placementTitles: Readonly<Record<Placement, string>> = {
  'same-core': 'one core',
  'different-cores': 'two cores',
  unpinned: 'unpinned',
};

/**
 * States how many rounds there were: `6 rounds`, `2 of 6 rounds`, or
 * `6 rounds (3 for 80 surveyed cells, up to 14 for some)`.
 */
export function roundsWords({ options, cells }: Report): string {
  const { rounds, roundsDone } = options;
  if (roundsDone < rounds) return `${roundsDone} of ${rounds} rounds`;
  const counts = cells.map(({ runs }) => new Set(runs.map(({ round }) => round)).size);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const few = counts.filter((count) => count < roundsDone).length;
  const fewer = few > 0 ? [`${fewest} for ${few} surveyed cells`] : [];
  const more = most > roundsDone ? [`up to ${most} for some`] : [];
  const others = [...fewer, ...more];
  return `${roundsDone} rounds${others.length > 0 ? ` (${others.join(', ')})` : ''}`;
}

/** Names the machine of a report, its kernel (without how it was built) and its runtime. */
export function machineWords({ fingerprint }: Report): string {
  const { cpu, cores, kernel, runtime } = fingerprint;
  const count = `${cores} ${cores === 1 ? 'core' : 'cores'}`;
  return [cpu, count, kernel.replace(/ \(.*\)$/, ''), runtime].join(', ');
}
