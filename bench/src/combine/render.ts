import { escaped, renderMarkdownTable } from '../report/markdown/markdown.ts';
import type { TableData } from '../report/tables/table-data.ts';
import { type Pen, type PenOptions, penFor } from '../terminal/pen.ts';
import { renderTable } from '../terminal/table.ts';
import type { Combination, LeftOut } from './combine.ts';
import { combinationTables, fewWords, reading } from './tables.ts';
import type { Unlike } from './unlike-settings.ts';

/** The ways in which a combination is written. */
export const combinationFormats = ['terminal', 'markdown', 'json'] as const;
/** One of {@link combinationFormats}. */
export type CombinationFormat = (typeof combinationFormats)[number];

/** Settings of {@link renderCombination}; colour and width concern the terminal alone. */
export interface CombinationTextOptions extends PenOptions {
  /** Every scenario and lane, and not only what a run is for. JSON has all of them, and every metric. */
  readonly details: boolean;
}

const title = 'Reports of several machines, joined';

/** Writes a combination in one of {@link combinationFormats}. */
export function renderCombination(
  combination: Combination,
  format: CombinationFormat,
  options: CombinationTextOptions,
): string {
  if (format === 'json') return `${JSON.stringify(combination, null, 2)}\n`;
  return format === 'markdown' ? markdown(combination, options) : terminal(combination, options);
}

function terminal(combination: Combination, options: CombinationTextOptions): string {
  const { details } = options;
  const pen = penFor(options);
  const few = fewWords(combination);
  const tables = combinationTables(combination, details).flatMap(({ note, ...table }) => [
    pen.style('bold', table.title),
    ...(note === undefined ? [] : [pen.wrap('', note, 'dim')]),
    '',
    ...(table.isText ? machineLines(table, pen) : [renderTable(table, pen.width, firstColumnMax)]),
  ]);
  return [
    pen.style('bold', title),
    ...commitWords(combination).map((commit) => `commit ${commit}`),
    '',
    ...unlikeWords(combination.unlike).map((text) => pen.wrap('Not the same: ', text, 'yellow')),
    ...combination.warnings.map((warning) => pen.wrap('', `${warning}.`, 'yellow')),
    ...(few === undefined ? [] : [pen.wrap('', few, 'yellow')]),
    '',
    ...tables,
    ...leftOutWords(combination.leftOut).map((text) => pen.wrap('Left out: ', text)),
    pen.wrap('', reading),
    ...(details ? [] : ['--details has every scenario and lane, --json every metric as well.']),
    '',
  ].join('\n');
}

const firstColumnMax = 34;

/** The machines, whose texts are longer than a column of a terminal. */
function machineLines({ head, rows }: TableData, pen: Pen): string[] {
  const lines = rows.map(([what, ...cells]) =>
    pen.wrap(`${what}: `, cells.map((cell, i) => `${cell} in ${head[i + 1]}`).join('; ')),
  );
  return [...lines, ''];
}

function markdown(combination: Combination, { details }: CombinationTextOptions): string {
  const few = fewWords(combination);
  const warnings = [
    ...combination.warnings.map((warning) => `${warning}.`),
    ...(few === undefined ? [] : [few]),
  ];
  return `${[
    `# ${title}`,
    [...commitWords(combination).map((commit) => `Commit \`${commit}\`.`), escaped(reading)].join(
      ' ',
    ),
    ...unlikeWords(combination.unlike).map((text) => `Not the same: ${escaped(text)}.`),
    ...warnings.map((warning) => `**${escaped(warning)}**`),
    ...combinationTables(combination, details).map((table) => renderMarkdownTable(table, 2)),
    ...leftOutWords(combination.leftOut).map((text) => `Left out: ${escaped(text)}`),
  ].join('\n\n')}\n`;
}

/** The commit of all machines; those that differ are said with what else does. */
function commitWords({ machines }: Combination): string[] {
  const commits = machines.flatMap(({ reports }) => reports.map((each) => each.fingerprint.commit));
  const [commit, ...others] = new Set(commits);
  return commit === undefined || others.length > 0 ? [] : [commit.slice(0, 12)];
}

function unlikeWords({ settings, scenarios }: Unlike): string[] {
  const named = scenarios.map(({ name, parts }) => `${name} (${parts.join(', ')})`);
  return named.length === 0
    ? [...settings]
    : [...settings, `scenarios, which are left out: ${named.join('; ')}`];
}

/** The figures that are left out, by reason: their lanes, and the number of their places. */
function leftOutWords(leftOut: readonly LeftOut[]): string[] {
  return [...Map.groupBy(leftOut, ({ reason }) => reason)].map(([reason, places]) => {
    const lanes = [...new Set(places.map(({ lane }) => lane))];
    const cells = new Set(places.map(({ scenario, placement }) => `${scenario} ${placement}`));
    return `${reason}: ${lanes.join(', ')} in ${[...cells].join('; ')}.`;
  });
}
