import { describe, expect, test } from 'vitest';
import { sampleComplexity } from '../../test/sample-complexity.ts';
import { sampleReport } from '../../test/sample-report.ts';
import { uncited, unvouched } from '../../test/uncited.ts';
import { combineReports } from '../combine/combine.ts';
import { cite, joinedSourcesOf, sourceOf } from './citations.ts';
import { CitationError, figureOf, type Sources } from './selector.ts';

const report = sampleReport();
// Other branches than those of the report's commit.
const counted = sampleComplexity();
const code = {
  ...counted,
  ways: counted.ways.map((way) => ({ ...way, branchesTotal: way.branchesTotal + 1 })),
};
const sources: Sources = { report, code, seed: [] };
const ratio = 'ratio latency-1 p50 same-core grpc-unary sockets-framed';

test('finds the figure that words name', () => {
  const found = report.ratios.find(
    (each) =>
      each.scenario === 'latency-1' &&
      each.metric === 'p50' &&
      each.placement === 'same-core' &&
      each.lane === 'grpc-unary' &&
      each.baseline === 'sockets-framed',
  );

  expect(figureOf(sources, ratio)).toBe(found?.value);
  expect(figureOf(sources, ratio.replace('ratio', 'ratio-low'))).toBe(found?.ci95?.[0]);
  expect(figureOf(sources, ratio.replace('ratio', 'ratio-high'))).toBe(found?.ci95?.[1]);
  expect(figureOf(sources, `${ratio} /1000`)).toBe((found?.value ?? 0) / 1_000);
  expect(figureOf(sources, 'published op-suite grpc')).toBe(0.0187);
  expect(figureOf(sources, 'rounds')).toBe(report.options.roundsDone);
});

test('adds up the bytes of an operation, or takes one layer of it', () => {
  const entry = report.wire?.entries.find(
    (each) => each.lane === 'grpc-unary' && each.operation === 'send' && each.call === 'warm',
  );
  const words = 'wire grpc-unary send warm';

  expect(figureOf(sources, `${words} total`)).toBe(
    (entry?.total.sent ?? 0) + (entry?.total.received ?? 0),
  );
  expect(figureOf(sources, `${words} sent hpack`)).toBe(entry?.layers.hpack?.sent);
});

test('finds the packets of an operation, what varies, JSON, and the program of 2023', () => {
  const wire = report.wire as NonNullable<typeof report.wire>;
  const entries = wire.entries.map((entry) => ({
    ...entry,
    dataSegments: { sent: 1, received: 2 },
    headers: [
      {
        direction: 'sent' as const,
        name: 'authorization',
        value: 'Bearer <token>',
        representation: 'never-indexed' as const,
        bytes: 30,
        range: [28, 32] as [number, number],
      },
    ],
  }));
  const side = (values: number[]) => ({ values, median: values[1] ?? 0, serverCpuUs: values });
  const all: Sources = {
    report: { ...report, wire: { ...wire, entries } },
    code,
    seed: [
      {
        transport: 'sockets',
        scenario: 'op-suite',
        metric: 'time',
        unit: 'us',
        theirs: side([2, 4, 6]),
        ours: side([1, 2, 3]),
        ratio: { value: 2, ci95: [1.9, 2.1] },
      },
    ],
  };
  const total = figureOf(all, 'wire grpc-unary send warm total');

  expect(figureOf(all, 'packets grpc-unary send count')).toBe(4);
  expect(figureOf(all, 'packets grpc-unary send bytes')).toBe(total + 4 * 52);
  expect(figureOf(all, 'varies grpc-unary send least')).toBe(total - 2);
  expect(figureOf(all, 'varies grpc-unary send most')).toBe(total + 2);
  const json = wire.json[0];
  const bytes = (json?.bytes.sent ?? 0) + (json?.bytes.received ?? 0);
  expect(figureOf(all, `json ${json?.operation} total`)).toBe(bytes);
  expect(figureOf(all, `json ${json?.operation} lines`)).toBe(bytes + 2);
  expect(figureOf(all, 'seed sockets op-suite theirs')).toBe(4);
  expect(figureOf(all, 'seed sockets op-suite ours-cpu')).toBe(2);
  expect(figureOf(all, 'seed sockets op-suite ratio-high')).toBe(2.1);
  expect(() => figureOf(all, 'seed grpc op-suite ratio')).toThrow(CitationError);
});

