import { renderWireMarkdown } from '../../bytes/index.ts';
import type { Report } from '../schema/report.ts';
import { ReportIndex } from '../schema/report-index.ts';
import { type Part, partsOf } from '../tables/parts.ts';
import { pictureLines, pictureOf, pictureReading } from '../tables/picture.ts';
import { ratioTable, scenarioTables } from '../tables/scenario-tables.ts';
import { ladderTables, readOffWords } from '../tables/summary-tables.ts';
import { Footnotes, type TableContext, type TableData } from '../tables/table-data.ts';
import { choiceSentences } from '../words/choice.ts';
import { glossary } from '../words/glossary.ts';
import { machineWords, roundsWords } from '../words/places.ts';
import { stateOf } from '../words/state.ts';
import { verdictWords } from '../words/verdict-words.ts';

/** The whole report as Markdown, to be read on its own. */
export function renderMarkdown(report: Report): string {
  const context: TableContext = {
    index: new ReportIndex(report),
    style: 'brackets',
    footnotes: new Footnotes(),
  };
  const sections = [
    masthead(report),
    pictureSection(context),
    listSection('Which should I choose?', choiceSentences(context.index)),
    verdictSection(report),
    ...ladderSections(context),
    measuredSection(context),
    ratioSection(context),
    ...(report.wire === null ? [] : ['## Where every byte goes', renderWireMarkdown(report.wire)]),
    ...partsOf(context).map(partSection),
    listSection(
      'Glossary',
      glossary.map(({ term, meaning }) => `${term}: ${meaning}`),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

function masthead(report: Report): string {
  const { measureMs } = report.options;
  const plan = `${roundsWords(report)}, each run ${measureMs} ms or more in fresh processes`;
  const state = stateOf(report).map(({ mark, text }) => `**${mark}**: ${escaped(text)}`);
  return [
    `# ${escaped(report.title)}`,
    ...state,
    escaped(`${machineWords(report)}. ${plan}. ${report.startedAt}.`),
    '[What the words mean](#glossary)',
  ].join('\n\n');
}

function pictureSection({ index }: TableContext): string {
  const picture = pictureLines(pictureOf(index)).join('\n');
  return ['## Side by side', `\`\`\`text\n${picture}\n\`\`\``, escaped(pictureReading)].join(
    '\n\n',
  );
}

function verdictSection(report: Report): string {
  const { headline, sentences } = verdictWords(report);
  const list = sentences.map(({ figure, short, text }) =>
    figure === undefined || short === undefined
      ? `- ${escaped(text)}`
      : `- **${escaped(figure)}** ${escaped(short)}. ${escaped(text)}`,
  );
  return ['## In short', `**${escaped(headline.text)}**`, list.join('\n')].join('\n\n').trimEnd();
}

function ladderSections(context: TableContext): string[] {
  const tables = ladderTables(context).map((table) => renderMarkdownTable(table, 2));
  if (tables.length === 0) return [];
  const lines = readOffWords(context)
    .map((text) => `- ${escaped(text)}`)
    .join('\n');
  return [...tables, `Each step is the difference of these lanes:\n\n${lines}`];
}

function measuredSection(context: TableContext): string {
  const tables = scenarioTables(context);
  const reading =
    'Each figure is the median of the process runs, one a round, with its 95% interval in brackets. A figure without an interval has too few rounds for one. A figure with a mark such as !1 is not to be cited; the table of marks says why. n/a: the lane cannot do this, or its curve of load ended before. An empty cell: this run did not measure it.';
  return [
    '## What was measured',
    escaped(reading),
    escaped(`Warm-up: ${context.index.report.steadyRule.replace(/\.$/, '')}.`),
    ...tables.map((table) => renderMarkdownTable(table, 3)),
  ].join('\n\n');
}

function ratioSection(context: TableContext): string {
  const { scenarios } = context.index.report;
  const tables = scenarios.flatMap(({ name, title }) =>
    ratioTable(context, name).map((table) => ({ ...table, title: `${title}: ${table.title}` })),
  );
  const reading =
    'Each lane is divided by the lanes that it is compared with, within each round. An interval without 1 shows a difference, unless the verdict says that the rig may cause it.';
  return ['## As multiples', reading, ...tables.map((table) => renderMarkdownTable(table, 3))].join(
    '\n\n',
  );
}

function partSection({ title, paragraphs, list = [], tables, folded }: Part): string {
  const all = [...tables, ...folded.filter(({ isLong }) => isLong !== true)];
  const items = list.map((text) => `- ${escaped(text)}`).join('\n');
  const parts = [...paragraphs.map(escaped), ...(items === '' ? [] : [items])];
  return [`## ${title}`, ...parts, ...all.map((table) => renderMarkdownTable(table, 3))].join(
    '\n\n',
  );
}

/** A heading and a list, each entry as it is. */
function listSection(title: string, entries: readonly string[]): string {
  return [`## ${title}`, entries.map((entry) => `- ${escaped(entry)}`).join('\n')].join('\n\n');
}

/** The table as Markdown, with its title as a heading of the given level. */
export function renderMarkdownTable(table: TableData, level: number): string {
  const { title, note, head, rows, isText } = table;
  const heading = `${'#'.repeat(level)} ${escaped(title)}`;
  const parts = [
    heading,
    ...(note === undefined ? [] : [escaped(note)]),
    rowsOf(head, rows, isText),
  ];
  return parts.join('\n\n');
}

function rowsOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  isText = false,
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  const rule = `| ${head.map((_, column) => (column === 0 || isText ? '---' : '---:')).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** Text that Markdown takes as it is, within a table too. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_<>|]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}
