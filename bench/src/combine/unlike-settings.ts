import type { Report, ReportLane } from '../report/schema/report.ts';
import { UsageError } from '../usage-error.ts';

/** Reports were measured differently, so they do not show one thing on several machines. */
export class UnlikeSettingsError extends UsageError {
  override readonly name = 'UnlikeSettingsError';
  readonly code = 'unlike-settings';

  constructor(differences: readonly string[]) {
    super(
      [
        'these reports cannot be combined:',
        ...differences.map((difference) => `  ${difference}`),
        'combine reports of the same commit that were run with the same settings',
      ].join('\n'),
    );
  }
}

/** @throws UnlikeSettingsError with every reason against joining these reports */
export function refuseUnlike(reports: readonly Report[]): void {
  const differences = [...tooFew(reports), ...twice(reports), ...differencesOf(reports)];
  if (differences.length > 0) throw new UnlikeSettingsError(differences);
}

function tooFew({ length }: readonly Report[]): string[] {
  return length >= 2 ? [] : ['there is one report, and it takes two to join'];
}

function twice(reports: readonly Report[]): string[] {
  const groups = Map.groupBy(reports.keys(), (i) => reports[i]?.startedAt ?? '');
  return [...groups].flatMap(([startedAt, [...same]]) =>
    same.length < 2
      ? []
      : [`${same.map(machineName).join(' and ')} are one report, which began at ${startedAt}`],
  );
}

type Said = string | number | boolean | undefined;

/** The settings that have to be the same: the code, its runtime and its measuring. Seeds and rounds may differ. */
const settings: readonly (readonly [string, (report: Report) => Said])[] = [
  ['schema version', ({ schemaVersion }) => schemaVersion],
  ['commit', ({ fingerprint }) => fingerprint.commit],
  ['changes that no commit has', ({ fingerprint }) => fingerprint.dirty],
  ['lockfile', ({ fingerprint }) => fingerprint.lockfileSha256],
  ['runtime', ({ fingerprint }) => fingerprint.runtime],
  ['measuring time in ms', ({ options }) => options.measureMs],
  ['longest measuring time in ms', ({ options }) => options.measureMsMax],
  ['operations of a run', ({ options }) => options.measureOperations],
  ['operations of a warm-up', ({ options }) => options.warmUpOperationsMin],
  ['longest warm-up in ms', ({ options }) => options.warmUpMsMax],
  ['rule of steadiness', ({ steadyRule }) => steadyRule],
  ['rule of slowness', ({ slowRule }) => slowRule],
  ['rule of disturbance', ({ disturbedRule }) => disturbedRule],
];

function differencesOf(reports: readonly Report[]): string[] {
  return [
    ...settings.flatMap(([what, of]) =>
      difference(
        what,
        reports.map((report) => describeValue(of(report))),
      ),
    ),
    ...shared(reports.map(({ lanes }) => lanes)).flatMap(([name, lanes]) =>
      difference(`the lane ${name}`, laneWords(lanes)),
    ),
    ...shared(reports.map(({ scenarios }) => scenarios)).flatMap(([name, scenarios]) =>
      difference(
        `the scenario ${name}`,
        scenarios.map((scenario) => scenario && JSON.stringify(scenario)),
      ),
    ),
  ];
}

/** Groups the things of one name, in the order of the reports. */
function shared<T extends { readonly name: string }>(
  lists: readonly (readonly T[])[],
): (readonly [string, readonly (T | undefined)[]])[] {
  const names = new Set(lists.flat().map(({ name }) => name));
  return [...names].map((name) => [
    name,
    lists.map((list) => list.find((each) => each.name === name)),
  ]);
}

/** Describes a difference between reports with the value of each; leaves out undefined values. */
function difference(what: string, said: readonly (string | undefined)[]): string[] {
  const words = said.flatMap((text, i) => (text === undefined ? [] : [{ text, i }]));
  if (new Set(words.map(({ text }) => text)).size <= 1) return [];
  return [
    `${what}: ${words.map(({ text, i }) => `${shortened(text)} in ${machineName(i)}`).join(', ')}`,
  ];
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
  return text.length > charsMax ? `${text.slice(0, charsMax - 1)}…` : text;
}

const charsMax = 80;

/** The name of a report by its place among those that were given, from 0: A, B, C. */
export function machineName(place: number): string {
  const letter = String.fromCharCode('A'.charCodeAt(0) + (place % 26));
  return place < 26 ? letter : `${letter}${Math.floor(place / 26) + 1}`;
}
