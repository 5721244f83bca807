import { type VerdictWords, verdictWords } from '../../words/verdict-words.ts';
import type { PageContext, Section } from '../context.ts';
import { html, type Markup } from '../markup.ts';

/** How many sentences stand large; the others are a list below them. */
const tilesMax = 6;

/** The verdict in words, its numbers set large. */
export function verdictSection({ report }: PageContext): Section {
  const { headline, sentences } = verdictWords(report);
  const said = 'source' in headline ? headline.source.scenario : undefined;
  const tiles = onePerScenario(sentences.filter(({ source }) => source.scenario !== said));
  const others = sentences.filter((sentence) => !tiles.includes(sentence));
  const body = html`
<p class="headline">${emphasized(headline.text, 'figure' in headline ? headline.figure : undefined)}</p>
${tiles.length > 0 && html`<ul class="tiles">${tiles.map(tile)}</ul>`}
${others.length > 0 && html`<ul class="sentences">${others.map(({ text, figure }) => html`<li>${emphasized(text, figure)}</li>`)}</ul>`}`;
  return { id: 'verdict', title: 'In short', body };
}

/** The first figure that each scenario gave: six sides of the matter, not one side six times. */
function onePerScenario(sentences: VerdictWords['sentences']): VerdictWords['sentences'] {
  const withFigure = sentences.filter(({ figure }) => figure !== undefined);
  const groups = Map.groupBy(withFigure, ({ source }) => source.scenario);
  return [...groups.values()].flatMap(([first]) => first ?? []).slice(0, tilesMax);
}

function tile({ figure, short, text }: VerdictWords['sentences'][number]): Markup {
  return html`<li><b>${figure}</b><span>${short ?? text}</span>${short !== undefined && html`<details><summary>Interval and values</summary>${text}</details>`}</li>`;
}

/** The number that matters stands out where it is in the text. */
function emphasized(text: string, figure: string | undefined): Markup {
  const at = figure === undefined ? -1 : text.indexOf(figure);
  if (figure === undefined || at < 0) return html`${text}`;
  return html`${text.slice(0, at)}<b>${figure}</b>${text.slice(at + figure.length)}`;
}
