import { styleText } from 'node:util';
import { disturbedRuns, slowRuns } from '../analysis/fitness.ts';
import { costMetrics, systemCallMetrics } from '../analysis/side-by-side.ts';
import { skippedGroups } from '../analysis/skipped.ts';
import type { Report } from '../schema/report.ts';
import { ReportIndex } from '../schema/report-index.ts';
import { noiseTables, noiseWords } from '../tables/noise-tables.ts';
import { pictureLines, pictureOf, pictureReading } from '../tables/picture.ts';
import { pointTables, scenarioTables } from '../tables/scenario-tables.ts';
import { ladderTables, taskTable } from '../tables/summary-tables.ts';
import { Footnotes, type TableContext, type TableData } from '../tables/table-data.ts';
import { choiceSentences } from '../words/choice.ts';
import { glossary } from '../words/glossary.ts';
import { disturbanceWords, kindRows, slowWords } from '../words/machine-state.ts';
import { kernelWords, roundsWords } from '../words/places.ts';
import { stateOf } from '../words/state.ts';
import { verdictWords } from '../words/verdict-words.ts';
import { renderTable, wrapped } from './terminal-table.ts';

export interface TerminalOptions {
  /** Whether to use colour; by default when standard output is a terminal that has some. */
  readonly color?: boolean;
  /** Every table, and not only those that the verdict stands on. */
  readonly details?: boolean;
  /** Columns; at least 60. */
  readonly width?: number;
}

const widthDefault = 100;

type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

/** The report for a terminal: the verdict in words first, then the tables that it stands on. */
export function renderTerminal(report: Report, options: TerminalOptions = {}): string {
  const { color, details = false, width = widthDefault } = options;
  const style: Style = (format, text) => {
    if (color === undefined) return styleText(format, text, { stream: process.stdout });
    return color ? styleText(format, text, { validateStream: false }) : text;
  };
  const context: TableContext = {
    index: new ReportIndex(report),
    style: 'reach',
    footnotes: new Footnotes(),
  };
  const tables = [
    ...(details ? scenarioTables(context) : mainTables(context)),
    ...ladderTables(context).slice(0, details ? undefined : 1),
    ...taskTable(context),
    ...(details ? noiseTables(context) : []),
  ];
  return [
    ...masthead(report, style, width),
    ...choiceLines(context, style, width),
    ...verdictLines(report, details, style, width),
    ...tables.map((table) => tableBlock(table, style, width)),
    ...legend(context, width),
    ...noiseWords(context.index).map((text) => `${wrapped('', text, width)}\n`),
    ...invalidLines(report, context, style, width),
    ...disturbanceLines(report, style, width),
    ...kindLines(report, width),
    ...skippedLines(report, details, width),
    ...(details ? glossary.map(({ term, meaning }) => wrapped(`${term}: `, meaning, width)) : []),
    wrapped('What this does not show: ', report.notShown.map(firstSentence).join(' '), width),
    '',
  ].join('\n');
}

/** What the scenarios that the verdict is about found. */
function mainTables(context: TableContext): TableData[] {
  return ['latency-1', 'throughput-64'].flatMap((name) => {
    const scenario = context.index.report.scenarios.find((one) => one.name === name);
    const main = scenario?.metrics[0]?.name ?? '';
    const wanted = [main, ...costMetrics, ...systemCallMetrics];
    return scenario === undefined
      ? []
      : pointTables(context, scenario, (metric) => wanted.includes(metric));
  });
}

/** The state of the run, and then what it is and of which machine. */
function masthead(report: Report, style: Style, width: number): string[] {
  const { cpu, cores, kernel, runtime } = report.fingerprint;
  const machine = `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${kernelWords(kernel)}, ${runtime}; ${roundsWords(report)}, ${report.startedAt.slice(0, 10)}`;
  const state = stateOf(report).map(({ mark, text, warns }) =>
    style(warns ? 'yellow' : 'green', wrapped(`${mark}: `, text, width)),
  );
  return [...state, '', style('bold', report.title), style('dim', wrapped('', machine, width)), ''];
}

