import { disturbanceWords, disturbedRuns, othersWords } from '../../disturbance.ts';
import { formatPercent } from '../../format.ts';
import type { ReportCell, ReportRun } from '../../report.ts';
import { skippedGroups } from '../../skipped.ts';
import { slowWords } from '../../slow-runs.ts';
import { placementTitles } from '../../table-data.ts';
import type { PageContext, Section } from '../context.ts';
import { html, type Markup } from '../markup.ts';
import { plainTable } from '../table.ts';

/** Every cell that is not valid and every one that was not asked, each with its reason. */
export function validitySection(context: PageContext): Section {
  const { cells, steadyRule, disturbedRule, slowRule } = context.report;
  const invalid = cells.filter(({ valid }) => !valid);
  const wavering = cells.filter(({ valid, why }) => valid && why.length > 0);
  const marks = context.tables.footnotes.entries();
  const body = html`
<p>${invalid.length === 0 ? `All ${cells.length} cells are valid.` : `${invalid.length} of ${cells.length} cells are not valid: most of their runs were not. They are drawn hollow, and marked in the tables.`} Warm-up ended by this rule: ${steadyRule.replace(/\.$/, '')}.</p>
${cellTable(context, 'Cells that are not valid', invalid)}
${cellTable(context, 'Valid cells in which a run was not', wavering)}
<p>${slowWords(context.report)} ${slowRule}</p>
<p>${disturbanceWords(context.report)} ${disturbedRule}</p>
${disturbedTable(context)}
${marks.length > 0 && html`<h3>Marks in the tables</h3><ul>${marks.map(({ mark, text }) => html`<li><b>${mark}</b> ${text}</li>`)}</ul>`}
${skippedTable(context)}
${notesList(cells)}
<details class="long"><summary>Every cell, and how its runs went</summary>${cellsTable(context)}</details>`;
  return { id: 'validity', title: 'What is valid, and what was not asked', body };
}

function cellTable(
  context: PageContext,
  caption: string,
  cells: readonly ReportCell[],
): Markup | undefined {
  if (cells.length === 0) return undefined;
  const head = ['scenario', 'lane', 'placement', 'valid runs', 'why'];
  const rows = cells.map((cell) => reasonsRow(context, cell));
  return plainTable(caption, head, rows, 'words');
}

function reasonsRow({ index }: PageContext, { scenario, lane, placement, runs, why }: ReportCell) {
  const valid = runs.filter((run) => run.valid).length;
  return [
    scenario,
    index.lane(lane)?.title ?? lane,
    placementTitles[placement],
    `${valid} of ${runs.length}`,
    why.join('; '),
  ];
}

function disturbedTable(context: PageContext): Markup | undefined {
  const { cells } = context.report;
  const rows = cells
    .filter((cell) => disturbedRuns(cell) > 0)
    .map((cell) => [
      cell.scenario,
      context.index.lane(cell.lane)?.title ?? cell.lane,
      placementTitles[cell.placement],
      `${disturbedRuns(cell)} of ${cell.runs.length}`,
      cell.runs.map(othersWords).join(', '),
    ]);
  if (rows.length === 0) return undefined;
  const head = ['scenario', 'lane', 'placement', 'disturbed runs', 'cores of others, run by run'];
  return plainTable('Cells with disturbed runs', head, rows, 'words');
}

function skippedTable({ report, index }: PageContext): Markup | undefined {
  const groups = skippedGroups(report);
  if (groups.length === 0) return undefined;
  const rows = groups.map(({ reason, lanes, where }) => [
    lanes.map((lane) => index.lane(lane)?.title ?? lane).join('; '),
    reason,
    where,
  ]);
  return plainTable('What was not asked', ['lanes', 'why', 'scenarios'], rows, 'words');
}

/** What should be known of runs, valid or not. */
function notesList(cells: readonly ReportCell[]): Markup | undefined {
  const notes = cells.flatMap(({ scenario, lane, placement, runs }) =>
    [...new Set(runs.flatMap((run) => run.notes))].map((note) => {
      const times = runs.filter((run) => run.notes.includes(note)).length;
      const where = `${scenario}, ${placementTitles[placement]} (${times} of ${runs.length})`;
      return { what: `${lane}: ${note}`, where };
    }),
  );
  if (notes.length === 0) return undefined;
  const groups = [...Map.groupBy(notes, ({ what }) => what)];
  const entries = groups.map(
    ([what, group]) => html`<li><b>${what}</b>: ${group.map(({ where }) => where).join('; ')}</li>`,
  );
  return html`<details><summary>Notes on ${notes.length} ${notes.length === 1 ? 'cell' : 'cells'}: not steady, and the like</summary><ul>${entries}</ul></details>`;
}

const head = [
  'cell',
  'runs',
  'valid',
  'steady',
  'slow',
  'disturbed',
  'errors',
  'client loop',
  'server loop',
  'achieved',
  'Little’s law',
];

function cellsTable({ report }: PageContext): Markup {
  const rows = report.cells.map(({ scenario, lane, placement, runs }) => [
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
  return html`${plainTable('Every cell', head, rows, 'figures')}<p class="note">Loops: the largest utilisation of the event loop in any run. Achieved: the smallest part of the target rate. Little’s law: the largest deviation.</p>`;
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
