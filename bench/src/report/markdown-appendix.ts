import { disturbanceWords, disturbedRuns, othersWords } from './disturbance.ts';
import { escaped, markdownRows } from './markdown-table.ts';
import type { Report } from './report.ts';
import { skippedGroups } from './skipped.ts';
import { slowWords } from './slow-runs.ts';
import type { Footnotes } from './table-data.ts';

/** What stands behind the figures: what is not valid, what is not there, and how it was measured. */
export function appendix(report: Report, footnotes: Footnotes): string[] {
  return [
    ...validitySection(report, footnotes),
    disturbanceSection(report),
    ...skippedSection(report),
    fairnessSection(report),
    ...notesSection(report),
    fingerprintSection(report),
  ];
}

function validitySection({ cells }: Report, footnotes: Footnotes): string[] {
  const invalid = cells.filter(({ valid }) => !valid);
  const marks = footnotes.entries().map(({ mark, text }) => `- ${mark}: ${escaped(text)}`);
  if (invalid.length === 0) {
    return [`## What is not valid\n\nNothing: all ${cells.length} cells are valid.`];
  }
  const rows = invalid.map(({ scenario, lane, placement, runs, why }) => [
    `${scenario}, ${lane}, ${placement}`,
    `${runs.filter(({ valid }) => valid).length} of ${runs.length}`,
    why.join('; '),
  ]);
  const table = markdownRows(['cell', 'valid runs', 'why'], rows, 'text');
  const count = `${invalid.length} of ${cells.length} cells are not valid: most of their runs were not.`;
  return [['## What is not valid', count, table, marks.join('\n')].join('\n\n').trimEnd()];
}

function disturbanceSection(report: Report): string {
  const rows = report.cells
    .filter((cell) => disturbedRuns(cell) > 0)
    .map((cell) => [
      `${cell.scenario}, ${cell.lane}, ${cell.placement}`,
      `${disturbedRuns(cell)} of ${cell.runs.length}`,
      cell.runs.map(othersWords).join(', '),
    ]);
  const { disturbedRule, slowRule } = report;
  const table = markdownRows(
    ['cell', 'disturbed runs', 'cores of others, run by run'],
    rows,
    'text',
  );
  return [
    '## What was slow, and what was disturbed',
    escaped(slowWords(report)),
    ...(slowRule === undefined ? [] : [escaped(slowRule)]),
    escaped(disturbanceWords(report)),
    ...(disturbedRule === undefined ? [] : [escaped(disturbedRule)]),
    ...(rows.length === 0 ? [] : [table]),
  ].join('\n\n');
}

function skippedSection(report: Report): string[] {
  if (report.skipped.length === 0) return [];
  const rows = skippedGroups(report).map(({ reason, lanes, where }) => [
    lanes.join(', '),
    reason,
    where,
  ]);
  const table = markdownRows(['lanes', 'why', 'scenarios'], rows, 'text');
  return [['## What was not asked', table].join('\n\n')];
}

/** Every setting that could tilt a comparison; lanes that have it alike stand together. */
function fairnessSection({ lanes }: Report): string {
  const settings = [...new Set(lanes.flatMap((lane) => Object.keys(lane.settings)))];
  const parts = settings.map((setting) => {
    const groups = Map.groupBy(lanes, (lane) => lane.settings[setting] ?? '-');
    const lines = [...groups].map(([text, alike]) => {
      const names = alike.map(({ title }) => title).join('; ');
      return `- **${escaped(names)}**: ${escaped(text)}`;
    });
    return [`### ${escaped(inWords(setting))}`, lines.join('\n')].join('\n\n');
  });
  const reading = 'Every setting that could tilt a comparison, lane by lane.';
  return ['## The fairness ledger', reading, ...parts].join('\n\n');
}

/** What should be known of runs, valid or not: of which cells, and how many of their runs. */
function notesSection({ cells }: Report): string[] {
  const notes = cells.flatMap(({ scenario, lane, placement, runs }) =>
    [...new Set(runs.flatMap((run) => run.notes))].map((note) => {
      const times = runs.filter((run) => run.notes.includes(note)).length;
      return { lane, note, where: `${scenario}, ${placement} (${times} of ${runs.length})` };
    }),
  );
  if (notes.length === 0) return [];
  const groups = [...Map.groupBy(notes, ({ lane, note }) => `${lane}: ${note}`)];
  const lines = groups.map(([what, group]) => {
    const where = group.map((one) => one.where).join('; ');
    return `- **${escaped(what)}**: ${escaped(where)}`;
  });
  return [['## Notes on runs', lines.join('\n')].join('\n\n')];
}

function fingerprintSection({ fingerprint, options, placements }: Report): string {
  const { dependencies, loadAverage, ...rest } = fingerprint;
  const rows = [
    ...Object.entries(rest).map(([name, value]) => [inWords(name), `${value}`]),
    ['load average', loadAverage.join(', ')],
    ...Object.entries(dependencies).map(([name, version]) => [name, version]),
    ...placements.map(({ name, description }) => [name, description]),
    ['seed', `${options.seed}`],
  ];
  return ['## The machine, and what ran on it', markdownRows(['', ''], rows, 'text')].join('\n\n');
}

/** `noDelay` is `no delay`. */
function inWords(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
