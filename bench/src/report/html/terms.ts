import { glossary } from '../words/glossary.ts';
import { html, type Markup } from './markup.ts';

/** The id of a term's entry in the glossary. */
export function termId(term: string): string {
  return `t-${term.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
}

// Longer terms are before those that they contain.
const ordered = [...glossary].sort((a, b) => b.term.length - a.term.length);
const forms = ordered.map((term, at) => `(?<t${at}>\\b(?:${term.forms})\\b)`);
const pattern = new RegExp(forms.join('|'), 'g');

/** Text in which each term of the glossary, where it first stands, leads to its entry. */
export function linked(text: string): Markup {
  const seen = new Set<string>();
  const parts: (string | Markup)[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const at = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined)?.[0];
    const term = ordered[Number(at?.slice(1))]?.term;
    if (term === undefined || seen.has(term)) continue;
    seen.add(term);
    parts.push(text.slice(from, match.index), html`<a href="#${termId(term)}">${match[0]}</a>`);
    from = match.index + match[0].length;
  }
  return html`${[...parts, text.slice(from)]}`;
}
