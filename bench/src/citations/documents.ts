import { globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { combineReports } from '../combine/combine.ts';
import type { ComplexityReport } from '../complexity/index.ts';
import { readReport } from '../report/schema/read.ts';
import { seedReportSchema } from '../seed/report.ts';
import { writeWhole } from '../write-whole.ts';
import {
  citationsIn,
  joinedSourcesOf,
  type Refused,
  recite,
  seedSourceOf,
  sourceOf,
  withSource,
} from './citations.ts';
import { type Reread, readAgain } from './read-again.ts';
import type { Sources } from './selector.ts';

/** The changes of one document. */
export interface CitedDocument {
  readonly path: string;
  /** As it was read. */
  readonly before: string;
  readonly text: string;
  readonly citations: number;
  readonly refused: readonly Refused[];
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
 * @param path where it is, since they are named from there
 * @param code the code as it is
 * @throws Error when it names no report, or one of them cannot be read
 */
export function sourcesOf(path: string, markdown: string, code: ComplexityReport): Sources {
  const source = sourceOf(markdown);
  if (source === undefined) throw new Error('it names no report');
  return {
    report: readReport(resolve(dirname(path), source)),
    code,
    seed: readSeed(path, seedSourceOf(markdown)),
    ...readJoined(path, joinedSourcesOf(markdown)),
  };
}

// As `pnpm bench combine --unlike-commits` joins them.
function readJoined(path: string, directories: readonly string[]): Pick<Sources, 'joined'> {
  if (directories.length === 0) return {};
  const reports = directories.map((directory) => readReport(resolve(dirname(path), directory)));
  return { joined: { reports, combination: combineReports(reports, { unlikeCommits: true }) } };
}

/**
 * Takes the figures of its report for a document, or those of another report, which it then names. A figure
 * that the report refuses stays unchanged.
 *
 * @param code the code as it is
 * @param newReport the directory of the other report
 * @throws Error when the document cannot be read, or it or what it names has no such figures at all
 */
export function citeInto(
  path: string,
  code: ComplexityReport,
  newReport: string | undefined,
): CitedDocument {
  const markdown = readDocument(path);
  try {
    const before = sourcesOf(path, markdown, code);
    const named = newReport === undefined ? markdown : renamed(path, markdown, newReport);
    const after = newReport === undefined ? before : sourcesOf(path, named, code);
    const { text, refused } = recite(named, after);
    const citations = citationsIn(text).length;
    return {
      path,
      before: markdown,
      text,
      citations,
      refused,
      readAgain: readAgain(text, before, after),
    };
  } catch (cause) {
    throw new Error(`${path}: ${(cause as Error).message}`, { cause });
  }
}

/** Writes a document, unless it says already what it has to. */
export async function writeCited({ path, before, text }: CitedDocument): Promise<void> {
  if (text === before) return;
  await writeWhole(path, text).catch((cause: unknown) => {
    throw new Error(`cannot write ${path}: ${reasonOf(cause)}`, { cause });
  });
}

function renamed(path: string, markdown: string, report: string): string {
  const to = relative(dirname(resolve(path)), resolve(report)).replaceAll('\\', '/') || '.';
  if (/[\s)#]/.test(to)) throw new Error(`a document cannot name ${to}, which has a blank, ) or #`);
  return withSource(markdown, to);
}

function readSeed(path: string, directory: string | undefined): Sources['seed'] {
  if (directory === undefined) return [];
  const at = resolve(dirname(path), directory);
  const files = readdirSync(at).filter((file) => file.endsWith('.json'));
  return files.sort().flatMap((file) => {
    try {
      return seedReportSchema.parse(JSON.parse(readFileSync(join(at, file), 'utf8'))).results;
    } catch (cause) {
      throw new Error(`${join(at, file)} is no report of pnpm bench seed`, { cause });
    }
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Returns what is in a document, or throws an error that says which cannot be read, and why. */
export function readDocument(path: string): string {
  try {
    return utf8.decode(readFileSync(path));
  } catch (cause) {
    throw new Error(`cannot read ${path}: ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  const { errno, message } = cause as NodeJS.ErrnoException;
  return errno === undefined ? message : getSystemErrorMessage(errno);
}

/** Returns the lines that report what was put into documents. */
export function citedWords({ path, citations, refused, readAgain }: CitedDocument): string {
  return [
    `${path}: ${citations} citations`,
    ...refused.map(
      ({ line, selector, why }) =>
        `  line ${line} refused, and left as it was: ${selector}: ${why}`,
    ),
    ...readAgain.flatMap(({ line, text, changes }) => [
      `  read line ${line} again: ${text.trim().slice(0, 160)}`,
      ...changes.map((change) => `    ${change}`),
    ]),
    '',
  ].join('\n');
}
