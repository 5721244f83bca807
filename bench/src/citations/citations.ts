import { agreementOf, agreementWords } from './agreement.ts';
import { CitationError, figureOf, kinds, type Sources } from './selector.ts';

// A hidden comment after a figure in a document names the source of the figure:
// `8.1<!-- ratio latency-1 p50 same-core grpc-unary sockets-framed -->`. The report itself is named
// once: `<!-- report: ../bench/reports/NAME -->`. A kind that ends in `?` may be missing from the report,
// and is a dash then. `agreement` and a published ratio gives a word in place of a figure.

const missing = '–';
const words = agreementWords.join('|');
/** Matches a figure with its source. */
export const citation = new RegExp(
  `(?<figure>[\\d,]*\\d(?:\\.\\d+)?|${missing}|${words})<!-- (?<selector>(?:(?!-->|<!--).)*?) -->`,
  'g',
);
/** Matches the beginning of what was to be a citation, and is none. */
const begun = new RegExp(
  `<!--\\s*(?:${[...kinds, 'agreement'].join('|')})\\b\\??(?!:).*?(?:-->|$)`,
  'gm',
);
const source = /<!-- report: (\S+) -->/;
const joinedSource = /<!-- joined: (\S+(?: \S+)+) -->/;
const seedSource = /<!-- seed: (\S+) -->/;

/** The report that a document names as the source of its figures, as written there. */
export function sourceOf(markdown: string): string | undefined {
  return source.exec(markdown)?.[1];
}

/** The document with another report as its source, which links to the report lead to as well. */
export function withSource(markdown: string, report: string): string {
  const from = sourceOf(markdown);
  const places = /(?<before><!-- report: |\]\()(?<path>[^\s)#]+)/g;
  return markdown.replace(places, (whole, before: string, path: string) => {
    const isMeant = path === from || path.startsWith(`${from}/`);
    return isMeant ? `${before}${report}${path.slice(from?.length)}` : whole;
  });
}

/** The mark by which a document names the directory of the figures of the program of 2023. */
export function seedSourceOf(markdown: string): string | undefined {
  return seedSource.exec(markdown)?.[1];
}

/** The mark by which a document names the reports of several machines whose joined figures it has. */
export function joinedSourcesOf(markdown: string): readonly string[] {
  return joinedSource.exec(markdown)?.[1]?.split(' ') ?? [];
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
    index,
    figure: groups?.figure ?? '',
    selector: groups?.selector ?? '',
  }));
}

/** A document with its figures written anew. */
export interface Cited {
  /** The text; a refused figure is unchanged. */
  readonly text: string;
  readonly refused: readonly Refused[];
}

/** A citation that is not to be had, or a comment that looks like one and is none. */
export interface Refused {
  /** From 1. */
  readonly line: number;
  readonly selector: string;
  readonly why: string;
}

/**
 * The document with each cited figure as its sources have it, rounded to as many decimals as it is
 * written with, and the citations that were refused.
 */
export function recite(markdown: string, sources: Sources): Cited {
  const refused: Refused[] = [];
  const refuse = (index: number, selector: string, why: string) =>
    refused.push({ line: lineOf(markdown, index), selector, why });
  const text = markdown.replace(
    citation,
    (whole, figure: string, selector: string, index: number) => {
      try {
        return `${textOf(figure, selector, sources)}<!-- ${selector} -->`;
      } catch (error) {
        if (!(error instanceof CitationError)) throw error;
        refuse(index, selector, error.message);
        return whole;
      }
    },
  );
  const others = markdown.replace(citation, (whole) => ' '.repeat(whole.length));
  for (const { index, 0: found } of others.matchAll(begun)) refuse(index, found, noCitation);
  return { text, refused: refused.sort((a, b) => a.line - b.line) };
}

const noCitation = 'it is no citation, which is a figure and, at once, <!-- its source -->';

/** The line of a place in a text, from 1. */
export function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
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
