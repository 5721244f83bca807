import type { ComplexityReport } from '../../complexity/schema.ts';
import { type SplitWay, splitGuards } from '../../complexity/ways.ts';
import { disturbedRuns } from '../analysis/fitness.ts';
import { skippedGroups } from '../analysis/skipped.ts';
import type { ReportCell, ReportRun } from '../schema/report.ts';
import { formatCount, formatPercent, formatValue } from '../words/format.ts';
import { disturbanceWords, kindRows, othersWords, slowWords } from '../words/machine-state.ts';
import { placementTitles } from '../words/places.ts';
import { fieldWords } from '../words/sentence.ts';
import { noiseTables, noiseWords } from './noise-tables.ts';
import { taskTable } from './summary-tables.ts';
import { type TableContext, type TableData, tableOf } from './table-data.ts';
import { tlsTables } from './tls-tables.ts';

/** A part of a report that is words and tables, however it is laid out. */
export interface Part {
  readonly id: string;
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly list?: readonly string[];
  readonly tables: readonly TableData[];
  /** Tables that only few want to see: folded on the page. */
  readonly folded: readonly Folded[];
}

interface Folded extends TableData {
  /** Set where it is on the page alone, for its length. */
  readonly isLong?: true;
}

function partOf(
  id: string,
  title: string,
  tables: readonly TableData[],
  more: Partial<Part> = {},
): Part {
  return { id, title, paragraphs: [], tables, folded: [], ...more };
}

/** The parts of a report behind those that have charts: validity last but two, as it explains their marks. */
export function partsOf(context: TableContext): Part[] {
  const { complexity, notShown } = context.index.report;
  const measured = [
    partOf('tls', 'What TLS costs each transport', tlsTables(context)),
    partOf('tasks', 'The three tasks of 2023', taskTable(context)),
    partOf('code', 'Size and branching of the code', complexityTables(complexity)),
  ];
  return [
    ...measured.filter(({ tables }) => tables.length > 0),
    partOf('noise', 'Noise floor, and a delay put in on purpose', noiseTables(context), {
      paragraphs: [noiseWords(context.index).join(' ')],
    }),
    validity(context),
    fairness(context),
    machine(context),
    partOf('not-shown', 'What this does not show', [], { list: notShown }),
  ];
}

function validity(context: TableContext): Part {
  const { report } = context.index;
  const { cells, steadyRule, slowRule, disturbedRule } = report;
  const invalid = cells.filter(({ valid }) => !valid);
  const wavering = cells.filter(({ valid, why }) => valid && why.length > 0);
  const count =
    invalid.length === 0
      ? `All ${cells.length} cells are valid.`
      : `${invalid.length} of ${cells.length} cells are not valid: most of their runs were not valid. Charts draw them hollow, and tables mark them.`;
  const marks = context.footnotes.entries().map(({ mark, text }) => [mark, text]);
  const tables = [
    ...cellTable(context, 'Cells that are not valid', invalid),
    ...cellTable(context, 'Valid cells with a run that is not valid', wavering),
    ...disturbedTable(context),
    ...textTable('Marks in the tables', ['mark', 'not to be cited because'], marks),
    ...skippedTable(context),
  ];
  return partOf('validity', 'What is valid, and what was not measured', tables, {
    paragraphs: [
      `${count} Warm-up ended by this rule: ${steadyRule.replace(/\.$/, '')}.`,
      `${slowWords(report)} ${slowRule}`,
      `${disturbanceWords(report)} ${disturbedRule}`,
    ],
    folded: [...notesTable(context), cellsTable(context)],
  });
}

