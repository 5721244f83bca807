import { families } from '../../tables/families.ts';
import { partsOf } from '../../tables/parts.ts';
import { type PictureBar, pictureOf, pictureReading } from '../../tables/picture.ts';
import { choiceSentences } from '../../words/choice.ts';
import { glossary } from '../../words/glossary.ts';
import { machineWords, roundsWords } from '../../words/places.ts';
import { lowered } from '../../words/sentence.ts';
import { stateOf } from '../../words/state.ts';
import { type VerdictWords, verdictWords } from '../../words/verdict-words.ts';
import type { PageContext, Section } from '../context.ts';
import { html, type Markup, prose } from '../markup.ts';
import { dataTable } from '../table.ts';
import { linked, termId } from '../terms.ts';

/** The state of the run above everything, then what this is and of which machine. */
export function masthead({ report }: PageContext): Markup {
  const { measureMs } = report.options;
  const plan = `${report.preset} run, ${roundsWords(report)}, each run ${measureMs.toLocaleString('en')} ms or more in fresh processes`;
  const state = stateOf(report).map(
    ({ mark, text, warns }) =>
      html`<p class="banner${warns && ' warns'}"><strong>${mark}</strong> ${linked(text)}</p>`,
  );
  return html`
<header>
${state}
<p class="kicker">Tandem, one chat service over two wires</p>
<h1>${report.title}</h1>
<p class="machine">${machineWords(report)}, ${report.fingerprint.virtualisation}<br>${plan}<br><time datetime="${report.startedAt}">${moment(report.startedAt)}</time></p>
</header>`;
}

function moment(time: string): string {
  return time.replace('T', ' ').replace(/(:\d\d)(?:\.\d+)?Z$/, '$1 UTC');
}

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

/** The number of sentences that stand large; the others are a list below them. */
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

/** Sections of words and tables alone: the tasks of 2023, size of the code, noise, and the evidence. */
export function partSections({ tables: context }: PageContext): Section[] {
  return partsOf(context).map(({ id, title, paragraphs, list = [], tables, folded }) => {
    const folds = folded.map(
      (table) =>
        html`<details${table.isLong === true && html` class="long"`}><summary>${table.title}</summary>${dataTable(table)}</details>`,
    );
    const items =
      list.length > 0 && html`<ul>${list.map((text) => html`<li>${prose(text)}</li>`)}</ul>`;
    const body = html`${paragraphs.map((text) => html`<p>${linked(text)}</p>`)}${items}${tables.map(dataTable)}${folds}`;
    return { id, title, body };
  });
}

const commands = {
  quick: 'pnpm bench:quick',
  core: 'pnpm bench',
  full: 'pnpm bench:full',
  long: 'pnpm bench --preset long',
} as const;

/** The command that gets it again, and the families that this run was not asked. */
export function againSection({ report }: PageContext): Section {
  const { commit, dirty } = report.fingerprint;
  const asked = new Set(report.scenarios.map(({ family }) => family));
  const notAsked = [
    ...families.flatMap(({ family, title }) => (asked.has(family) ? [] : [lowered(title)])),
    ...(report.wire === null ? ['the bytes on the wire'] : []),
    ...(report.complexity === null ? ['size and branching of the code'] : []),
  ];
  const body = html`
<p>At commit <code>${commit}</code>${dirty && ', with changes that no commit has'}:</p>
<pre><code>${commandOf(report)}</code></pre>
<p>Raw samples of every run are in <code>report.json</code> beside this page. ${notAsked.length > 0 && `This run did not measure: ${notAsked.join(', ')}. A long run (pnpm bench --preset long) does.`}</p>`;
  return { id: 'again', title: 'How to repeat it', body };
}

function commandOf({ preset, options }: PageContext['report']): string {
  if (preset !== 'custom') return commands[preset];
  const { lanes, scenarios, placements, rounds } = options;
  return [
    'pnpm bench',
    `--lanes ${lanes.join(',')}`,
    `--scenarios ${scenarios.join(',')}`,
    ...placements.map((placement) => `--placement ${placement}`),
    `--rounds ${rounds}`,
  ].join(' \\\n  ');
}

/** The meaning of each word to which the page links. */
export function glossarySection(): Section {
  const entries = glossary.map(
    ({ term, meaning }) => html`<dt id="${termId(term)}">${term}</dt><dd>${meaning}</dd>`,
  );
  return { id: 'glossary', title: 'Glossary', body: html`<dl>${entries}</dl>` };
}
