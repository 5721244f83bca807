import type { TableData } from '../tables/table-data.ts';
import { type Content, html, type Markup, prose } from './markup.ts';

/** A table in a frame of its own that scrolls where the page is too narrow for it. */
export function dataTable({ title, note, head, rows, isText }: TableData): Markup {
  const cells = isText ? rows.map((row) => row.map(prose)) : rows;
  return html`${plainTable(title, head, cells, isText ? 'words' : 'figures')}${note !== undefined && html`<p class="note">${note}</p>`}`;
}

/**
 * A table with a caption. Its first column names the rows; `figures` sets the others as numbers, one
 * below the other.
 */
export function plainTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Content[])[],
  kind: 'figures' | 'words',
): Markup {
  return html`<div class="scrolls" tabindex="0" role="region" aria-label="${caption}"><table class="${kind}"><caption>${caption}</caption><thead><tr>${head.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead><tbody>${rows.map(tableRow)}</tbody></table></div>`;
}

function tableRow([first, ...others]: readonly Content[]): Markup {
  return html`<tr><th scope="row">${first}</th>${others.map(
    (cell) =>
      html`<td${typeof cell === 'string' && / !\d+$/.test(cell) && html` class="unfit"`}>${cell}</td>`,
  )}</tr>`;
}
