import { isAgain } from '../analysis/noise.ts';
import type { Placement, ReportLane, ReportResult } from '../schema/report.ts';
import { formatValue } from '../words/format.ts';
import { placementTitles } from '../words/places.ts';
import { capitalised } from '../words/sentence.ts';
import type { Mark } from './chart/marks.ts';
import type { Panel, Row } from './chart/rows.ts';
import type { PageContext } from './context.ts';

/** What of a metric there is to draw, at one placement. */
export interface MeasuredPanel {
  readonly placement: Placement;
  readonly title: string;
  readonly rows: readonly MeasuredRow[];
}

interface MeasuredRow {
  readonly lane: ReportLane;
  /** Undefined where a cell gave nothing, which is not valid either. */
  readonly result: ReportResult | undefined;
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
      const state = context.index.state({ scenario, lane: lane.name, placement }, metric);
      if (state.kind === 'measured') return [{ lane, result: state.result }];
      return state.kind === 'empty' && !state.cell.valid ? [{ lane, result: undefined }] : [];
    });
    const some = rows.some(({ result }) => result !== undefined);
    return some ? [{ placement, title: placementTitles[placement], rows }] : [];
  });
}

/** A panel of points with their intervals and values. */
export function pointPanel(context: PageContext, { title, rows }: MeasuredPanel): Panel {
  return {
    title,
    rows: rows.map(({ lane, result }): Row => {
      const marks = result === undefined ? [nothing] : pointMarks(context, lane.name, result);
      return { label: lane.title, marks };
    }),
  };
}

/** What stands where no value is. */
export const nothing: Mark = { kind: 'note', text: 'nothing measured: not valid' };

/** A value, its interval, and the value in words; hollow when it is not valid. */
function pointMarks(
  { look }: PageContext,
  lane: string,
  { value, ci95, unit, valid }: ReportResult,
): Mark[] {
  const { ink, symbol } = look(lane);
  const text = `${formatValue(value, unit)}${valid ? '' : ', not valid'}`;
  return [
    ...intervalMarks(ci95, ink),
    { kind: 'point', at: value, ink, symbol, hollow: !valid },
    { kind: 'label', at: Math.max(value, ci95?.[1] ?? value), text, side: 'right' },
  ];
}

/** An interval, where there is one; below the bars of a row that has some. */
export function intervalMarks(
  ci95: readonly [number, number] | null,
  ink: string,
  isBelow = false,
): Mark[] {
  return ci95 === null ? [] : [{ kind: 'interval', low: ci95[0], high: ci95[1], ink, isBelow }];
}

/** How an axis writes its values: round ones, so without decimals that say nothing. */
export function axisFormat(unit: string): (value: number) => string {
  return (value) =>
    formatValue(value, unit)
      .replace(/(\.\d*?)0+(?=\D|$)/, '$1')
      .replace(/\.(?=\D|$)/, '');
}

/** What one sees in panels of points: the smallest and the largest of what is valid. */
export function extremesWords(panels: readonly MeasuredPanel[]): string {
  return `${capitalised(extremes(panels))}.`;
}

/** The same within a sentence. */
export function extremes(panels: readonly MeasuredPanel[]): string {
  const parts = panels.flatMap(({ title, rows }) => {
    const valid = rows.flatMap(({ lane, result }) => (result?.valid ? [{ lane, result }] : []));
    const sorted = valid.sort((a, b) => a.result.value - b.result.value);
    const [first, last] = [sorted[0], sorted.at(-1)];
    if (first === undefined || last === undefined) return [];
    if (first === last) return [`${placed(title)} ${said(first)}`];
    return [`${placed(title)} from ${said(first)} to ${said(last)}`];
  });
  return parts.length === 0 ? 'nothing of it is valid' : parts.join('; ');
}

function said({ lane, result }: { readonly lane: ReportLane; readonly result: ReportResult }) {
  return `${formatValue(result.value, result.unit)} for ${lane.title}`;
}

function placed(title: string): string {
  return title.endsWith('core') || title.endsWith('cores') ? `on ${title}` : title;
}

/** How intervals and marks are to be read, where a caption has to say it. */
export const reading = 'Whiskers are 95% intervals; hollow marks are not valid.';
