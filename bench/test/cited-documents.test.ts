import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { cite } from '../src/citations/citations.ts';
import { citingDocuments, sourcesOf } from '../src/citations/documents.ts';
import { renderCombination } from '../src/combine/render.ts';
import { measureComplexity } from '../src/complexity/index.ts';
import { uncited, unvouched } from './uncited.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const code = await measureComplexity(root);

/** The documents that have figures of the report, or of the code. */
const cited = citingDocuments(root).map((path) => {
  const markdown = readFileSync(path, 'utf8');
  return { name: basename(path), markdown, sources: sourcesOf(path, markdown, code) };
});

test('they are those that a reader of the lab is led to', () => {
  expect(cited.map(({ name }) => name)).toEqual(
    ['ARCHITECTURE', 'BENCHMARKING', 'COMPARISON', 'OPERATIONS', 'RELIABILITY'].map(
      (name) => `${name}.md`,
    ),
  );
});

describe.each(cited)('$name', ({ markdown, sources }) => {
  test('says what its report and the code say', () => {
    expect(markdown).toBe(cite(markdown, sources));
  });

  test('is from a report that may be cited', () => {
    expect(sources.report).toMatchObject({ complete: true, citable: true });
    expect(['full', 'long']).toContain(sources.report.preset);
  });
});

test('the joined report is what its reports give today', () => {
  const { combination } = cited.find(({ name }) => name === 'COMPARISON.md')?.sources.joined ?? {};
  const committed = readFileSync(join(root, 'bench/reports/2026-11-28-joined/report.md'), 'utf8');

  expect(combination && renderCombination(combination, 'markdown', { details: false })).toBe(
    committed,
  );
});

// What was asked and not what was found: years, depths, rates, goals, versions; codes and clauses of
// the protocol; exit codes.
const years = ['2023'];
const lab = [
  '1',
  '2',
  '16',
  '64',
  '256',
  '262',
  '1,000',
  '4,000',
  '1.15',
  '0.6',
  '4',
  '0.5',
  '99',
  '100',
];
const statuses = ['1', '24', '25', '26', '27', '28', '120', '122', '123', '126', '127'];
const exits = ['0', '1', '74', '130', '143'];
const clauses = ['4.1', '4.4', '4.6', '4.9', '5.1', '5.2', '6.6'];
const versions = ['12', '20', '24'];

/** Numbers that are no findings, by document. */
const known: Readonly<Record<string, readonly string[]>> = {
  // And what the picture of the page of bytes shows; docs/WIRE.md has it, and is held against a recording.
  'README.md': [...years, ...versions, '8', '1', '2', '54', '174'],
  'CONTRIBUTING.md': [...years, ...versions, '1'],
  // And how long a line takes.
  'docs/COMPARISON.md': [...years, ...lab, '10'],
  // Of the interval: its level, what six rounds give, and how narrow it is to be. And exit codes.
  'docs/BENCHMARKING.md': [...years, ...lab, ...exits, '95', '96.9', '10', '3', '5'],
  // Of the protocol (held against the code with docs/PROTOCOL.md), of IPv6, of grpc-js and of SQLite;
  // and what open files come to, which packages/cli/src/serve/options/descriptors.test.ts counts.
  'docs/OPERATIONS.md': [
    ...statuses,
    ...exits,
    ...versions,
    ...years,
    // Of secrets: the version that has Argon2id, its memory, SHA-256, and tries in vain with their status.
    ...['24.7', '19', '256', '10', '50', '119'],
    // Of the operator: the machine itself, statuses of HTTP and of a resume, the longest path of a socket.
    ...['127.0.0.1', '200', '503', '15', '16', '103'],
    // How many messages a start counts in a second, about.
    '150,000',
    // Of the data: versions of its schema and of PostgreSQL, and the seconds until a node that hangs is given up.
    ...['3', '13', '8'],
    // Of TLS: its versions, and the days before a certificate ends.
    ...['1.2', '1.3', '14'],
    '2',
    '4',
    '64',
    '40,180',
    '84',
    '0008',
    '0011',
    '0025',
  ],
  // Of the rule of what is flat, of how long a server is frozen, of Linux (`tcp_wmem`) and of RFC 9113.
  'docs/RELIABILITY.md': [
    ...[...statuses, ...exits, ...clauses],
    // And how long an operator cancels.
    ...['95', '16', '10', '5', '2', '1.5', '4', '8.2.1', '0.5'],
  ],
  // Of the node: how often it looks.
  'docs/SCALE.md': ['64', '10', '128'],
  'docs/ARCHITECTURE.md': [
    ...[...years, ...statuses],
    ...['2', '5', '15', '32', '64', '65,538'],
    // Of the protocol and of HTTP/2: requests over sockets, bytes under way, and calls that are decoded in a turn.
    ...['53', '367', '65,535', '4'],
    // Secrets that many people take: the length of the library's list.
    '49,000',
    // Connections that end in a turn: a third of the units of packages/core/src/server/teardown-queue.ts.
    '42',
  ],
};

test.each(Object.entries(known))('%s has no figure that nothing vouches for', (path, numbers) => {
  const markdown = readFileSync(join(root, path), 'utf8')
    // Limits with a variable are held against the options: packages/cli/src/operations.test.ts.
    .replace(/^\|.*`TANDEM_\w+`.*$/gm, '');

  // What is said to somebody who must choose is from the report alone.
  const find = path === 'docs/COMPARISON.md' ? uncited : unvouched;
  const advice =
    'cite it (`pnpm bench cite`), give the command and the date of its measurement in its paragraph, or name it above as no finding';
  expect(find(markdown, numbers), advice).toEqual([]);
});
