import { escaped, renderMarkdownTable } from '../report/markdown/markdown.ts';
import { type PenOptions, penFor } from '../terminal/pen.ts';
import { renderTable } from '../terminal/table.ts';
import type { Combination, LeftOut } from './combine.ts';
import { combinationTables, fewWords, reading } from './tables.ts';

/** The ways in which a combination is written. */
export const combinationFormats = ['terminal', 'markdown', 'json'] as const;
export type CombinationFormat = (typeof combinationFormats)[number];

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
    renderTable(table, pen.width, firstColumnMax),
  ]);
  return [
    pen.style('bold', title),
    `commit ${combination.commit.slice(0, 12)}`,
    '',
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

function markdown(combination: Combination, { details }: CombinationTextOptions): string {
  const few = fewWords(combination);
  const warnings = [
    ...combination.warnings.map((warning) => `${warning}.`),
    ...(few === undefined ? [] : [few]),
  ];
  return `${[
    `# ${title}`,
    `Commit \`${combination.commit.slice(0, 12)}\`. ${escaped(reading)}`,
    ...warnings.map((warning) => `**${escaped(warning)}**`),
    ...combinationTables(combination, details).map((table) => renderMarkdownTable(table, 2)),
    ...leftOutWords(combination.leftOut).map((text) => `Left out: ${escaped(text)}`),
  ].join('\n\n')}\n`;
}

/** The figures that are left out, by reason: their lanes, and the number of their places. */
function leftOutWords(leftOut: readonly LeftOut[]): string[] {
  return [...Map.groupBy(leftOut, ({ reason }) => reason)].map(([reason, places]) => {
    const lanes = [...new Set(places.map(({ lane }) => lane))];
    const cells = new Set(places.map(({ scenario, placement }) => `${scenario} ${placement}`));
    return `${reason}: ${lanes.join(', ')} in ${[...cells].join('; ')}.`;
  });
}
