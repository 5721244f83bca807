import type { Report } from '../report/schema/report.ts';
import { type Citation, citationsIn, lineOf } from './citations.ts';
import { CitationError, figureOf, ratioOf, type Sources } from './selector.ts';

/** A place of a document that may not be true any more with other figures. */
export interface Reread {
  /** From 1. */
  readonly line: number;
  /** The line without its citation comments. */
  readonly text: string;
  /** The change in that line. */
  readonly changes: readonly string[];
}

/** The kinds of citation that a report has no part in, and the word that stands beside its ratio. */
const unmoved: ReadonlySet<string> = new Set(['constant', 'published', 'said', 'agreement']);

/** From this factor on, a figure has changed so much that its sentence must be read again. */
const movedFactor = 1.25;

/**
 * Returns the lines of a document whose figures changed much from one report to another, or whose verdict changed:
 * somebody must check if the text around them is still true. Figures of the code and of other
 * publications are not among them.
 */
export function readAgain(markdown: string, before: Sources, after: Sources): Reread[] {
  const lines = new Map<number, string[]>();
  for (const citation of citationsIn(markdown)) {
    const change = changeOf(citation, before, after);
    if (change === undefined) continue;
    const line = lineOf(markdown, citation.index);
    const changes = lines.get(line) ?? [];
    lines.set(line, [...changes, change]);
  }
  const texts = markdown.split('\n');
  return [...lines].map(([line, changes]) => ({
    line,
    text: (texts[line - 1] ?? '').replace(/<!--.*?-->/g, ''),
    changes,
  }));
}

function changeOf(
  { selector, figure }: Citation,
  before: Sources,
  after: Sources,
): string | undefined {
  const [first = '', ...parts] = selector.split(' ');
  const kind = first.replace('?', '');
  if (unmoved.has(kind)) return undefined;
  const [was, is] = [before, after].map((sources) => found(sources, [kind, ...parts].join(' ')));
  if (was === undefined || is === undefined) {
    return was === is ? undefined : `${figure} ${is === undefined ? 'is gone' : 'is new'}`;
  }
  const verdicts = [before.report, after.report].map((report) =>
    kind === 'ratio' ? verdictOf(report, parts) : undefined,
  );
  const changed = verdicts[0] === verdicts[1] ? '' : `, verdict ${verdicts.join(' → ')}`;
  const moved = Math.max(was / is, is / was) >= movedFactor;
  if (!moved && changed === '') return undefined;
  return `${selector}: ${rounded(was)} → ${rounded(is)}${changed}`;
}

function found(sources: Sources, selector: string): number | undefined {
  try {
    return figureOf(sources, selector);
  } catch (error) {
    if (error instanceof CitationError) return undefined;
    throw error;
  }
}

function verdictOf(report: Report, parts: readonly string[]): string | undefined {
  return ratioOf(report, parts)?.verdict;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
