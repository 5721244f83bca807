import { formatCount, formatRatioWithInterval, formatValue } from '../report/words/format.ts';
import { placementTitles } from '../report/words/places.ts';
import { type Pen, type PenOptions, penFor } from '../terminal/pen.ts';
import { renderTable } from '../terminal/table.ts';
import type { Change, FigurePlace, ReportComparison } from './compare.ts';
import type { HeadlineAgreement } from './headlines.ts';
import { differenceWords } from './unlike-machines.ts';

/** The comparison for a terminal: what changed first, then what did not. */
export function renderComparison(comparison: ReportComparison, options: PenOptions = {}): string {
  const pen = penFor(options);
  const { a, b, unlike, circumstances, warnings, changes } = comparison;
  const lines = [
    pen.style('bold', 'From A to B'),
    `A: ${a.title}, ${a.startedAt}, commit ${a.commit.slice(0, 12)}`,
    `B: ${b.title}, ${b.startedAt}, commit ${b.commit.slice(0, 12)}`,
    '',
    ...unlike.map((one) => pen.wrap('The machines differ: ', differenceWords(one), 'red')),
    ...circumstances.map((one) => pen.wrap('Not the same: ', differenceWords(one), 'yellow')),
    ...warnings.map((warning) => pen.wrap('', `${warning}.`, 'yellow')),
    ...(unlike.length + circumstances.length + warnings.length === 0 ? [] : ['']),
    ...headlineTable(comparison.headlines, pen),
    ...scenarioTables(changes, pen),
    ...otherChanges(changes, pen),
    ...tally(changes, pen),
    ...onlyIn('A', comparison.onlyInA, pen),
    ...onlyIn('B', comparison.onlyInB, pen),
    '',
    pen.wrap('', reading),
    '',
  ];
  return lines.join('\n');
}

const reading =
  'B/A is the ratio of the medians, with its 95% interval from the runs of both in brackets. It counts as a change when the interval does not contain 1, and the difference is larger than the noise of both reports. A machine that became slower or faster between the two runs looks like a change, too.';

/** Tells whether both reports found the same for the ratios that they are for. */
function headlineTable(headlines: readonly HeadlineAgreement[], pen: Pen): string[] {
  if (headlines.length === 0) return [];
  const places = Map.groupBy(
    headlines,
    ({ scenario, placement }) => `Main ratios of ${scenario}, ${placementTitles[placement]}`,
  );
  const tables = [...places].flatMap(([title, group]) => {
    const rows = group.map(({ lane, baseline, a, b, verdict }) => [
      `${lane} to ${baseline}`,
      formatRatioWithInterval(a.value, a.ci95),
      formatRatioWithInterval(b.value, b.ci95),
      verdict,
    ]);
    const table = { title: '', head: ['', 'in A', 'in B', ''], rows };
    return [pen.style('bold', title), '', renderTable(table, pen.width, 40)];
  });
  return [...tables, pen.wrap('', agreementWords(headlines), 'bold'), ''];
}

function agreementWords(headlines: readonly HeadlineAgreement[]): string {
  const of = (verdict: HeadlineAgreement['verdict']) =>
    headlines.filter((each) => each.verdict === verdict).length;
  const others = (['no interval', 'not valid'] as const).flatMap((verdict) =>
    of(verdict) === 0 ? [] : [`${of(verdict)} cannot be told: ${verdict}`],
  );
  const told = [`${of('agree')} agree`, `${of('differ')} differ`, ...others].join('; ');
  return `Of ${headlines.length} main ratios ${told}. Two agree when their 95% intervals overlap.`;
}

/** The figure that each scenario is about, changed or not. */
function scenarioTables(changes: readonly Change[], pen: Pen): string[] {
  const byScenario = Map.groupBy(
    changes.filter(({ main }) => main),
    ({ scenario, metric }) => `${scenario}: ${metric}`,
  );
  return [...byScenario].flatMap(([title, group]) => {
    const nameOf = ({ lane, placement }: Change) => `${lane}, ${placementTitles[placement]}`;
    return [pen.style('bold', title), '', tableOf(group, nameOf, 34, pen)];
  });
}

/** Of all other figures, those that changed. */
function otherChanges(changes: readonly Change[], pen: Pen): string[] {
  const others = changes.filter((change) => !change.main && isChange(change));
  if (others.length === 0) return [];
  const nameOf = ({ scenario, metric, lane, placement }: Change) =>
    `${scenario} ${metric}, ${lane}, ${placementTitles[placement]}`;
  return [pen.style('bold', 'Other figures that changed'), '', tableOf(others, nameOf, 54, pen)];
}

function tableOf(
  changes: readonly Change[],
  nameOf: (change: Change) => string,
  nameMax: number,
  pen: Pen,
): string {
  const rows = changes.map((change) => [
    nameOf(change),
    formatValue(change.a.value, change.a.unit),
    formatValue(change.b.value, change.b.unit),
    change.ratio === null ? '' : formatRatioWithInterval(change.ratio, change.ci95),
    change.merit ?? change.verdict,
  ]);
  const table = { title: '', head: ['', 'A', 'B', 'B/A', ''], rows };
  return renderTable(table, pen.width, nameMax);
}

/** Of how many figures what is said. */
function tally(changes: readonly Change[], pen: Pen): string[] {
  const byVerdict = Map.groupBy(changes, ({ merit, verdict }) => merit ?? verdict);
  const counts = [...byVerdict].map(([said, group]) => `${formatCount(group.length)} ${said}`);
  return [pen.wrap('Of all figures: ', `${counts.join('; ')}.`)];
}

function isChange({ verdict }: Change): boolean {
  return verdict === 'higher' || verdict === 'lower';
}

function onlyIn(which: string, places: readonly FigurePlace[], pen: Pen): string[] {
  if (places.length === 0) return [];
  const cells = new Set(
    places.map(({ scenario, lane, placement }) => `${scenario}, ${lane}, ${placement}`),
  );
  const shown = [...cells].slice(0, cellsMax).join('; ');
  const more = cells.size > cellsMax ? `; and ${formatCount(cells.size - cellsMax)} more` : '';
  return [pen.wrap(`Only in ${which}: `, `${shown}${more}`)];
}

/** The most cells that are named where only one report has them. */
const cellsMax = 20;
