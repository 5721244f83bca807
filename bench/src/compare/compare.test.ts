import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { onlyScenarios as only, sampleReport } from '../../test/sample-report.ts';
import { analyse } from '../report/analysis/analyse.ts';
import type { Fingerprint, Report, ReportCell } from '../report/schema/report.ts';
import { type Change, compareReports } from './compare.ts';
import { renderComparison } from './render.ts';
import { UnlikeMachinesError } from './unlike-machines.ts';

const before = sampleReport();
const after = sampleReport({ seed: 1 });
const strict = { unlikeMachines: false };
const unchanged = compareReports(before, after, strict);
// Most of this is about few figures of the reports, or none.
const [beforeShort, afterShort] = [before, after].map((report) => only(report, 'latency-1')) as Two;
const [beforeMain, afterMain] = [before, after].map((report) =>
  only(report, 'latency-1', 'throughput-64'),
) as Two;

type Two = [Report, Report];

function withCells(report: Report, change: (cell: ReportCell) => ReportCell | undefined): Report {
  const { lanes, scenarios } = report;
  const cells = report.cells.flatMap((cell) => change(cell) ?? []);
  return { ...report, cells, ...analyse({ cells, lanes, scenarios, injectedUs: {} }) };
}

/** The report in which every run of a lane, and of its twin, gave so many times as much. */
function scaled(report: Report, scenario: string, lane: string, factor: number): Report {
  return withCells(report, (cell) => {
    if (cell.scenario !== scenario || cell.lane.replace('-again', '') !== lane) return cell;
    const runs = cell.runs.map((run) => {
      const values = Object.entries(run.values).map(([name, value]) => [name, value * factor]);
      return { ...run, values: Object.fromEntries(values) as Record<string, number> };
    });
    return { ...cell, runs };
  });
}

function changeOf(changes: readonly Change[], scenario: string, lane: string, metric: string) {
  return changes.find(
    (one) =>
      one.scenario === scenario &&
      one.lane === lane &&
      one.metric === metric &&
      one.placement === 'same-core',
  );
}

function on(report: Report, fingerprint: Partial<Fingerprint>): Report {
  return { ...report, fingerprint: { ...report.fingerprint, ...fingerprint } };
}

it('refuses reports without a figure in common', () => {
  const nothing = { ...after, cells: [], results: [] };
  expect(() => compareReports(before, nothing, strict)).toThrow('no figure in common');
});

