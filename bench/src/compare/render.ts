import { styleText } from 'node:util';
import { formatCount, formatRatioWithInterval, formatValue } from '../report/words/format.ts';
import { placementTitles } from '../report/words/places.ts';
import { renderTable, wrapped } from '../terminal/table.ts';
import type { Change, FigurePlace, ReportComparison } from './compare.ts';
import type { HeadlineAgreement } from './headlines.ts';
import { differenceWords } from './unlike-machines.ts';

const width = 100;

export interface ComparisonTextOptions {
  /** True for colour; by default when standard output is a terminal that has some. */
  readonly color?: boolean;
}

/** The comparison for a terminal: what changed first, then what did not. */
export function renderComparison(
  comparison: ReportComparison,
  { color }: ComparisonTextOptions = {},
): string {
  const style = (format: Parameters<typeof styleText>[0], text: string) => {
    if (color === undefined) return styleText(format, text, { stream: process.stdout });
    return color ? styleText(format, text, { validateStream: false }) : text;
  };
  const { a, b, unlike, circumstances, warnings, changes } = comparison;
  const lines = [
    style('bold', 'From A to B'),
    `A: ${a.title}, ${a.startedAt}, commit ${a.commit.slice(0, 12)}`,
    `B: ${b.title}, ${b.startedAt}, commit ${b.commit.slice(0, 12)}`,
    '',
    ...unlike.map((one) =>
      style('red', wrapped('The machines differ: ', differenceWords(one), width)),
    ),
    ...circumstances.map((one) =>
      style('yellow', wrapped('Not the same: ', differenceWords(one), width)),
    ),
    ...warnings.map((warning) => style('yellow', wrapped('', `${warning}.`, width))),
    ...(unlike.length + circumstances.length + warnings.length === 0 ? [] : ['']),
    ...headlineTable(comparison.headlines, style),
    ...scenarioTables(changes, style),
    ...otherChanges(changes, style),
    ...tally(changes),
    ...onlyIn('A', comparison.onlyInA),
    ...onlyIn('B', comparison.onlyInB),
    '',
    wrapped('', reading, width),
    '',
  ];
  return lines.join('\n');
}

const reading =
  'B/A is the ratio of the medians, in brackets its 95% interval from the runs of both. A change is one when the interval holds no 1 and it is beyond the noise of both reports. A machine that drifted between the two sittings looks like a change too.';

type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

/** Tells whether both reports found the same for the ratios that they are for. */
function headlineTable(headlines: readonly HeadlineAgreement[], style: Style): string[] {
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
    return [style('bold', title), '', renderTable(table, width, 40)];
  });
  return [...tables, style('bold', wrapped('', agreementWords(headlines), width)), ''];
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
function scenarioTables(changes: readonly Change[], style: Style): string[] {
  const byScenario = Map.groupBy(
    changes.filter(({ main }) => main),
    ({ scenario, metric }) => `${scenario}: ${metric}`,
  );
  return [...byScenario].flatMap(([title, group]) => {
    const nameOf = ({ lane, placement }: Change) => `${lane}, ${placementTitles[placement]}`;
    return [style('bold', title), '', tableOf(group, nameOf, 34)];
  });
}

/** Of all other figures, those that changed. */
function otherChanges(changes: readonly Change[], style: Style): string[] {
  const others = changes.filter((change) => !change.main && isChange(change));
  if (others.length === 0) return [];
  const nameOf = ({ scenario, metric, lane, placement }: Change) =>
    `${scenario} ${metric}, ${lane}, ${placementTitles[placement]}`;
  return [style('bold', 'Other figures that changed'), '', tableOf(others, nameOf, 54)];
}

function tableOf(
  changes: readonly Change[],
  nameOf: (change: Change) => string,
  nameMax: number,
): string {
  const rows = changes.map((change) => [
    nameOf(change),
    formatValue(change.a.value, change.a.unit),
    formatValue(change.b.value, change.b.unit),
    change.ratio === null ? '' : formatRatioWithInterval(change.ratio, change.ci95),
    change.merit ?? change.verdict,
  ]);
  const table = { title: '', head: ['', 'A', 'B', 'B/A', ''], rows };
  return renderTable(table, width, nameMax);
}

/** Of how many figures what is said. */
function tally(changes: readonly Change[]): string[] {
  const byVerdict = Map.groupBy(changes, ({ merit, verdict }) => merit ?? verdict);
  const counts = [...byVerdict].map(([said, group]) => `${formatCount(group.length)} ${said}`);
  return [wrapped('Of all figures: ', `${counts.join('; ') || 'none is in both'}.`, width)];
}

function isChange({ verdict }: Change): boolean {
  return verdict === 'higher' || verdict === 'lower';
}

function onlyIn(which: string, places: readonly FigurePlace[]): string[] {
  if (places.length === 0) return [];
  const cells = new Set(
    places.map(({ scenario, lane, placement }) => `${scenario}, ${lane}, ${placement}`),
  );
  const shown = [...cells].slice(0, cellsMax).join('; ');
  const more = cells.size > cellsMax ? `; and ${formatCount(cells.size - cellsMax)} more` : '';
  return [wrapped(`Only in ${which}: `, `${shown}${more}`, width)];
}

/** The most cells that are named where only one report has them. */
const cellsMax = 20;