test('finds the ratio of joined reports, that of each machine, and how far they lie apart', () => {
  const other = sampleReport({ seed: 1 });
  const startedAt = '2026-11-21T00:00:00.000Z';
  const fingerprint = { ...other.fingerprint, cpu: 'another CPU' };
  const reports = [report, { ...other, startedAt, fingerprint }];
  const joined = { reports, combination: combineReports(reports) };
  const found = joined.combination.ratios.find(
    (each) =>
      each.scenario === 'latency-1' &&
      each.metric === 'p50' &&
      each.placement === 'same-core' &&
      each.lane === 'grpc-unary' &&
      each.baseline === 'sockets-framed',
  );
  const place = ratio.replace('ratio ', '');
  const of = (what: string) => figureOf({ ...sources, joined }, `joined ${what} ${place}`);

  expect(of('value')).toBe(found?.value);
  expect([of('low'), of('high')]).toEqual(found?.ci95);
  expect(of('between')).toBe(100 * (found?.between ?? 0));
  expect([of('B'), of('B-low'), of('B-high')]).toEqual([
    found?.machines[1]?.value,
    ...(found?.machines[1]?.ci95 ?? []),
  ]);
  expect(() => of('C')).toThrow(CitationError);
  expect(() => figureOf(sources, `joined value ${place}`)).toThrow(CitationError);

  const cells = other.cells.map((cell) => ({
    ...cell,
    runs: cell.runs.map((run) => ({ ...run, steady: false })),
  }));
  const unsteady = { ...joined, reports: [report, { ...other, cells }] };
  expect(() => figureOf({ ...sources, joined: unsteady }, `joined value ${place}`)).toThrow(
    'latency-1, ',
  );
});

test('finds what the code as it is has, and not what the report says of it', () => {
  const way = code.ways.find(({ id }) => id === 'grpc-unary');
  const client = code.leaning.find(
    ({ transport, part }) => transport === 'grpc' && part === 'client',
  );

  expect(figureOf(sources, 'code grpc-unary lines')).toBe(way?.lines.code);
  expect(figureOf(sources, 'code grpc-unary branches')).toBe(way?.branchesTotal);
  expect(figureOf(sources, 'leaning grpc client packages')).toBe(client?.packagesLoaded);
  const old = report.complexity?.ways.find(({ id }) => id === 'grpc-unary');
  expect(old?.branchesTotal).not.toBe(way?.branchesTotal);
});

test.each([
  'ratio latency-1 p50 moon grpc-unary sockets-framed',
  'guess',
  'wire a b c total',
  'wire grpc-unary send warm toString',
  'code grpc-unary constructor',
  'constructor',
  'hasOwnProperty',
  '__proto__',
  'rounds /0',
  'constant core a(',
])('says that there is nothing for "%s"', (selector) => {
  expect(() => figureOf(sources, selector)).toThrow(CitationError);
});

test('cites nothing that is not valid', () => {
  const invalid = report.results.find(({ valid }) => !valid);
  const { scenario, metric, placement, lane } = invalid ?? {};

  expect(invalid).toBeDefined();
  expect(() => figureOf(sources, `value ${scenario} ${metric} ${placement} ${lane}`)).toThrow(
    CitationError,
  );
});

test('cites nothing of a cell that was disturbed in half of its runs, and says so', () => {
  expect(report.results.find((each) => each.scenario === 'body-64')?.valid).toBe(true);
  for (const selector of [
    'value body-64 p50 same-core net-echo',
    'ratio body-64 p50 same-core sockets-framed net-echo',
  ]) {
    expect(() => figureOf(sources, selector)).toThrow(
      'body-64, net-echo, same-core: not to be cited, as other programs disturbed at least half of the runs',
    );
  }
  // Disturbed once, a cell has its median from the others.
  expect(figureOf(sources, 'value latency-1 p50 same-core grpc-unary')).toBeGreaterThan(0);
});

