import { isAgain } from '../analysis/noise.ts';
import type { Placement, ReportLane, ReportResult } from '../schema/report.ts';
import type { CellPlace } from '../schema/report-index.ts';
import { formatValue } from '../words/format.ts';
import { placementTitles } from '../words/places.ts';
import { capitalised } from '../words/sentence.ts';
import type { Axis } from './chart/axis.ts';
import type { Mark, PointSymbol } from './chart/marks.ts';
import type { Panel, Row } from './chart/rows.ts';
import type { PageContext } from './context.ts';

/** The results of a metric at one placement, to be drawn. */
export interface MeasuredPanel {
  readonly title: string;
  readonly rows: readonly MeasuredRow[];
}

interface MeasuredRow {
  readonly lane: ReportLane;
  readonly result: ReportResult;
}

/**
 * The lanes that a chart shows: all but those that are there for the noise of the rig, which have
 * charts of their own.
 */
export function shownLanes({ report }: PageContext): readonly ReportLane[] {
  const delayed = new Set(report.noise.injected.map(({ lane }) => lane));
  return report.lanes.filter(({ name }) => !isAgain(name) && !delayed.has(name));
}

/** A metric of a scenario on every lane that was asked, a panel for each placement. */
export function measuredPanels(
  context: PageContext,
  scenario: string,
  metric: string,
): MeasuredPanel[] {
  return context.index.placements().flatMap((placement) => {
    const rows = shownLanes(context).flatMap((lane): MeasuredRow[] => {
      const result = context.index.result({ scenario, lane: lane.name, placement }, metric);
      return result === undefined ? [] : [{ lane, result }];
    });
    return rows.length === 0 ? [] : [{ title: placementTitles[placement], rows }];
  });
}

/** Panels of rows, one for each placement that has some. */
export function placedPanels(
  { index }: PageContext,
  rowsAt: (placement: Placement) => readonly Row[],
): Panel[] {
  return index.placements().flatMap((placement) => {
    const rows = rowsAt(placement);
    return rows.length === 0 ? [] : [{ title: placementTitles[placement], rows }];
  });
}

/** A value of a row of points: its metric, and how it is drawn. */
export interface RowPoint {
  readonly metric: string;
  readonly symbol: PointSymbol;
  /** The side on which its value is written; absent: it is in the table alone. */
  readonly side?: 'left' | 'right';
}

/**
 * A row of what a lane has of these, with intervals, linked; hollow marks are not valid. None where it was
 * not asked.
 */
export function pointsRow(
  { index, look }: PageContext,
  place: CellPlace,
  label: string,
  points: readonly RowPoint[],
): Row[] {
  const found = points.flatMap((one) => {
    const result = index.result(place, one.metric);
    return result === undefined ? [] : [{ ...one, result }];
  });
  if (found.length === 0) {
    const cell = index.cell(place);
    if (cell === undefined || cell.valid) return [];
    return [{ label, marks: [{ kind: 'note', text: 'nothing measured: not valid' }] }];
  }
  const { ink } = look(place.lane);
  const values = found.map(({ result }) => result.value);
  const [from, to] = [Math.min(...values), Math.max(...values)];
  // What is written stands beyond all marks on its side.
  const ends = found.flatMap(({ result: { value, ci95 } }) => [value, ...(ci95 ?? [])]);
  const marks = found.flatMap(({ symbol, side, result }): Mark[] => {
    const { value, ci95, unit, valid } = result;
    const at = side === 'left' ? Math.min(...ends) : Math.max(...ends);
    const text = `${formatValue(value, unit)}${valid || side === 'left' ? '' : ', not valid'}`;
    return [
      ...intervalMarks(ci95, ink),
      { kind: 'point', at: value, ink, symbol, hollow: !valid },
      ...(side === undefined ? [] : [{ kind: 'label', at, text, side } as const]),
    ];
  });
  const link: Mark[] = found.length > 1 ? [{ kind: 'link', from, to, ink }] : [];
  return [{ label, marks: [...link, ...marks] }];
}