describe('comparing two reports', () => {
  it('seldom finds a change where nothing changed', () => {
    const { changes, onlyInA, onlyInB } = unchanged;
    const found = changes.filter(({ verdict }) => verdict === 'higher' || verdict === 'lower');
    expect(changes.length).toBeGreaterThan(2_000);
    expect(found.length / changes.length).toBeLessThan(0.05);
    expect([onlyInA, onlyInB]).toEqual([[], []]);
  });

  it('finds a change, how large it is, and whether it is good', () => {
    const slower = scaled(afterMain, 'latency-1', 'grpc-unary', 1.5);
    const more = scaled(slower, 'throughput-64', 'grpc-unary', 2);
    const { changes } = compareReports(beforeMain, more, strict);
    const latency = changeOf(changes, 'latency-1', 'grpc-unary', 'p50');
    expect(latency).toMatchObject({ main: true, verdict: 'higher', merit: 'worse' });
    expect(latency?.ratio).toBeCloseTo((latency?.b.value ?? 0) / (latency?.a.value ?? 1), 12);
    expect(latency?.ci95?.[0]).toBeLessThan(1.5);
    expect(latency?.ci95?.[1]).toBeGreaterThan(1.5);
    const throughput = changeOf(changes, 'throughput-64', 'grpc-unary', 'throughput');
    expect(throughput).toMatchObject({ verdict: 'higher', merit: 'better' });
    expect(changeOf(changes, 'latency-1', 'sockets-framed', 'p50')?.merit).toBeUndefined();
  });

  it('does not call a change what is within the noise floor of either report', () => {
    const slightly = scaled(afterShort, 'latency-1', 'sockets-framed', 1.2);
    const verdictOf = (a: Report, b: Report) =>
      changeOf(compareReports(a, b, strict).changes, 'latency-1', 'sockets-framed', 'p50')?.verdict;
    expect(verdictOf(beforeShort, slightly)).toBe('higher');
    const noisy = (report: Report): Report => ({
      ...report,
      noise: {
        ...report.noise,
        floors: report.noise.floors.map((floor) => ({ ...floor, floor: 0.5 })),
      },
    });
    expect(verdictOf(noisy(beforeShort), slightly)).toBe('within the noise floor');
    expect(verdictOf(beforeShort, noisy(slightly))).toBe('within the noise floor');
  });

  it('does not judge what is not valid on either side', () => {
    const invalid = (report: Report) =>
      withCells(report, (cell) =>
        cell.lane === 'net-echo' ? { ...cell, valid: false, why: ['errors'] } : cell,
      );
    for (const [a, b] of [
      [invalid(beforeShort), scaled(afterShort, 'latency-1', 'net-echo', 3)],
      [beforeShort, scaled(invalid(afterShort), 'latency-1', 'net-echo', 3)],
    ] as const) {
      const { changes } = compareReports(a, b, strict);
      expect(changeOf(changes, 'latency-1', 'net-echo', 'p50')?.verdict).toBe('not valid');
    }
  });

  it('has no ratio where a figure is 0', () => {
    const [a, b] = [before, after].map((report) => only(report, 'idle-1')) as Two;
    const { changes } = compareReports(a, scaled(b, 'idle-1', 'net-echo', 0), strict);
    expect(changeOf(changes, 'idle-1', 'net-echo', 'cpu')).toMatchObject({
      ratio: null,
      ci95: null,
      verdict: 'no ratio',
    });
  });

  it('says what only one report has', () => {
    const fewer = withCells(afterMain, (cell) =>
      cell.lane === 'grpc-converse' ? undefined : cell,
    );
    const { onlyInA, onlyInB, changes } = compareReports(beforeMain, fewer, strict);
    expect(new Set(onlyInA.map(({ lane }) => lane))).toEqual(new Set(['grpc-converse']));
    expect(onlyInB).toEqual([]);
    expect(changes.some(({ lane }) => lane === 'grpc-converse')).toBe(false);
    expect(compareReports(fewer, beforeMain, strict).onlyInB).toEqual(onlyInA);
  });

  it('compares what a run that was interrupted has, without an interval', () => {
    const partial = only(sampleReport({ partial: true }), 'latency-1', 'throughput-64');
    const { changes, warnings } = compareReports(beforeMain, partial, strict);
    expect(changeOf(changes, 'latency-1', 'net-echo', 'p50')).toMatchObject({
      ci95: null,
      verdict: 'not enough runs',
    });
    expect(warnings.filter((warning) => !warning.includes('disturbed'))).toEqual([
      'B was ended before its plan',
      'B is not to be cited: it was interrupted in round 3 of 6',
    ]);
  });
});

it('warns of what other programs disturbed', () => {
  const disturbed = only(before, 'body-64');

  const { warnings } = compareReports(quiet(disturbed), disturbed, strict);

  expect(warnings).toEqual([
    `B was disturbed by other programs in at least half of the runs of 1 of ${disturbed.cells.length} cells`,
  ]);
});

