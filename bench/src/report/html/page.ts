import type { Report } from '../schema/report.ts';
import { type PageContext, pageContext, type Section } from './context.ts';
import { standaloneDocument } from './document.ts';
import { html, type Markup } from './markup.ts';
import { bytesSection } from './sections/bytes.ts';
import { latencySections } from './sections/latency.ts';
import { microsecondsSection } from './sections/microseconds.ts';
import { rangeSections } from './sections/ranges.ts';
import {
  againSection,
  choiceSections,
  glossarySection,
  masthead,
  partSections,
  verdictSection,
} from './sections/words.ts';

/**
 * The report as one page that stands alone: it has no script, fetches nothing, and can be mailed. The
 * same report gives the same bytes. What was not measured has no section, and is named at the end.
 */
export function renderHtml(report: Report): string {
  const context = pageContext(report);
  const sections = sectionsOf(context);
  const body = html`${contents(sections)}
<main>
${masthead(context)}
${sections.map(sectionMarkup)}
</main>`;
  return standaloneDocument({ title: report.title, body });
}

function sectionsOf(context: PageContext): Section[] {
  const sections = [
    ...choiceSections(context),
    verdictSection(context),
    microsecondsSection(context),
    bytesSection(context),
    ...latencySections(context),
    ...rangeSections(context),
    ...partSections(context),
    againSection(context),
    glossarySection(),
  ];
  return sections.filter((section) => section !== undefined);
}

function contents(sections: readonly Section[]): Markup {
  const links = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  return html`<nav aria-label="Contents"><details><summary>Contents</summary><ol>${links}</ol></details></nav>`;
}

function sectionMarkup({ id, title, body }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>\n`;
}
