import type { Fingerprint, Report } from '../report/schema/report.ts';

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

/** Lists the differences of two reports' machines; empty when figures may be compared. */
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
    ...differing('caches', ...unlikeEntries(a.caches, b.caches)),
    ...differing('leaks of the processor', ...unlikeEntries(a.mitigations, b.mitigations)),
    ...costDifferences(a.costs, b.costs),
  ];
}

type Entries = Readonly<Record<string, string>>;

/** Writes entries that differ; returns nothing where one of the reports does not know them. */
function unlikeEntries(
  a: Entries | null | undefined,
  b: Entries | null | undefined,
): [string, string] {
  if (!a || !b) return ['', ''];
  const words = (entries: Entries, others: Entries) =>
    Object.entries(entries)
      .filter(([name, text]) => others[name] !== text)
      .map(([name, text]) => `${name} ${text}`)
      .join('; ') || 'nothing more';
  return [words(a, b), words(b, a)];
}

/** Beyond so many times, two machines of one kind are not alike; what one shows, busy or not, lies within. */
const costFactorMax = 1.5;

const costNames = {
  kernelEntryUs: 'an entry into the kernel',
  switchUs: 'a switch between two processes',
  switchAcrossUs: 'a switch across cores',
  warmCodeUs: 'warm code',
  coldCodeUs: 'cold code',
} as const;

function costDifferences(a: Fingerprint['costs'], b: Fingerprint['costs']): Difference[] {
  return Object.entries(costNames).flatMap(([name, what]) => {
    const [first, second] = [a, b].map((costs) => costs?.[name as keyof typeof costNames] ?? null);
    if (!first || !second) return [];
    const times = Math.max(first / second, second / first);
    const [said, other] = [first, second].map((us) => `${us.toPrecision(3)} µs`);
    return times <= costFactorMax ? [] : differing(what, said ?? '', other ?? '');
  });
}

/** Lists differences that do not forbid a comparison, and should be known. */
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