/** The picture, and which of the contenders to choose. */
function choiceLines({ index }: TableContext, style: Style, width: number): string[] {
  const picture = pictureLines(pictureOf(index)).map((line) =>
    line.endsWith(', not to be cited') ? style('dim', line) : line,
  );
  const choice = choiceSentences(index).map((text) => wrapped('- ', text, width));
  const reading = style('dim', wrapped('', pictureReading, width));
  return [...picture, reading, '', style('bold', 'Which should I choose?'), ...choice, ''];
}

/** The headline, then a card for each topic: the interval and the rest are among the details. */
function verdictLines(report: Report, details: boolean, style: Style, width: number): string[] {
  const { headline, sentences } = verdictWords(report);
  const topics = new Set<string>();
  const first = sentences.filter(({ topic }) => !topics.has(topic) && topics.add(topic));
  const lines = (details ? sentences : first).map(({ figure, short, text }) =>
    details || figure === undefined || short === undefined
      ? wrapped('- ', text, width)
      : `- ${style('bold', figure)}  ${short}`,
  );
  return [style('bold', wrapped('', headline.text, width)), '', ...lines, ''];
}

function tableBlock(table: TableData, style: Style, width: number): string {
  const title = style('bold', table.title);
  const note = table.note === undefined ? [] : [style('dim', wrapped('', table.note, width))];
  return [title, ...note, '', renderTable(table, width)].join('\n');
}

function legend({ index }: TableContext, width: number): string[] {
  const { rounds } = index.report.options;
  const text = `medians of fresh process runs, one a round, of at least ${rounds} rounds. ± is how far the 95% interval reaches from the value; without it there were too few rounds for one. n/a: it cannot be asked of that lane.`;
  return [wrapped('Figures are ', text, width), ''];
}

function invalidLines(
  { cells }: Report,
  { footnotes }: TableContext,
  style: Style,
  width: number,
): string[] {
  const marked = footnotes.entries();
  const lines = marked.map(({ mark, text }) =>
    style('yellow', wrapped(`${mark} not to be cited: `, text, width)),
  );
  const invalid = cells.filter(({ valid }) => !valid).length;
  const count = `${invalid} of ${cells.length} cells are not valid; they are in the report with their reasons.`;
  return invalid === 0 && lines.length === 0 ? [] : [...lines, wrapped('', count, width), ''];
}

/** What tells this machine from others of its kind. */
function kindLines({ fingerprint }: Report, width: number): string[] {
  const rows = kindRows(fingerprint).map(([what, here]) => `${what}: ${here}`);
  return rows.length === 0 ? [] : [`${wrapped('The machine: ', `${rows.join('. ')}.`, width)}\n`];
}

function disturbanceLines(report: Report, style: Style, width: number): string[] {
  const { cells } = report;
  const lines = [
    { words: slowWords(report), some: cells.some((cell) => slowRuns(cell) > 0) },
    { words: disturbanceWords(report), some: cells.some((cell) => disturbedRuns(cell) > 0) },
  ];
  return [
    ...lines.map(({ words, some }) => {
      const text = wrapped('', words, width);
      return some ? style('yellow', text) : text;
    }),
    '',
  ];
}

function skippedLines(report: Report, details: boolean, width: number): string[] {
  const { skipped } = report;
  if (skipped.length === 0) return [];
  if (!details) {
    const what = skipped.length === 1 ? 'combination' : 'combinations';
    const text = `${skipped.length} ${what} of lane and scenario cannot be asked; the report says why.`;
    return [wrapped('', text, width), ''];
  }
  const lines = skippedGroups(report).map(({ reason, lanes, where }) =>
    wrapped('- ', `${lanes.join(', ')}: ${reason} (${where})`, width),
  );
  return ['Not asked:', ...lines, ''];
}

function firstSentence(text: string): string {
  return /^.*?[.?!](?= |$)/.exec(text)?.[0] ?? text;
}
