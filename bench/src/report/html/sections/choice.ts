import { type PictureBar, pictureOf, pictureReading } from '../../tables/picture.ts';
import { choiceSentences } from '../../words/choice.ts';
import type { PageContext, Section } from '../context.ts';
import { html, type Markup } from '../markup.ts';
import { linked } from '../terms.ts';

/** The one picture, and which of the contenders to choose. */
export function choiceSections(context: PageContext): Section[] {
  const rows = pictureOf(context.index).map(
    ({ title, detail, bars }) =>
      html`<li><p><b>${title}</b> ${linked(detail)}</p>${bars.map((bar) => barMarkup(context, bar))}</li>`,
  );
  const picture = html`<ul class="picture">${rows}</ul><p class="note">${linked(pictureReading)}</p>`;
  const choice = html`<ul class="sentences">${choiceSentences(context.index).map((text) => html`<li>${linked(text)}</li>`)}</ul>`;
  return [
    { id: 'picture', title: 'Side by side', body: picture },
    { id: 'choice', title: 'Which should I choose?', body: choice },
  ];
}

function barMarkup({ look }: PageContext, bar: PictureBar): Markup {
  const { lane, name, text, lowShare, highShare, isCitable } = bar;
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  const ink = isCitable ? look(lane).ink : 'var(--rule)';
  return html`<div class="bar${!isCitable && ' unfit'}"><span>${name}</span><span class="track"><i style="width:${percent(highShare)};background:${ink};opacity:.4"></i><i style="width:${percent(lowShare)};background:${ink}"></i></span><span>${text}${!isCitable && ', not to be cited'}</span></div>`;
}
