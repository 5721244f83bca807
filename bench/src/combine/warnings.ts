import type { Report } from '../report/schema/report.ts';
import { machineKind, type Unlike } from './unlike-settings.ts';

interface OfMachine {
  readonly name: string;
  readonly reports: readonly Report[];
}

/** Returns the reasons against citing a combination, and what its reader has to know of its machines. */
export function warningsOf(
  machines: readonly OfMachine[],
  unlikeCommits: boolean,
  unlike: Unlike,
): string[] {
  return [
    ...machines.flatMap(ownWarnings),
    ...(unlikeCommits ? unlikeWarnings(machines, unlike) : alike(machines)),
  ];
}

function ownWarnings({ name, reports }: OfMachine): string[] {
  return reports.flatMap(({ complete, citable, notCitableBecause }) => [
    ...(complete ? [] : [`${name} was ended before its plan`]),
    ...(citable ? [] : [`${name} is not to be cited: ${notCitableBecause.join('; ')}`]),
  ]);
}

/** Returns the warnings of a combination whose machines had other commits, or reports that are pooled. */
function unlikeWarnings(machines: readonly OfMachine[], { settings }: Unlike): string[] {
  const commits =
    settings.length === 0
      ? []
      : [
          'Their commits differ: the distance between machines contains the difference between commits, and the interval says nothing about another commit',
        ];
  const several = machines.flatMap(({ name, reports }) =>
    reports.length === 1
      ? []
      : [
          `${name} has ${reports.length} reports, whose processor, memory and kernel are the same: it counts once, with the rounds of all of them`,
        ],
  );
  return [...commits, ...several];
}

/** Machines that may be one machine twice, which would count as two. */
function alike(machines: readonly OfMachine[]): string[] {
  const kinds = Map.groupBy(machines, ({ reports: [report] }) => report && machineKind(report));
  return [...kinds.values()].flatMap((same) =>
    same.length < 2
      ? []
      : [
          `${same.map(({ name }) => name).join(' and ')} have the same processor, memory and kernel: if they are one machine, it counts more than once, and the intervals are too narrow`,
        ],
  );
}