/** Every setting that could favour a lane. Lanes with the same value are in one row. */
function fairness({ index }: TableContext): Part {
  const { lanes } = index.report;
  const settings = [...new Set(lanes.flatMap((lane) => Object.keys(lane.settings)))];
  const rows = settings.flatMap((setting) => {
    const groups = [...Map.groupBy(lanes, (lane) => lane.settings[setting] ?? '-')];
    return groups.map(([text, alike], at) => [
      at === 0 ? fieldWords(setting) : '',
      text,
      alike.length === lanes.length ? 'all lanes' : alike.map(({ title }) => title).join('; '),
    ]);
  });
  const described = lanes.map(({ title, kind, description }) => [title, kind, description]);
  const head = ['lane', 'kind', 'what one operation goes through'];
  const tables = textTable('Settings', ['setting', 'value', 'lanes'], rows);
  return partOf('fairness', 'The fairness ledger', tables, {
    paragraphs: [
      'Every setting that could favour a lane. Lanes with the same value are in one row.',
    ],
    folded: textTable('What each lane is', head, described),
  });
}

/** Machine, kernel, runtime, versions, and where the processes ran. */
function machine({ index }: TableContext): Part {
  const { fingerprint, options, placements, startedAt, finishedAt } = index.report;
  const { dependencies, loadAverage, memoryBytes, dirty, ...others } = fingerprint;
  const { mitigations: _, caches: __, costs: ___, ...rest } = others;
  const rows = [
    ...Object.entries(rest).map(([name, value]) => [fieldWords(name), `${value}`]),
    ['changes beyond the commit', dirty ? 'yes' : 'none'],
    ['memory', formatValue(memoryBytes, 'bytes')],
    ...kindRows(fingerprint),
    ['load average', loadAverage.join(', ')],
    ...Object.entries(dependencies),
    ...placements.map(({ name, description }) => [name, description]),
    ['seed', `${options.seed}`],
    ['started, finished', `${startedAt}, ${finishedAt}`],
  ];
  const tables = textTable('The fingerprint', ['what', 'here'], rows);
  return partOf('machine', 'The machine, and what ran on it', tables);
}

function textTable(...table: Parameters<typeof tableOf>): TableData[] {
  return tableOf(...table).map((one) => ({ ...one, isText: true }));
}

function cellTable(
  context: TableContext,
  title: string,
  cells: readonly ReportCell[],
): TableData[] {
  const rows = cells.map((cell) => {
    const valid = cell.runs.filter((run) => run.valid).length;
    return [...namesOf(context, cell), `${valid} of ${cell.runs.length}`, cell.why.join('; ')];
  });
  return textTable(title, ['scenario', 'lane', 'placement', 'valid runs', 'why'], rows);
}

function disturbedTable(context: TableContext): TableData[] {
  const rows = context.index.report.cells
    .filter((cell) => disturbedRuns(cell) > 0)
    .map((cell) => [
      ...namesOf(context, cell),
      `${disturbedRuns(cell)} of ${cell.runs.length}`,
      cell.runs.map(othersWords).join(', '),
    ]);
  const head = ['scenario', 'lane', 'placement', 'disturbed runs', 'cores of others, run by run'];
  return textTable('Cells with disturbed runs', head, rows);
}

function namesOf({ index }: TableContext, { scenario, lane, placement }: ReportCell): string[] {
  return [scenario, index.lane(lane)?.title ?? lane, placementTitles[placement]];
}

function skippedTable({ index }: TableContext): TableData[] {
  const rows = skippedGroups(index.report).map(({ reason, lanes, where }) => [
    lanes.map((lane) => index.lane(lane)?.title ?? lane).join('; '),
    reason,
    where,
  ]);
  return textTable('What was not measured', ['lanes', 'why', 'scenarios'], rows);
}

/** Notes on runs, valid or not, with the cells and the number of their runs. */
function notesTable({ index }: TableContext): TableData[] {
  const notes = index.report.cells.flatMap(({ scenario, lane, placement, runs }) =>
    [...new Set(runs.flatMap((run) => run.notes))].map((note) => {
      const times = runs.filter((run) => run.notes.includes(note)).length;
      const where = `${scenario}, ${placementTitles[placement]} (${times} of ${runs.length})`;
      return { what: `${lane}: ${note}`, where };
    }),
  );
  const rows = [...Map.groupBy(notes, ({ what }) => what)].map(([what, group]) => [
    what,
    group.map(({ where }) => where).join('; '),
  ]);
  return textTable('Notes on runs: not steady, and the like', ['note', 'cells'], rows);
}