test.each([
  ['steady', { steady: false }, 'most of the runs were not steady when they were measured'],
  ['calm', { slow: true }, 'the machine was slow in all of the runs'],
])('cites nothing of a cell whose runs were not %s, and says so', (_, more, why) => {
  const cells = report.cells.map((cell) =>
    cell.scenario === 'latency-1' && cell.lane === 'grpc-unary'
      ? { ...cell, runs: cell.runs.map((run) => ({ ...run, ...more })) }
      : cell,
  );

  expect(() => figureOf({ ...sources, report: { ...report, cells } }, ratio)).toThrow(
    `latency-1, grpc-unary, same-core: not to be cited, as ${why}`,
  );
});

test('puts the report’s figures into a document, as precise as they are written there', () => {
  const value = figureOf(sources, ratio);

  expect(cite(`costs 0.00<!-- ${ratio} --> times`, sources)).toBe(
    `costs ${value.toFixed(2)}<!-- ${ratio} --> times`,
  );
  const throughput = 'value throughput-64 throughput same-core sockets-framed';
  expect(cite(`0<!-- ${throughput} -->`, sources)).toBe(
    `${Math.round(figureOf(sources, throughput)).toLocaleString('en-US')}<!-- ${throughput} -->`,
  );
});

test('is unchanged when the figures agree already', () => {
  const document = cite(`0.0<!-- ${ratio} -->`, sources);

  expect(cite(document, sources)).toBe(document);
});

test('finds the numbers that nothing vouches for', () => {
  const document = [
    '# Findings of 2026',
    `It costs 8.1<!-- ${ratio} --> times as much at depth 64, and 3.5 times as much elsewhere.`,
    'See [the report](../bench/reports/2026-11-22) and `latency-1`; sha256 has no number.',
    '```',
    '17',
    '```',
  ].join('\n');

  expect(uncited(document, ['64'])).toEqual(['3.5']);
  expect(uncited(document, [])).toEqual(['64', '3.5']);
});

test('finds what the code gives a name', () => {
  expect(figureOf(sources, 'constant core messageCharsMax')).toBe(262);
  expect(figureOf(sources, 'constant core windowBytesMax /1024')).toBe(64);
  expect(figureOf(sources, 'constant grpc-server drainTimeoutMs /1000')).toBe(60);
  for (const name of ['core nothing', 'nowhere messageCharsMax', 'core']) {
    expect(() => figureOf(sources, `constant ${name}`)).toThrow(CitationError);
  }
});

describe('a command and a date', () => {
  const command = '`pnpm bench --scenarios sends`';
  const chapter = (introduction: string, section: string) =>
    `## Found\n\n${introduction}\n\n### One\n\n${section}\n\n### Other\n\nIt took 5 ms.\n`;

  test('vouch for the figures of their paragraph', () => {
    const text = `It says 1.\n\nOn 2026-11-22 it took 3 ms. ${command}\n\nIt says 2.`;
    expect(unvouched(chapter('', text), [])).toEqual(['1', '2', '5']);
  });

  test('vouch for a section in whose first paragraph they stand', () => {
    const text = `On 2026-11-22, ${command}:\n\n| 3 |`;
    expect(unvouched(chapter('', text), [])).toEqual(['5']);
  });

  test('vouch for a section that has the command, in a chapter that begins with the date', () => {
    expect(unvouched(chapter('On 2026-11-22:', `It took 3 ms.\n\n${command}`), [])).toEqual(['5']);
    expect(unvouched(chapter('On 2026-11-22:', 'Run:\n\n```sh\npnpm bench\n```\n\n3'), [])).toEqual(
      ['5'],
    );
  });

  test.each([
    ['the date alone', 'On 2026-11-22:', 'It took 3 ms.'],
    ['the command alone', '', `It took 3 ms. ${command}`],
    ['a date in a link', '[Found](2026-11-22):', `It took 3 ms. ${command}`],
  ])('do not, where there is %s', (_, introduction, section) => {
    expect(unvouched(chapter(introduction, section), [])).toEqual(['3', '5']);
  });
});

test('finds where the figures are from', () => {
  expect(sourceOf('<!-- report: ../bench/reports/a -->')).toBe('../bench/reports/a');
  expect(sourceOf('no comment')).toBeUndefined();
  expect(joinedSourcesOf('<!-- joined: ../a ../b ../c -->')).toEqual(['../a', '../b', '../c']);
  expect(joinedSourcesOf('<!-- joined: ../a -->')).toEqual([]);
});
