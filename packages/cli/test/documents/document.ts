import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The directory of the repository. */
export const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** A fenced block of a document. */
export interface Block {
  /** The word behind its fence: `sh`, `console`, `text`, … */
  readonly language: string;
  readonly lines: readonly string[];
  /** The line of the document at which it begins, counted from 1. */
  readonly at: number;
}

/** A document of this repository, by its path from the root. */
export function readDocument(path: string): string {
  return readFileSync(new URL(path, `file://${root}`), 'utf8');
}

/** The fenced blocks of a document, in order. */
export function blocksOf(markdown: string): Block[] {
  const fence = /^```(\w*)[^\n]*\n([\s\S]*?)\n?^```$/gm;
  return [...markdown.matchAll(fence)].map(({ 1: language = '', 2: text = '', index }) => ({
    language,
    lines: text.split('\n'),
    at: markdown.slice(0, index).split('\n').length,
  }));
}

/** The texts that are marked as code within a document's paragraphs, in order. */
export function codeSpansOf(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code as string);
}

/** The commands of a block of shell, one a line, comments left out. */
export function commandsOf({ lines }: Block): string[] {
  return lines
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((command) => command !== '');
}