/** An interval, where there is one; below the bars of a row that has some. */
function intervalMarks(
  ci95: readonly [number, number] | null,
  ink: string,
  isBelow = false,
): Mark[] {
  return ci95 === null ? [] : [{ kind: 'interval', low: ci95[0], high: ci95[1], ink, isBelow }];
}

/** A part of a stacked row: what it is painted as, how long it is, and what is written in it. */
export interface StackedPart {
  readonly part: string;
  readonly size: number;
  readonly text: string;
  readonly ci95?: readonly [number, number] | null;
}

/**
 * Parts one behind the other, with the whole in words at their end. A part below 0, and all parts of
 * what is not valid, are hollow.
 */
export function stackedRow(
  label: string,
  parts: readonly StackedPart[],
  whole: string,
  { valid = true, ci95 = null }: { valid?: boolean; ci95?: StackedPart['ci95'] } = {},
): Row {
  let below = 0;
  const marks = parts.flatMap(({ part, size, text, ci95: own }): Mark[] => {
    const from = below;
    below += size;
    if (size === 0) return [];
    const inks = { ink: `var(--part-${part})`, textInk: `var(--on-${part})` };
    const words = size > 0 ? { text } : {};
    const ends = own ? ([from + own[0], from + own[1]] as const) : null;
    return [
      { kind: 'bar', from, to: below, ...inks, ...words, hollow: !valid || size < 0 },
      ...intervalMarks(ends, 'var(--ink)', true),
    ];
  });
  marks.push(...intervalMarks(ci95, 'var(--ink)', true));
  const last = marks.findLast((mark) => mark.kind === 'interval');
  const text = `${whole}${valid ? '' : ', not valid'}`;
  return {
    label,
    marks: [...marks, { kind: 'label', at: Math.max(below, last?.high ?? 0), text, side: 'right' }],
  };
}

/** An axis of microseconds from 0 on, so that twice as much is twice as long. */
export function linearAxis(title: string): Axis {
  return { title, scale: 'linear', format: axisFormat('us') };
}

/** An axis for what differs by many times. */
export function logAxis(title: string, unit: string): Axis {
  return { title: `${title}, log scale`, scale: 'log', format: axisFormat(unit) };
}

/** Writes the values of an axis: round ones, so without decimals that say nothing. */
function axisFormat(unit: string): (value: number) => string {
  return (value) =>
    formatValue(value, unit)
      .replace(/(\.\d*?)0+(?=\D|$)/, '$1')
      .replace(/\.(?=\D|$)/, '');
}

/** Describes panels of points: the smallest and the largest valid value. */
export function extremesWords(panels: readonly MeasuredPanel[]): string {
  return `${capitalised(extremes(panels))}.`;
}

/** The same within a sentence. */
export function extremes(panels: readonly MeasuredPanel[]): string {
  const parts = panels.flatMap(({ title, rows }) => {
    const valid = rows.filter(({ result }) => result.valid);
    const sorted = valid.sort((a, b) => a.result.value - b.result.value);
    const [first, last] = [sorted[0], sorted.at(-1)];
    if (first === undefined || last === undefined) return [];
    if (first === last) return [`${placed(title)} ${said(first)}`];
    return [`${placed(title)} from ${said(first)} to ${said(last)}`];
  });
  return parts.length === 0 ? 'nothing of it is valid' : parts.join('; ');
}

function said({ lane, result }: MeasuredRow) {
  return `${formatValue(result.value, result.unit)} for ${lane.title}`;
}

function placed(title: string): string {
  return title.endsWith('core') || title.endsWith('cores') ? `on ${title}` : title;
}

/** The reading of intervals and marks, for captions. */
export const reading =
  'Whiskers are 95% intervals, and what has none had too few rounds for one; hollow marks are not valid.';
