import { glossary } from '../../words/glossary.ts';
import type { Section } from '../context.ts';
import { html } from '../markup.ts';
import { termId } from '../terms.ts';

/** What each word means to which the page links. */
export function glossarySection(): Section {
  const entries = glossary.map(
    ({ term, meaning }) => html`<dt id="${termId(term)}">${term}</dt><dd>${meaning}</dd>`,
  );
  return { id: 'glossary', title: 'Glossary', body: html`<dl>${entries}</dl>` };
}
