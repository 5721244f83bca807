import type { Report } from '../report/schema/report.ts';
import { figureOf } from './selector.ts';

// A figure in a document is followed by a comment that says where it is from, which no reader sees:
// `8.1<!-- ratio latency-1 p50 same-core grpc-unary sockets-framed -->`. The report itself is named
// once: `<!-- report: ../bench/reports/NAME -->`.

const citation = /(?<figure>[\d,]*\d(?:\.\d+)?)<!-- (?<selector>[^>]*?) -->/g;
const named = /\b(?:HTTP\/|ISO |RFC |IPv|clauses? |decision )\d+(?:\.\d+)?/g;
const isoDate = /\b20\d\d-\d\d-\d\d\b/;
const source = /<!-- report: (\S+) -->/;

/** Where a document says that its figures are from, as it says it. */
export function sourceOf(markdown: string): string | undefined {
  return source.exec(markdown)?.[1];
}

/**
 * The document with each cited figure as the report has it, rounded to as many decimals as it is
 * written with.
 *
 * @throws CitationError when the report has no such figure
 */
export function cite(markdown: string, report: Report): string {
  return markdown.replace(citation, (_, figure: string, selector: string) => {
    const value = figureOf(report, selector);
    return `${written(value, figure)}<!-- ${selector} -->`;
  });
}

/**
 * The numbers of a document that nothing vouches for: neither cited nor in code, a link, a heading, a
 * comment, a date nor the name of a standard, a clause or a decision.
 *
 * @param known numbers that are names or settings rather than findings, as they are written
 */
export function uncited(markdown: string, known: readonly string[]): string[] {
  const prose = markdown
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(citation, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/`[^`]*`/g, '')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/^(?:#.*$|\d+\. )/gm, '')
    .replaceAll(named, '')
    .replaceAll(new RegExp(isoDate, 'g'), '');
  const numbers = prose.match(/(?<![\w.])\d[\d,.]*\d|(?<![\w.])\d/g) ?? [];
  return numbers.filter((number) => !known.includes(number));
}

/**
 * As {@link uncited}, but without what says how and when it was measured: by a command and a date. They
 * stand in the paragraph, or in the first one of its section; or the date stands in the introduction of
 * the chapter, and a command of `pnpm` in the section.
 */
export function unvouched(markdown: string, known: readonly string[]): string[] {
  return markdown.split(/^(?=## )/m).flatMap((chapter) => {
    const [introduction = '', ...sections] = chapter.split(/^(?=### )/m);
    const dated = isDated(introduction);
    return [introduction, ...sections].flatMap((section) => {
      if (isMeasured(section.split(/\n{2,}/)[1] ?? '')) return [];
      if (dated && hasCommand(section)) return [];
      const paragraphs = section.split(/\n{2,}/).filter((paragraph) => !isMeasured(paragraph));
      return uncited(paragraphs.join('\n\n'), known);
    });
  });
}

function isMeasured(paragraph: string): boolean {
  return isDated(paragraph) && /`[^`]+ [^`]+`/.test(paragraph);
}

function hasCommand(section: string): boolean {
  return /[`\n](?:\w+="[^"`]*" )?pnpm [a-z-]/.test(section);
}

function isDated(text: string): boolean {
  return isoDate.test(text.replace(/\]\([^)]*\)/g, ''));
}

function written(value: number, like: string): string {
  const decimals = like.split('.')[1]?.length ?? 0;
  const fixed = value.toFixed(decimals);
  const [whole = '', fraction] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
