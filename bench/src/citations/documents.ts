import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { combineReports } from '../combine/combine.ts';
import type { ComplexityReport } from '../complexity/index.ts';
import { readReport } from '../report/schema/read.ts';
import { seedReportSchema } from '../seed/report.ts';
import { citationsIn, joinedSourcesOf, recite, seedSourceOf, sourceOf } from './citations.ts';
import { type Reread, readAgain } from './read-again.ts';
import type { Sources } from './selector.ts';

/** The changes of one document. */
export interface CitedDocument {
  readonly path: string;
  readonly citations: number;
  readonly refused: readonly { readonly selector: string; readonly why: string }[];
  readonly readAgain: readonly Reread[];
}

/** Every document of the repository that names a report. */
export function citingDocuments(root: string): string[] {
  return globSync(['*.md', 'docs/*.md'], { cwd: root })
    .map((path) => join(root, path))
    .filter((path) => sourceOf(readFileSync(path, 'utf8')) !== undefined)
    .sort();
}

/**
 * Reads the sources that a document names.
 *
 * @param code the code as it is
 */
export function sourcesOf(path: string, markdown: string, code: ComplexityReport): Sources {
  const source = sourceOf(markdown);
  if (source === undefined) throw new Error(`${path} names no report`);
  return {
    report: readReport(join(dirname(path), source)),
    code,
    seed: readSeed(path, seedSourceOf(markdown)),
    ...readJoined(path, joinedSourcesOf(markdown)),
  };
}

// As `pnpm bench combine --unlike-commits` joins them.
function readJoined(path: string, directories: readonly string[]): Pick<Sources, 'joined'> {
  if (directories.length === 0) return {};
  const reports = directories.map((directory) => readReport(join(dirname(path), directory)));
  return { joined: { reports, combination: combineReports(reports, { unlikeCommits: true }) } };
}

/**
 * Puts the figures of its report into a document, or those of another report, which it then names. A figure that
 * the report refuses stays unchanged.
 *
 * @param markdown what is in the document now
 * @param code the code as it is
 * @param newReport the directory of the other report
 * @throws when the document names no report
 */
export function citeInto(
  path: string,
  markdown: string,
  code: ComplexityReport,
  newReport: string | undefined,
): CitedDocument {
  const before = sourcesOf(path, markdown, code);
  const named = newReport === undefined ? markdown : renamed(path, markdown, newReport);
  const after = newReport === undefined ? before : sourcesOf(path, named, code);
  const { text, refused } = recite(named, after);
  writeFileSync(path, text);
  return {
    path,
    citations: citationsIn(text).length,
    refused,
    readAgain: readAgain(text, before, after),
  };
}

// Links to the report change with its name.
function renamed(path: string, markdown: string, report: string): string {
  const to = relative(dirname(resolve(path)), resolve(report)).replaceAll('\\', '/');
  return markdown.replaceAll(sourceOf(markdown) ?? '', to);
}

function readSeed(path: string, directory: string | undefined): Sources['seed'] {
  if (directory === undefined) return [];
  const at = join(dirname(path), directory);
  return globSync('*.json', { cwd: at })
    .sort()
    .flatMap((file) => {
      const report = seedReportSchema.parse(JSON.parse(readFileSync(join(at, file), 'utf8')));
      return report.results;
    });
}

/** Returns what is in a document, or throws an error that says which cannot be read, and why. */
export function readDocument(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { errno, message } = cause as NodeJS.ErrnoException;
    const reason = errno === undefined ? message : getSystemErrorMessage(errno);
    throw new Error(`cannot read ${path}: ${reason}`, { cause });
  }
}

/** Returns the lines that report what was put into documents. */
export function citedWords({ path, citations, refused, readAgain }: CitedDocument): string {
  return [
    `${path}: ${citations} citations`,
    ...refused.map(({ selector, why }) => `  refused, and left as it was: ${selector}: ${why}`),
    ...readAgain.flatMap(({ line, text, changes }) => [
      `  read line ${line} again: ${text.trim().slice(0, 160)}`,
      ...changes.map((change) => `    ${change}`),
    ]),
    '',
  ].join('\n');
}
