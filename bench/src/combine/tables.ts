import { headlinesAmong } from '../report/analysis/contenders.ts';
import type { TableData } from '../report/tables/table-data.ts';
import {
  formatCount,
  formatNumber,
  formatPercent,
  formatRatio,
  formatWithInterval,
} from '../report/words/format.ts';
import { kindRows } from '../report/words/machine-state.ts';
import { placementTitles } from '../report/words/places.ts';
import { fieldWords } from '../report/words/sentence.ts';
import type { Combination, Combined, CombinedRatio, CombinedValue } from './combine.ts';

/** The way to read the interval of a combination; every layout says it. */
export const reading =
  'Each ratio is computed within the rounds of a machine, and each machine counts once. In brackets is the 95% interval of the figure on machines like these. It follows from the number of machines and from the distance between them (one standard deviation, beyond what their runs explain). Beside it is the figure of each machine, with the interval of its own rounds, which says nothing about other machines.';

/** The least number of machines whose interval is not mainly that of their number. */
const machinesMin = 4;

/** Returns a remark on the number of machines; undefined when there are enough. */
export function fewWords({ machines }: Combination): string | undefined {
  if (machines.length >= machinesMin) return undefined;
  return `${machines.length} machines say little about others: with the same spread, the interval of ${machinesMin} would be ${machines.length === 2 ? 'a fifth' : 'two thirds'} as wide.`;
}

/**
 * Tables of a combination: the machines, the ratios that a run of the lab is for, and what they are
 * ratios of.
 *
 * @param details the main metric of every scenario and lane
 */
export function combinationTables(combination: Combination, details: boolean): TableData[] {
  const { ratios, values } = combination;
  const mainRatios = ratios.filter(({ main }) => main);
  const shown = details ? mainRatios : headlinesAmong(mainRatios);
  const lanes = new Set(shown.flatMap(({ lane, baseline }) => [lane, baseline]));
  const places = new Set(shown.map(placeWords));
  const shownValues = values.filter(
    (value) => value.main && (details || (lanes.has(value.lane) && places.has(placeWords(value)))),
  );
  return [
    machineTable(combination),
    ...[...Map.groupBy(shown, placeWords)].map(([title, group]) =>
      ratioTable(combination, `As multiples: ${title}`, group),
    ),
    ...[...Map.groupBy(shownValues, placeWords)].map(([title, group]) =>
      valueTable(combination, title, group),
    ),
  ];
}

function placeWords({ scenario, metric, placement }: CombinedRatio | CombinedValue): string {
  return `${scenario} ${metric}, ${placementTitles[placement]}`;
}

function machineTable({ machines, unlike }: Combination): TableData {
  const rowsOf = machines.map(({ reports }) => reports.map(reportRows));
  const keys = new Set(rowsOf.flat().flatMap((rows) => [...rows.keys()]));
  const rows = [...keys].flatMap((key) => {
    const cells = rowsOf.map((rows) =>
      [...new Set(rows.map((row) => cellText(row.get(key))))].join(', then '),
    );
    const isSame = new Set(cells).size === 1 && !identities.includes(key);
    return isSame ? [] : [[fieldWords(key), ...cells]];
  });
  return {
    title: 'The machines',
    isText: true,
    note: unlike.settings.length === 0 ? unlikeOnly : `${unlikeOnly} Commits are above.`,
    head: ['', ...machines.map(({ name }) => name)],
    rows,
  };
}

function reportRows({
  startedAt,
  fingerprint,
}: Combination['machines'][number]['reports'][number]): ReadonlyMap<string, unknown> {
  const {
    dependencies: _,
    commit: __,
    loadAverage: ___,
    lockfileSha256: ____,
    mitigations: _____,
    caches: ______,
    costs: _______,
    ...rest
  } = fingerprint;
  return new Map<string, unknown>([
    ['startedAt', startedAt],
    ...Object.entries(rest),
    ...kindRows(fingerprint),
  ]);
}

const identities: readonly string[] = ['cpu', 'cores', 'kernel'];
const unlikeOnly = 'All other entries of the fingerprint are the same on all of them.';

function ratioTable(
  combination: Combination,
  title: string,
  ratios: readonly CombinedRatio[],
): TableData {
  const text = (value: number, ci95: readonly [number, number] | null) =>
    `${formatRatio(value)}${ci95 === null ? '' : ` [${ci95.map(formatRatio).join(', ')}]`}`;
  const rows = ratios.map((ratio) => {
    const { lane, baseline } = ratio;
    return [`${lane} over ${baseline}`, ...cells(ratio, text), ratio.verdict];
  });
  return { title, head: [...headOf(combination), 'verdict'], rows };
}

function valueTable(
  combination: Combination,
  title: string,
  values: readonly CombinedValue[],
): TableData {
  const rows = values.map((value) => [
    value.lane,
    ...cells(value, (figure, ci95) => formatWithInterval(figure, ci95, value.unit)),
  ]);
  return { title, head: headOf(combination), rows };
}

function headOf({ machines }: Combination): string[] {
  return ['', 'of machines like these', 'distance', ...machines.map(({ name }) => name)];
}

function cells(
  figure: Combined,
  text: (value: number, ci95: readonly [number, number] | null) => string,
): string[] {
  const own = figure.machines.map(({ value, ci95 }) => text(value, ci95));
  return [text(figure.value, figure.ci95), formatPercent(figure.between), ...own];
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return 'not known';
  if (typeof value === 'number')
    return Number.isInteger(value) ? formatCount(value) : formatNumber(value);
  if (typeof value !== 'object') return `${value}`;
  return Object.entries(value)
    .map(([name, each]) => `${fieldWords(name)} ${each}`)
    .join('; ');
}
