import { type Pen, type PenOptions, penFor } from '../../terminal/pen.ts';
import { renderTable } from '../../terminal/table.ts';
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
import { machineWords, roundsWords } from '../words/places.ts';
import { stateOf } from '../words/state.ts';
import { verdictWords } from '../words/verdict-words.ts';

/** Settings of {@link renderTerminal}. */
export interface TerminalOptions extends PenOptions {
  /** Every table, and not only those that the verdict stands on. */
  readonly details?: boolean;
}

/** The report for a terminal: the verdict in words first, then the tables that it stands on. */
export function renderTerminal(report: Report, options: TerminalOptions = {}): string {
  const { details = false } = options;
  const pen = penFor(options);
  const { wrap } = pen;
  const index = new ReportIndex(report);
  const context: TableContext = { index, style: 'reach', footnotes: new Footnotes() };
  const tables = [
    ...(details ? scenarioTables(context) : mainTables(context)),
    ...ladderTables(context).slice(0, details ? undefined : 1),
    ...taskTable(context),
    ...(details ? noiseTables(context) : []),
  ];
  return [
    ...masthead(report, pen),
    ...choiceLines(context, pen),
    ...verdictLines(report, details, pen),
    ...tables.map((table) => tableBlock(table, pen)),
    ...legend(context, pen),
    ...noiseWords(index).map((text) => `${wrap('', text)}\n`),
    ...invalidLines(report, context, pen),
    ...disturbanceLines(report, pen),
    ...kindLines(report, pen),
    ...skippedLines(report, details, pen),
    ...(details ? glossary.map(({ term, meaning }) => wrap(`${term}: `, meaning)) : []),
    wrap('What this does not show: ', report.notShown.map(firstSentence).join(' ')),
    '',
  ].join('\n');
}

/** Tables of the scenarios that the verdict is about. */
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
function masthead(report: Report, { style, wrap }: Pen): string[] {
  const machine = `${machineWords(report)}; ${roundsWords(report)}, ${report.startedAt.slice(0, 10)}`;
  const state = stateOf(report).map(({ mark, text, warns }) =>
    wrap(`${mark}: `, text, warns ? 'yellow' : 'green'),
  );
  return [...state, '', style('bold', report.title), wrap('', machine, 'dim'), ''];
}

/** The picture, and which of the contenders to choose. */
function choiceLines({ index }: TableContext, { style, wrap }: Pen): string[] {
  const picture = pictureLines(pictureOf(index)).map((line) =>
    line.endsWith(', not to be cited') ? style('dim', line) : line,
  );
  const choice = choiceSentences(index).map((text) => wrap('- ', text));
  const title = style('bold', 'Which should I choose?');
  return [...picture, wrap('', pictureReading, 'dim'), '', title, ...choice, ''];
}

/** The headline, then a card for each topic: the interval and the rest are among the details. */
function verdictLines(report: Report, details: boolean, { style, wrap }: Pen): string[] {
  const { headline, sentences } = verdictWords(report);
  const topics = new Set<string>();
  const first = sentences.filter(({ topic }) => !topics.has(topic) && topics.add(topic));
  const lines = (details ? sentences : first).map(({ figure, short, text }) =>
    details || figure === undefined || short === undefined
      ? wrap('- ', text)
      : `- ${style('bold', figure)}  ${short}`,
  );
  return [wrap('', headline.text, 'bold'), '', ...lines, ''];
}

function tableBlock(table: TableData, { style, wrap, width }: Pen): string {
  const note = table.note === undefined ? [] : [wrap('', table.note, 'dim')];
  return [style('bold', table.title), ...note, '', renderTable(table, width)].join('\n');
}

function legend({ index }: TableContext, { wrap }: Pen): string[] {
  const text =
    'medians of fresh process runs, one a round. ± is the largest distance of the 95% interval from the value; a figure without it has too few rounds for one. n/a: the lane cannot do this, or its curve of load ended before. An empty cell: this run did not measure it.';
  return [wrap('Figures are ', `${text} Here: ${roundsWords(index.report)}.`), ''];
}

function invalidLines({ cells }: Report, { footnotes }: TableContext, { wrap }: Pen): string[] {
  const lines = footnotes
    .entries()
    .map(({ mark, text }) => wrap(`${mark} not to be cited: `, text, 'yellow'));
  const invalid = cells.filter(({ valid }) => !valid).length;
  const count = `${invalid} of ${cells.length} cells are not valid; they are in the report with their reasons.`;
  return invalid === 0 && lines.length === 0 ? [] : [...lines, wrap('', count), ''];
}

/** Lines that tell this machine from others of its kind. */
function kindLines({ fingerprint }: Report, { wrap }: Pen): string[] {
  const rows = kindRows(fingerprint).map(([what, here]) => `${what}: ${here}`);
  return rows.length === 0 ? [] : [`${wrap('The machine: ', `${rows.join('. ')}.`)}\n`];
}

function disturbanceLines(report: Report, { wrap }: Pen): string[] {
  const isSome = (count: typeof slowRuns) => report.cells.some((cell) => count(cell) > 0);
  return [
    wrap('', slowWords(report), isSome(slowRuns) ? 'yellow' : undefined),
    wrap('', disturbanceWords(report), isSome(disturbedRuns) ? 'yellow' : undefined),
    '',
  ];
}

function skippedLines(report: Report, details: boolean, { wrap }: Pen): string[] {
  const { length } = report.skipped;
  if (length === 0) return [];
  if (!details) {
    const what = length === 1 ? 'combination' : 'combinations';
    const text = `${length} ${what} of lane and scenario cannot be measured; the report says why.`;
    return [wrap('', text), ''];
  }
  const lines = skippedGroups(report).map(({ reason, lanes, where }) =>
    wrap('- ', `${lanes.join(', ')}: ${reason} (${where})`),
  );
  return ['Not measured:', ...lines, ''];
}

function firstSentence(text: string): string {
  return /^.*?[.?!](?= |$)/.exec(text)?.[0] ?? text;
}
