import type { Lines } from '../schema.ts';

/** A part of a text: UTF-16 code units, the end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Counts the lines of a text in which `comments` are known, by their places. */
export function countLines(text: string, comments: readonly Span[]): Lines {
  const withoutComments = maskSpans(text, comments).split(lineBreak);
  const lines = splitLines(text);
  const code = withoutComments.filter(isWritten).length;
  const written = lines.filter(isWritten).length;
  return { code, comment: written - code, blank: lines.length - written };
}

/** The number of lines that are not blank, for code whose comments are not known. */
export function countWrittenLines(text: string): number {
  return splitLines(text).filter(isWritten).length;
}

/** The lines of a text. A line break at its end does not begin another. */
export function splitLines(text: string): string[] {
  const lines = text.split(lineBreak);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

const lineBreak = /\r\n|\n|\r/;

function isWritten(line: string): boolean {
  return line.trim() !== '';
}

/** The text with spaces in place of the spans; line breaks within them stay. */
function maskSpans(text: string, spans: readonly Span[]): string {
  let masked = '';
  let from = 0;
  for (const { start, end } of spans) {
    masked += text.slice(from, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ');
    from = end;
  }
  return masked + text.slice(from);
}