function cellsTable({ index }: TableContext): Folded {
  const rows = index.report.cells.map(({ scenario, lane, placement, runs }) => [
    `${scenario}, ${lane}, ${placementTitles[placement]}`,
    `${runs.length}`,
    `${runs.filter(({ valid }) => valid).length}`,
    counted(runs, ({ steady }) => steady),
    counted(runs, ({ slow }) => slow ?? null),
    counted(runs, ({ disturbance }) => disturbance?.disturbed ?? null),
    `${runs.reduce((sum, { errors }) => sum + errors, 0)}`,
    worst(runs, ({ clientUtilisation }) => clientUtilisation),
    worst(runs, ({ serverUtilisation }) => serverUtilisation),
    worst(runs, achieved, Math.min),
    worst(runs, ({ littlesLawError }) => littlesLawError),
  ]);
  const counts = ['runs', 'valid', 'steady', 'slow', 'disturbed', 'errors'];
  return {
    title: 'Every cell and its runs',
    note: 'Loops: the largest utilisation of the event loop in any run. Achieved: the smallest part of the target rate. Little’s law: the largest deviation.',
    head: ['cell', ...counts, 'client loop', 'server loop', 'achieved', 'Little’s law'],
    rows,
    isLong: true,
  };
}

function achieved({ achievedPerSecond, targetPerSecond }: ReportRun): number | null {
  if (achievedPerSecond === null || targetPerSecond === null) return null;
  return achievedPerSecond / targetPerSecond;
}

function counted(runs: readonly ReportRun[], of: (run: ReportRun) => boolean | null): string {
  const judged = runs.flatMap((run) => of(run) ?? []);
  return judged.length === 0 ? 'n/a' : `${judged.filter(Boolean).length} of ${judged.length}`;
}

function worst(
  runs: readonly ReportRun[],
  of: (run: ReportRun) => number | null,
  pick: (...values: number[]) => number = Math.max,
): string {
  const values = runs.flatMap((run) => of(run) ?? []);
  return values.length === 0 ? 'n/a' : formatPercent(pick(...values));
}

const transports = { sockets: 'sockets', grpc: 'gRPC', both: 'shared' } as const;

function guardLines(split: SplitWay | undefined): string {
  return split === undefined ? 'n/a' : formatCount(split.guards.lines.code);
}

/** Tables of the code that each transport needs, and of the packages that it uses. */
function complexityTables(complexity: ComplexityReport | null): TableData[] {
  if (complexity === null) return [];
  const { ways, leaning } = complexity;
  return [
    {
      title: 'What each transport needs',
      note: 'Client, server, its guards and contract together, without comments and blank lines. Guards are the files of a server that only limit, pace and end what clients do; the socket server has a few such lines, which are not counted separately. McCabe is the cyclomatic complexity of a function: its branches plus one.',
      head: [
        ...['', 'files', 'lines', 'guards among them', 'functions', 'branches'],
        ...['McCabe, median', 'McCabe, largest'],
      ],
      rows: ways.map(({ id, transport, title, files, lines, branchesTotal, cyclomatic }) => [
        `${transports[transport]}: ${title}`,
        formatCount(files),
        formatCount(lines.code),
        guardLines(splitGuards(complexity, id)),
        formatCount(cyclomatic.functions),
        formatCount(branchesTotal),
        `${cyclomatic.median ?? 'n/a'}`,
        `${cyclomatic.max ?? 'n/a'}`,
      ]),
    },
    {
      title: 'Libraries of each transport, beyond Node.js',
      note: 'Their JavaScript: all that is installed, and the part that is loaded at the start.',
      head: ['', 'packages', 'installed', 'loaded'],
      rows: leaning.map(({ transport, part, packagesInstalled, installed, loaded }) => [
        `${transports[transport]}: ${part}`,
        formatCount(packagesInstalled),
        formatValue(installed.bytes, 'bytes'),
        formatValue(loaded.bytes, 'bytes'),
      ]),
    },
  ];
}