describe('the main ratios of two reports', () => {
  const headlineOf = (a: Report, b: Report) =>
    compareReports(a, b, strict).headlines.find(
      ({ scenario, placement, lane, baseline }) =>
        scenario === 'latency-1' &&
        placement === 'same-core' &&
        lane === 'grpc-unary' &&
        baseline === 'sockets-framed',
    );
  const withInterval = (report: Report, ci95: [number, number] | null, valid = true): Report => ({
    ...report,
    ratios: report.ratios.map((ratio) =>
      ratio.scenario === 'latency-1' && ratio.lane === 'grpc-unary'
        ? { ...ratio, value: ci95?.[0] ?? ratio.value, ci95, valid }
        : ratio,
    ),
  });

  it.each([
    { of: 'that overlap', a: [4, 5], b: [4.9, 6], verdict: 'agree' },
    { of: 'of which one holds the other', a: [4, 6], b: [4.5, 5], verdict: 'agree' },
    { of: 'that touch', a: [4, 5], b: [5, 6], verdict: 'agree' },
    { of: 'that lie apart', a: [4, 5], b: [5.1, 6], verdict: 'differ' },
    { of: 'that lie apart the other way', a: [5.1, 6], b: [4, 5], verdict: 'differ' },
    { of: 'of which one is missing', a: [4, 5], b: null, verdict: 'no interval' },
  ] as const)('have intervals $of: $verdict', ({ a, b, verdict }) => {
    const both = [a, b].map((ci95) => withInterval(beforeMain, ci95 && [ci95[0], ci95[1]]));
    expect(headlineOf(both[0] as Report, both[1] as Report)?.verdict).toBe(verdict);
  });

  it('are not judged where a cell of theirs is not valid', () => {
    const invalid = withInterval(beforeMain, [4, 5], false);
    expect(headlineOf(beforeMain, invalid)?.verdict).toBe('not valid');
    expect(headlineOf(invalid, beforeMain)?.verdict).toBe('not valid');
  });

  it('are those of the contenders, in every placement, and no others', () => {
    const { headlines } = unchanged;
    expect(headlines).toHaveLength(12);
    expect(new Set(headlines.map(({ metric }) => metric))).toEqual(new Set(['p50', 'throughput']));
  });

  it('stand first, each with both intervals, and are counted', () => {
    const [a, b] = [withInterval(beforeMain, [4, 5]), withInterval(afterMain, [6, 7])];
    const text = renderComparison(compareReports(a, b, strict), { color: false });
    expect(text).toMatch(
      /\nMain ratios of latency-1, one core\n[\s\S]*?\ngrpc-unary to sockets-framed +4\.0 \[4\.0, 5\.0\] +6\.0 \[6\.0, 7\.0\] +differ\n/,
    );
    expect(text).toMatch(/Of 12 main ratios \d+ agree; \d+ differ/);
    expect(text.indexOf('Of 12 main ratios')).toBeLessThan(text.indexOf('latency-1: p50'));
  });
});

describe('unlike machines', () => {
  const { costs, caches } = before.fingerprint;
  if (!costs || !caches) throw new Error('the sample has costs');
  const unlike: readonly [string, Partial<Fingerprint>][] = [
    ['machine', { machine: 'another' }],
    ['CPU', { cpu: 'another' }],
    ['cores', { cores: 4 }],
    ['memory', { memoryBytes: 16e9 }],
    ['virtualisation', { virtualisation: 'container' }],
    ['kernel', { kernel: 'Linux 5.4.0 x64' }],
    ['CPU frequency', { scaling: 'governor powersave, turbo on' }],
    ['runtime', { runtime: 'Node.js v25.1.0' }],
    ['caches', { caches: { ...caches, 'L2 unified': '1024K' } }],
    ['leaks of the processor', { mitigations: { spec_rstack_overflow: 'Vulnerable' } }],
    ['an entry into the kernel', { costs: { ...costs, kernelEntryUs: costs.kernelEntryUs * 1.6 } }],
    ['a switch between two processes', { costs: { ...costs, switchUs: costs.switchUs / 1.6 } }],
    ['a switch across cores', { costs: { ...costs, switchAcrossUs: 40 } }],
    ['cold code', { costs: { ...costs, coldCodeUs: costs.coldCodeUs * 2 } }],
  ];

  it.each(unlike)('are refused when the %s differs, which the error says', (what, difference) => {
    const compare = () => compareReports(beforeShort, on(afterShort, difference), strict);
    expect(compare).toThrow(UnlikeMachinesError);
    expect(compare).toThrow(`\n  ${what}: `);
  });

  it.each(unlike)('are compared all the same when told: %s', (what, difference) => {
    const comparison = compareReports(beforeShort, on(afterShort, difference), {
      unlikeMachines: true,
    });
    expect(comparison.unlike.map((one) => one.what)).toEqual([what]);
    expect(renderComparison(comparison, { color: false })).toContain(
      `The machines differ: ${what}: `,
    );
  });

  it('are not those that differ in what varies on one machine', () => {
    const { memoryBytes } = before.fingerprint;
    const same = on(afterShort, {
      memoryBytes: memoryBytes - 4_096,
      loadAverage: [3, 2, 1],
      runtime: 'Node.js v24.22.0',
      costs: { ...costs, kernelEntryUs: costs.kernelEntryUs * 1.3, switchUs: costs.switchUs / 1.3 },
    });
    expect(compareReports(beforeShort, same, strict).unlike).toEqual([]);
  });

  it('are not told by what one of the reports does not know', () => {
    const { mitigations: _, caches: __, costs: ___, ...older } = after.fingerprint;
    const known = { ...afterShort, fingerprint: older };
    const unknown = on(afterShort, { mitigations: null, caches: null, costs: null });
    for (const other of [known, unknown]) {
      expect(compareReports(beforeShort, other, strict).unlike).toEqual([]);
    }
  });
});

