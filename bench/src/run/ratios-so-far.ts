import { contenderTitles } from '../report/words/choice.ts';
import { formatRatioWithInterval, formatValue } from '../report/words/format.ts';
import { placementTitles } from '../report/words/places.ts';
import type { Headline } from '../rig/rounds/next-round.ts';
import { renderTable } from '../terminal/table.ts';

/** The room for a table that is drawn in place: what is higher could not be drawn over. */
interface Room {
  readonly columns: number;
  readonly rows: number;
}

/**
 * Shows the main ratios of a run as far as they are known, each with both medians and the number of its
 * rounds. Empty before there is one.
 */
export function ratiosSoFar(ratios: readonly Headline[], { columns, rows }: Room): string {
  const known = ratios.flatMap(({ soFar, ...place }) =>
    soFar === undefined ? [] : [{ ...place, ...soFar }],
  );
  if (known.length === 0) return '';
  const groups = Map.groupBy(
    known,
    ({ scenario, placement }) => `${scenario}, ${placementTitles[placement]}`,
  );
  const cells = [...groups].flatMap(([title, group]) => [
    [title, '', '', '', ''],
    ...group.map(({ lane, baseline, own, base, unit, ratio: { value, interval, n } }) => [
      `  ${titleOf(lane)} to ${titleOf(baseline)}`,
      ...[formatValue(own, unit), formatValue(base, unit)],
      formatRatioWithInterval(value, interval === undefined ? null : [interval.low, interval.high]),
      `${n}`,
    ]),
  ]);
  const head = ['', '', '', 'times', 'rounds'];
  const lines = renderTable({ title: '', head, rows: cells }, columns).trimEnd().split('\n');
  if (lines.length <= rows) return lines.join('\n');
  const shown = lines.slice(0, rows - 1);
  return [...shown, `and ${lines.length - shown.length} more`].join('\n');
}

function titleOf(lane: string): string {
  return contenderTitles[lane] ?? lane;
}
