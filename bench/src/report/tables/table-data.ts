import { notCitable } from '../analysis/fitness.ts';
import type { CellPlace, ReportIndex } from '../schema/report-index.ts';
import { formatCounts, formatWithInterval, formatWithReach } from '../words/format.ts';

/** A table before anybody renders it. */
export interface TableData {
  readonly title: string;
  /** A note that helps to read it; absent when its head says all. */
  readonly note?: string;
  readonly head: readonly string[];
  /** As many cells each as the head has. The first column is text, the others are figures. */
  readonly rows: readonly (readonly string[])[];
  /** Set where the other columns are text too. */
  readonly isText?: true;
}

/** A table of these rows, in a list; none where there are no rows. */
export function tableOf(
  title: string,
  head: readonly string[],
  rows: TableData['rows'],
  more: Pick<TableData, 'note' | 'isText'> = {},
): TableData[] {
  return rows.length === 0 ? [] : [{ title, head, rows, ...more }];
}

/** True of a cell in which something was measured. */
export function isSomething(cell: string): boolean {
  return cell !== '' && cell !== 'n/a';
}

/** The style of an interval beside its value. */
export type IntervalStyle = 'reach' | 'brackets';

/** The context that the tables of one rendering share. */
export interface TableContext {
  readonly index: ReportIndex;
  readonly style: IntervalStyle;
  readonly footnotes: Footnotes;
}

/** The reasons for marks on figures; the same reason has the same mark everywhere. */
export class Footnotes {
  readonly #numbers = new Map<string, number>();

  /** The mark of these reasons: `!1`. */
  mark(reasons: readonly string[]): string {
    const text = reasons.join('; ');
    const number = this.#numbers.get(text) ?? this.#numbers.size + 1;
    this.#numbers.set(text, number);
    return `!${number}`;
  }

  /** Each mark with its reasons, in the order of first use. */
  entries(): { readonly mark: string; readonly text: string }[] {
    return [...this.#numbers].map(([text, number]) => ({ mark: `!${number}`, text }));
  }
}

/** Writes a metric of a cell for a table; one that is not to be cited is marked. */
export function figure(context: TableContext, place: CellPlace, metric: string): string {
  const state = context.index.state(place, metric);
  if (state.kind === 'absent') return '';
  if (state.kind === 'skipped') return 'n/a';
  const { cell } = state;
  if (state.kind === 'measured') {
    const { value, ci95, unit } = state.result;
    const text = withInterval(context.style, value, ci95, unit);
    const because = notCitable(cell);
    return because.length === 0 ? text : `${text} ${context.footnotes.mark(because)}`;
  }
  // A metric that no run of a sound cell has is one that its lane does not have: no server, no CPU.
  return cell.valid ? 'n/a' : `none ${context.footnotes.mark(cell.why)}`;
}

/**
 * Counts the rounds that the figures of a row are of, in a column of every table: `6`, `3 to 14`. Three are
 * too few for an interval.
 */
export function roundsOf(
  { index }: TableContext,
  places: readonly (CellPlace & { readonly metric: string })[],
): string {
  return formatCounts(places.flatMap((place) => index.result(place, place.metric)?.n ?? []));
}

/** A value and its interval, in the style of the rendering. */
export function withInterval(
  style: IntervalStyle,
  ...figure: Parameters<typeof formatWithInterval>
): string {
  return style === 'reach' ? formatWithReach(...figure) : formatWithInterval(...figure);
}
