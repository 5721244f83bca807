import type { Report, ReportLane, ReportScenario } from '../report/schema/report.ts';
import { UsageError } from '../usage-error.ts';

/** Reports were measured differently, so they do not show one thing on several machines. */
export class UnlikeSettingsError extends Error {
  override readonly name = 'UnlikeSettingsError';
  readonly code = 'unlike-settings';

  /** @param hasRemedy true when they can be joined with --unlike-commits */
  constructor(differences: readonly string[], hasRemedy: boolean) {
    super(
      [
        'these reports cannot be combined:',
        ...differences.map((difference) => `  ${difference}`),
        'combine reports of the same commit that were run with the same settings',
        ...(hasRemedy ? [hint] : []),
      ].join('\n'),
    );
  }
}

const hint =
  'with --unlike-commits, reports whose commits differ are joined all the same, without the scenarios that differ';

/** A report and its letter, by which it is named where it is refused. */
interface Named {
  readonly name: string;
  readonly report: Report;
}

/** Reports that can be joined, by machine. */
export interface Joinable {
  readonly machines: readonly (readonly Report[])[];
  readonly unlike: Unlike;
}

/** The differences between machines that are joined all the same; none where their commits are equal. */
export interface Unlike {
  /** Of the commits and what comes with them, in words. */
  readonly settings: readonly string[];
  /** The scenarios that are left out, as their definitions differ. */
  readonly scenarios: readonly UnlikeScenario[];
}

interface UnlikeScenario {
  readonly name: string;
  /** The parts of its definition that differ. */
  readonly parts: readonly string[];
}

/**
 * Groups reports by machine, and says what differs between them.
 *
 * @param unlikeCommits joins machines whose commits differ, and so their lockfiles, rules and scenarios.
 * Reports of machines that look the same are then of one machine, and have to be alike. Without it each
 * report is of a machine of its own, and all have to be alike.
 * @throws UnlikeSettingsError with every reason against joining them
 * @throws UsageError when there is one alone
 */
export function joinable(reports: readonly Report[], unlikeCommits: boolean): Joinable {
  if (reports.length < 2) throw new UsageError('there is one report, and it takes two to join');
  const named = reports.map((report, i) => ({ name: machineName(i), report }));
  const { machines, against } = grouped(named, unlikeCommits);
  if (against.length > 0) {
    const hasRemedy = !unlikeCommits && grouped(named, true).against.length === 0;
    throw new UnlikeSettingsError(against, hasRemedy);
  }
  const firsts = machines.flatMap(([first], i) =>
    first === undefined ? [] : [{ ...first, name: machineName(i) }],
  );
  return {
    machines: machines.map((of) => of.map(({ report }) => report)),
    unlike: unlikeCommits
      ? { settings: commitsApart(firsts), scenarios: unlikeScenarios(firsts) }
      : { settings: [], scenarios: [] },
  };
}

/** Returns the text that tells a machine from others, as far as a report has it. */
export function machineKind({ fingerprint }: Report): string {
  const { machine, cpu, cores, memoryBytes, kernel } = fingerprint;
  return JSON.stringify([machine, cpu, cores, memoryBytes, kernel]);
}

/** The reports of each machine, and every reason against joining them. */
function grouped(named: readonly Named[], unlikeCommits: boolean) {
  const machines = unlikeCommits
    ? [...Map.groupBy(named, ({ report }) => machineKind(report)).values()]
    : named.map((one) => [one]);
  const between = unlikeCommits
    ? [...machines.flatMap(unlikeOfOneMachine), ...settingsApart(settings, named)]
    : [...settingsApart([...settings, ...ofCommit], named), ...scenariosApart(named)];
  const alone = machines.length > 1 ? [] : [`${namesOf(named)} are of one machine: ${sameKind}`];
  return {
    machines,
    against: [...new Set([...alone, ...twice(named), ...between, ...lanesApart(named)])],
  };
}

/** A machine counts once, so its reports have to show one thing. */
function unlikeOfOneMachine(named: readonly Named[]): string[] {
  const differences = [
    ...settingsApart([...settings, ...ofCommit], named),
    ...lanesApart(named),
    ...scenariosApart(named),
  ];
  return differences.length === 0
    ? []
    : [`${namesOf(named)} are of one machine, which counts once: ${sameKind}`, ...differences];
}

const sameKind = 'they have the same processor, memory and kernel';

function twice(named: readonly Named[]): string[] {
  const groups = Map.groupBy(named, ({ report }) => report.startedAt);
  return [...groups].flatMap(([startedAt, same]) =>
    same.length < 2 ? [] : [`${namesOf(same)} are one report, which began at ${startedAt}`],
  );
}

function namesOf(named: readonly Named[]): string {
  return named.map(({ name }) => name).join(' and ');
}

type Said = string | number | boolean | undefined;
type Setting = readonly [string, (report: Report) => Said];

/** The settings that have to be the same: the runtime and the measuring. Seeds and rounds may differ. */
const settings: readonly Setting[] = [
  ['changes that no commit has', ({ fingerprint }) => fingerprint.dirty],
  ['runtime', ({ fingerprint }) => fingerprint.runtime],
  ['measuring time in ms', ({ options }) => options.measureMs],
  ['longest measuring time in ms', ({ options }) => options.measureMsMax],
  ['operations of a run', ({ options }) => options.measureOperations],
  ['operations of a warm-up', ({ options }) => options.warmUpOperationsMin],
  ['longest warm-up in ms', ({ options }) => options.warmUpMsMax],
];

