import type { TableData } from '../tables/table-data.ts';
import { type LinesChart, linesDrawing } from './chart/lines.ts';
import { type RowsChart, rowsDrawing, type Variant } from './chart/rows.ts';
import { drawSvg } from './chart/svg.ts';
import { html, type Markup } from './markup.ts';
import { dataTable } from './table.ts';
import { linked } from './terms.ts';

/** An entry of a legend: a colour and what it stands for. */
interface LegendEntry {
  readonly ink: string;
  readonly text: string;
  /** The letter for it on a narrow chart. */
  readonly key?: string;
}

/** A chart with its texts, and the table of its figures. */
export interface Figure {
  /** Unique on the page. */
  readonly id: string;
  /** Its subject, in a line. */
  readonly title: string;
  /** A description of what one sees in it. */
  readonly caption: string;
  readonly chart: { readonly rows: RowsChart } | { readonly lines: LinesChart };
  /** Absent where everything is labelled in the chart itself. */
  readonly legend?: readonly LegendEntry[];
  /** The figures behind the chart. */
  readonly tables: readonly TableData[];
}

/**
 * A chart with its title, its caption and its figures. It is drawn twice, for a wide page and for a
 * narrow one, and the page shows the one that fits: each with letters of a size that can be read.
 */
export function figure({ id, title, caption, chart, legend = [], tables }: Figure): Markup {
  const draw = (variant: Variant) =>
    html`<div class="${variant}">${drawSvg(drawing(chart, variant))}</div>`;
  return html`
<figure id="${id}">
<h3>${title}</h3>
<div class="chart" role="img" aria-label="${title}. ${caption}">${draw('wide')}${draw('narrow')}</div>
${legend.length > 0 && legendList(legend)}
<figcaption>${linked(caption)}</figcaption>
${tables.length > 0 && html`<details><summary>The figures</summary>${tables.map(dataTable)}</details>`}
</figure>`;
}

interface RowsFigure extends Omit<Figure, 'chart'>, RowsChart {}

/** Draws a figure of rows, panels beside each other unless said; undefined when there are none. */
export function rowsFigure({ axis, panels, beside = true, ...rest }: RowsFigure) {
  return panels.some(({ rows }) => rows.length > 0)
    ? figure({ ...rest, chart: { rows: { axis, panels, beside } } })
    : undefined;
}

function drawing(chart: Figure['chart'], variant: Variant) {
  return 'rows' in chart ? rowsDrawing(chart.rows, variant) : linesDrawing(chart.lines, variant);
}

function legendList(legend: readonly LegendEntry[]): Markup {
  const keyed = legend.some(({ key }) => key !== undefined);
  const entries = legend.map(
    ({ ink, text, key }) =>
      html`<li><span class="swatch" style="background:${ink}"></span>${key !== undefined && html`<b>${key}</b> `}${text}</li>`,
  );
  return html`<ul class="legend${keyed ? ' narrow' : ''}">${entries}</ul>`;
}
