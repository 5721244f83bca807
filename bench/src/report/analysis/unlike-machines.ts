import type { Fingerprint, Report } from '../schema/report.ts';

/** Something that two reports do not have in common. */
export interface Difference {
  readonly what: string;
  readonly a: string;
  readonly b: string;
}

/** Two reports come from machines whose figures say nothing about each other. */
export class UnlikeMachinesError extends Error {
  override readonly name = 'UnlikeMachinesError';
  readonly code = 'unlike-machines';
  readonly differences: readonly Difference[];

  constructor(differences: readonly Difference[]) {
    const lines = differences.map((one) => `  ${differenceWords(one)}`);
    super(
      [
        'the reports come from unlike machines, so a change between them may be the machines’:',
        ...lines,
        'with --unlike-machines they are compared all the same',
      ].join('\n'),
    );
    this.differences = differences;
  }
}

/** Says what two reports do not have in common: `cores: 2 in A, 4 in B`. */
export function differenceWords({ what, a, b }: Difference): string {
  return `${what}: ${a} in A, ${b} in B`;
}

/** Kernels of one machine may count a little more or less of the same memory as theirs. */
const memoryTolerance = 0.02;

/** What makes the machines of two reports unlike; empty when figures may be compared. */
export function machineDifferences(a: Fingerprint, b: Fingerprint): Difference[] {
  const memory = Math.abs(a.memoryBytes / b.memoryBytes - 1);
  return [
    ...differing('machine', a.machine, b.machine),
    ...differing('CPU', a.cpu, b.cpu),
    ...differing('cores', `${a.cores}`, `${b.cores}`),
    ...(memory <= memoryTolerance ? [] : [memoryDifference(a, b)]),
    ...differing('virtualisation', a.virtualisation, b.virtualisation),
    ...differing('kernel', a.kernel, b.kernel),
    ...differing('CPU frequency', a.scaling, b.scaling),
    ...differing('runtime', majorOf(a.runtime), majorOf(b.runtime)),
  ];
}

/** What does not forbid a comparison, and should be known of it. */
export function circumstances(a: Report, b: Report): Difference[] {
  const [first, second] = [a.fingerprint, b.fingerprint];
  const packages = new Set([
    ...Object.keys(first.dependencies),
    ...Object.keys(second.dependencies),
  ]);
  const none = 'not there';
  return [
    ...differing('commit', commitOf(first), commitOf(second)),
    ...differing('lockfile', shortened(first.lockfileSha256), shortened(second.lockfileSha256)),
    ...differing('runtime', first.runtime, second.runtime),
    ...[...packages].flatMap((name) =>
      differing(name, first.dependencies[name] ?? none, second.dependencies[name] ?? none),
    ),
    ...differing('rounds done', `${a.options.roundsDone}`, `${b.options.roundsDone}`),
    ...differing('measuring time', `${a.options.measureMs} ms`, `${b.options.measureMs} ms`),
    ...differing('warm-up at most', `${a.options.warmUpMsMax} ms`, `${b.options.warmUpMsMax} ms`),
    ...differing('warm-up rule', a.steadyRule, b.steadyRule),
  ];
}

function memoryDifference(a: Fingerprint, b: Fingerprint): Difference {
  const [first, second] = [a, b].map(({ memoryBytes }) => `${(memoryBytes / 1e9).toFixed(1)} GB`);
  return { what: 'memory', a: first ?? '', b: second ?? '' };
}

function differing(what: string, a: string, b: string): Difference[] {
  return a === b ? [] : [{ what, a, b }];
}

/** `Node.js v24.21.0` is `Node.js v24`. */
function majorOf(runtime: string): string {
  return runtime.replace(/(\d+)\..*$/, '$1');
}

function commitOf({ commit, dirty }: Fingerprint): string {
  return `${shortened(commit)}${dirty ? ' with changes' : ''}`;
}

function shortened(hash: string): string {
  return hash.slice(0, 12);
}
