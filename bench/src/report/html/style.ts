import { readFileSync } from 'node:fs';
import { Markup } from './markup.ts';

/** The style of every page, with its colours. */
export const style = new Markup(
  ['colours.css', 'page.css']
    .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
    .join('\n'),
);
