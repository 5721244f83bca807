import { evidenceOf } from '../../tables/evidence.ts';
import type { PageContext, Section } from '../context.ts';
import { html } from '../markup.ts';
import { dataTable } from '../table.ts';
import { linked } from '../terms.ts';

/** What stands behind the figures: what is not valid, what is not there, and how it was measured. */
export function evidenceSections({ tables: context }: PageContext): Section[] {
  return evidenceOf(context).map(({ id, title, paragraphs, tables, folded }) => {
    const folds = folded.map(
      (table) =>
        html`<details${table.isLong === true && html` class="long"`}><summary>${table.title}</summary>${dataTable(table)}</details>`,
    );
    const body = html`${paragraphs.map((text) => html`<p>${linked(text)}</p>`)}${tables.map(dataTable)}${folds}`;
    return { id, title, body };
  });
}
