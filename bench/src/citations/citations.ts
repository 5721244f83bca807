import { agreementOf, agreementWords } from './agreement.ts';
import { CitationError, figureOf, type Sources } from './selector.ts';

// A hidden comment after a figure in a document names the source of the figure:
// `8.1<!-- ratio latency-1 p50 same-core grpc-unary sockets-framed -->`. The report itself is named
// once: `<!-- report: ../bench/reports/NAME -->`. A kind that ends in `?` may be missing from the report,
// and is a dash then. `agreement` and a published ratio gives a word in place of a figure.

const missing = '–';
const words = agreementWords.join('|');
const citation = new RegExp(
  `(?<figure>[\\d,]*\\d(?:\\.\\d+)?|${missing}|${words})<!-- (?<selector>.*?) -->`,
  'g',
);
const named = /\b(?:HTTP\/|ISO |RFC |TLS |IPv|clauses? |decision )\d+(?:\.\d+)?/g;
const isoDate = /\b20\d\d-\d\d-\d\d\b/;
const source = /<!-- report: (\S+) -->/;
const seedSource = /<!-- seed: (\S+) -->/;

/** The report that a document names as the source of its figures, as written there. */
export function sourceOf(markdown: string): string | undefined {
  return source.exec(markdown)?.[1];
}

/** The mark by which a document names the directory of the figures of the program of 2023. */
export function seedSourceOf(markdown: string): string | undefined {
  return seedSource.exec(markdown)?.[1];
}

/** A citation of a document. */
export interface Citation {
  /** As it is written there. */
  readonly figure: string;
  readonly selector: string;
  /** The place where it begins, in characters. */
  readonly index: number;
}

/** The citations of a document, in its order. */
export function citationsIn(markdown: string): Citation[] {
  return [...markdown.matchAll(citation)].map(({ index, groups }) => ({
    ...{ index, figure: groups?.figure ?? '', selector: groups?.selector ?? '' },
  }));
}

/** A document with its figures written anew. */
export interface Cited {
  /** The text; a refused figure is unchanged. */
  readonly text: string;
  readonly refused: readonly { readonly selector: string; readonly why: string }[];
}

/**
 * The document with each cited figure as its sources have it, rounded to as many decimals as it is
 * written with, and the citations that were refused.
 */
export function recite(markdown: string, sources: Sources): Cited {
  const refused: { selector: string; why: string }[] = [];
  const text = markdown.replace(citation, (whole, figure: string, selector: string) => {
    try {
      return `${textOf(figure, selector, sources)}<!-- ${selector} -->`;
    } catch (error) {
      if (!(error instanceof CitationError)) throw error;
      refused.push({ selector, why: error.message });
      return whole;
    }
  });
  return { text, refused };
}

/**
 * As {@link recite}, for a document whose figures its sources all have.
 *
 * @throws CitationError when they do not
 */
export function cite(markdown: string, sources: Sources): string {
  const { text, refused } = recite(markdown, sources);
  if (refused[0] !== undefined) throw new CitationError(refused[0].why);
  return text;
}

function textOf(figure: string, selector: string, sources: Sources): string {
  const [first = '', ...others] = selector.split(' ');
  const isOptional = first.endsWith('?');
  const kind = isOptional ? first.slice(0, -1) : first;
  try {
    if (kind === 'said') return figure;
    if (kind === 'agreement') return agreementOf(sources.report, others);
    return written(figureOf(sources, [kind, ...others].join(' ')), figure);
  } catch (error) {
    if (isOptional && error instanceof CitationError) return missing;
    throw error;
  }
}

/**
 * Returns the numbers of a document without a source: neither cited nor in code, a link, a heading, a
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
 * Does as {@link uncited}, but accepts numbers with a command and a date of their measurement. These
 * stand in the paragraph, or in the first one of its section. Or the date stands in the introduction of
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
  const decimals = like === missing ? decimalsOf(value) : (like.split('.')[1]?.length ?? 0);
  const fixed = value.toFixed(decimals);
  const [whole = '', fraction] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

// A figure that was missing before gets the usual number of digits.
function decimalsOf(value: number): number {
  if (value >= 100 || Number.isInteger(value)) return 0;
  return value >= 3 ? 1 : 2;
}