describe('what else differs', () => {
  it('is said: commit, lockfile, versions, rounds', () => {
    const other = on(only(sampleReport({ rounds: 8 }), 'latency-1'), {
      commit: 'fedcba9876543210',
      dirty: true,
      lockfileSha256: '0000000000000000',
      runtime: 'Node.js v24.22.0',
      dependencies: { ...after.fingerprint.dependencies, '@grpc/grpc-js': '1.15.0' },
    });
    const { circumstances } = compareReports(beforeShort, other, strict);
    expect(circumstances).toEqual([
      { what: 'commit', a: '0123456789ab', b: 'fedcba987654 with changes' },
      { what: 'lockfile', a: '9f86d081884c', b: '000000000000' },
      { what: 'runtime', a: 'Node.js v24.21.0', b: 'Node.js v24.22.0' },
      { what: '@grpc/grpc-js', a: '1.14.7', b: '1.15.0' },
      { what: 'rounds done', a: '6', b: '8' },
    ]);
    expect(compareReports(beforeShort, afterShort, strict).circumstances).toEqual([]);
  });
});

describe('the comparison in a terminal', () => {
  const slower = scaled(after, 'latency-1', 'grpc-unary', 1.5);
  const comparison = compareReports(before, on(slower, { commit: 'f00' }), strict);
  const text = renderComparison(comparison, { color: false });

  it('sets the figures of both side by side', () => {
    expect(text).toMatch(
      /\ngrpc-unary, one core +2\d\d µs +3\d\d µs +1\.[45]\d \[1\.\d\d, 1\.\d\d\] +worse\n/,
    );
    expect(text).toMatch(/\nnet-echo, one core .* no detectable difference\n/);
    expect(text).toMatch(/\nlatency-1 p90, grpc-unary, one core .* worse\n/);
    expect(text).not.toMatch(/\nlatency-1 p90, net-echo/);
    expect(text).toContain('Not the same: commit: 0123456789ab in A, f00 in B');
  });

  it('fits 100 columns, with and without colour', () => {
    const colored = renderComparison(comparison, { color: true });
    expect(stripVTControlCharacters(colored)).toBe(text);
    expect(colored).not.toBe(text);
    for (const line of text.split('\n')) expect(Array.from(line).length).toBeLessThanOrEqual(100);
  });

  it('names what only one of them has', () => {
    const results = after.results.filter(({ lane }) => lane !== 'net-echo');
    const other = renderComparison(compareReports(before, { ...after, results }, strict), {
      color: false,
    });
    expect(other).toContain('Only in A: set-up-cold, net-echo, same-core; ');
  });
});

/** The same without disturbances, as an older report has it. */
function quiet(report: Report): Report {
  const cells = report.cells.map((cell) => ({
    ...cell,
    runs: cell.runs.map(({ disturbance: _, ...run }) => run),
  }));
  return { ...report, cells };
}