const code: readonly Setting[] = [
  ['commit', ({ fingerprint }) => fingerprint.commit],
  ['lockfile', ({ fingerprint }) => fingerprint.lockfileSha256],
];

const rules: readonly Setting[] = [
  ['rule of steadiness', ({ steadyRule }) => steadyRule],
  ['rule of slowness', ({ slowRule }) => slowRule],
  ['rule of disturbance', ({ disturbedRule }) => disturbedRule],
];

/** The code and the rules, which are those of a commit. */
const ofCommit: readonly Setting[] = [...code, ...rules];

function settingsApart(settings: readonly Setting[], named: readonly Named[]): string[] {
  return settings.flatMap(([what, of]) =>
    difference(what, named, ({ report }) => describeValue(of(report))),
  );
}

/** Describes what differs with the commits. A rule is as long as a paragraph, so its numbers stand for it. */
function commitsApart(named: readonly Named[]): string[] {
  const packages = new Set(
    named.flatMap(({ report }) => Object.keys(report.fingerprint.dependencies)),
  );
  return [
    ...settingsApart(code, named),
    ...[...packages].flatMap((name) =>
      difference(name, named, ({ report }) => report.fingerprint.dependencies[name] ?? 'not there'),
    ),
    ...rules.flatMap(([what, of]) => {
      if (settingsApart([[what, of]], named).length === 0) return [];
      const numbers = difference(what, named, ({ report }) => numbersOf(describeValue(of(report))));
      return numbers.length > 0 ? numbers : [`${what}: in other words, with the same numbers`];
    }),
  ];
}

function numbersOf(text: string): string {
  return (text.match(/\d+(?:\.\d+)?/g) ?? []).sort().join(', ') || 'no numbers';
}

function lanesApart(named: readonly Named[]): string[] {
  return shared(named, ({ lanes }) => lanes).flatMap(([name, lanes]) =>
    difference(`the lane ${name}`, named, (_, i) => laneWords(lanes)[i]),
  );
}

function scenariosApart(named: readonly Named[]): string[] {
  return shared(named, ({ scenarios }) => scenarios).flatMap(([name, scenarios]) =>
    difference(
      `the scenario ${name}`,
      named,
      (_, i) => scenarios[i] && JSON.stringify(scenarios[i]),
    ),
  );
}

/** Lists the scenarios that do not measure the same. Their titles do not matter. */
function unlikeScenarios(named: readonly Named[]): UnlikeScenario[] {
  return shared(named, ({ scenarios }) => scenarios).flatMap(([name, scenarios]) => {
    const definitions = scenarios.flatMap((scenario) => scenario ?? []).map(definitionOf);
    const parts = Object.keys(definitions[0] ?? {}).filter(
      (part) => new Set(definitions.map((each) => each[part])).size > 1,
    );
    return parts.length === 0 ? [] : [{ name, parts }];
  });
}

function definitionOf({ family, question, parameters, metrics }: ReportScenario) {
  const untitled = metrics.map(({ title: _, ...metric }) => metric);
  const definition = { family, question, parameters, metrics: untitled };
  const parts = Object.entries(definition).map(([part, each]) => [part, JSON.stringify(each)]);
  return Object.fromEntries(parts) as Readonly<Record<string, string>>;
}

/** Groups the things of one name, in the order of the reports. */
function shared<T extends { readonly name: string }>(
  named: readonly Named[],
  of: (report: Report) => readonly T[],
): (readonly [string, readonly (T | undefined)[]])[] {
  const lists = named.map(({ report }) => of(report));
  const names = new Set(lists.flat().map(({ name }) => name));
  return [...names].map((name) => [
    name,
    lists.map((list) => list.find((each) => each.name === name)),
  ]);
}

/** Describes a difference between reports with the value of each; leaves out undefined values. */
function difference(
  what: string,
  named: readonly Named[],
  of: (named: Named, place: number) => string | undefined,
): string[] {
  const words = named.flatMap((one, i) => {
    const text = of(one, i);
    return text === undefined ? [] : [{ text, name: one.name }];
  });
  if (new Set(words.map(({ text }) => text)).size <= 1) return [];
  return [`${what}: ${words.map(({ text, name }) => `${shortened(text)} in ${name}`).join(', ')}`];
}

/** Of the settings of a lane those that are not the same in all reports; of lanes that are alike, nothing. */
function laneWords(lanes: readonly (ReportLane | undefined)[]): (string | undefined)[] {
  const keys = new Set(lanes.flatMap((lane) => Object.keys(lane?.settings ?? {})));
  const unlike = [...keys].filter(
    (key) => new Set(lanes.flatMap((lane) => (lane ? [lane.settings[key]] : []))).size > 1,
  );
  return lanes.map(
    (lane) => lane && unlike.map((key) => `${key} ${lane.settings[key] ?? 'not said'}`).join('; '),
  );
}

function describeValue(value: Said): string {
  if (value === undefined) return 'not said';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : `${value}`;
}

function shortened(text: string): string {
  if (/^[0-9a-f]{40,}$/.test(text)) return text.slice(0, 12);
  return text.length > charsMax ? `${text.slice(0, charsMax - 1)}…` : text;
}

const charsMax = 80;

/** The name of a report by its place among those that were given, from 0: A, B, C. */
export function machineName(place: number): string {
  const letter = String.fromCharCode('A'.charCodeAt(0) + (place % 26));
  return place < 26 ? letter : `${letter}${Math.floor(place / 26) + 1}`;
}
