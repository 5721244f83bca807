import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { onlyScenarios, sampleReport } from '../../test/sample-report.ts';
import { analyse } from '../report/analysis/analyse.ts';
import type { Report, ReportCell } from '../report/schema/report.ts';
import { formatRatio } from '../report/words/format.ts';
import { UsageError } from '../usage-error.ts';
import { combineReports } from './combine.ts';
import { type CombinationFormat, combinationFormats, renderCombination } from './render.ts';
import { UnlikeSettingsError } from './unlike-settings.ts';

const scenarios = ['set-up', 'op-suite', 'latency-1', 'throughput-64', 'idle-1'];

/** The sample as a machine found it that takes so many times as long for a unary call. */
function onMachine(seed: number, unaryFactor = 1): Report {
  const report = onlyScenarios(sampleReport({ seed }), ...scenarios);
  const startedAt = new Date(Date.UTC(2026, 10, 20, seed % 24)).toISOString();
  return withCells({ ...report, startedAt }, (cell) =>
    cell.lane === 'grpc-unary' ? { ...cell, runs: cell.runs.map(scaled(unaryFactor)) } : cell,
  );
}

function scaled(factor: number) {
  return (run: ReportCell['runs'][number]) => {
    const values = Object.entries(run.values).map(([name, value]) => [name, value * factor]);
    return { ...run, values: Object.fromEntries(values) as Record<string, number> };
  };
}

function withCells(report: Report, change: (cell: ReportCell) => ReportCell | undefined): Report {
  const { lanes, scenarios } = report;
  const cells = report.cells.flatMap((cell) => change(cell) ?? []);
  return { ...report, cells, ...analyse({ cells, lanes, scenarios, injectedUs: {} }) };
}

const [a, b, c] = [onMachine(1), onMachine(2, 1.5), onMachine(3)] as [Report, Report, Report];
const place = { scenario: 'latency-1', placement: 'same-core', metric: 'p50' } as const;
const unary = { ...place, lane: 'grpc-unary', baseline: 'grpc-echo' } as const;

function find<T extends object>(figures: readonly T[], wanted: Partial<Record<keyof T, unknown>>) {
  return figures.find((figure) =>
    Object.entries(wanted).every(([key, value]) => figure[key as keyof T] === value),
  );
}

const combination = combineReports([a, b, c]);

describe('joining reports of several machines', () => {
  const ratio = find(combination.ratios, unary);
  const value = find(combination.values, { ...place, lane: 'grpc-unary' });

  it('shows what each machine found, and how far they lie apart', () => {
    const own = [a, b, c].map((report) => find(report.ratios, unary));
    expect(ratio?.machines).toEqual(
      own.map((one, i) => {
        return { machine: 'ABC'[i], value: one?.value, ci95: one?.ci95, n: one?.n };
      }),
    );
    expect(ratio?.between).toBeGreaterThan(0.1);
    expect(ratio?.share).toBeGreaterThan(0.8);
    const middle = (ratio?.machines ?? []).reduce((product, one) => product * one.value, 1);
    expect(ratio?.value).toBeCloseTo(Math.cbrt(middle), 10);
    expect(value?.unit).toBe('us');
    expect(value?.between).toBeGreaterThan(0.1);
  });

  it('has an interval that is wider than that of any machine, as machines differ', () => {
    const [low, high] = ratio?.ci95 ?? [1, 1];
    for (const { value: theirs, ci95 } of ratio?.machines ?? []) {
      expect(low).toBeLessThan(theirs);
      expect(high).toBeGreaterThan(theirs);
      expect(high / low).toBeGreaterThan((ci95?.[1] ?? 1) / (ci95?.[0] ?? 1));
    }
    expect(ratio?.main).toBe(true);
  });

  it('finds a difference that every machine has', () => {
    const sockets = find(combination.ratios, {
      ...place,
      lane: 'grpc-echo',
      baseline: 'http2-echo',
    });
    expect(sockets?.verdict).toBe('higher');
  });

  it('leaves out, with the reason, what one machine did not measure, or not validly, or too seldom', () => {
    const without = withCells(b, (cell) => (cell.lane === 'grpc-converse' ? undefined : cell));
    const invalid = withCells(b, (cell) =>
      cell.lane === 'grpc-unary' ? { ...cell, valid: false, why: ['errors'] } : cell,
    );
    const short = withCells(b, (cell) =>
      cell.lane === 'grpc-unary' ? { ...cell, runs: cell.runs.slice(0, 2) } : cell,
    );
    const converse = combineReports([a, without]);
    expect(converse.ratios.some(({ lane }) => lane === 'grpc-converse')).toBe(false);
    expect(find(converse.leftOut, { lane: 'grpc-converse' })?.reason).toBe('not measured on B');
    const marked = combineReports([a, invalid]);
    expect(find(marked.ratios, unary)).toBeUndefined();
    expect(find(marked.leftOut, unary)?.reason).toBe('not valid on B');
    const few = combineReports([a, short]);
    expect(find(few.ratios, unary)).toBeUndefined();
    expect(find(few.leftOut, unary)?.reason).toBe('2 of at least 3 rounds on B');
  });

  it('warns of what is not to be cited, and of machines that may be one', () => {
    const partial = { ...b, citable: false, notCitableBecause: ['it was quick'] };
    const { warnings } = combineReports([a, partial]);
    expect(warnings).toContain('B is not to be cited: it was quick');
    expect(warnings.join()).toContain('if they are one machine, it counts more than once');
    const other = { ...b, fingerprint: { ...b.fingerprint, cpu: 'another CPU' } };
    expect(combineReports([a, other]).warnings).toEqual([]);
  });
});

describe('reports that were not measured alike', () => {
  const [lane] = b.lanes as [Report['lanes'][number]];
  const otherLane = { ...lane, settings: { ...lane.settings, noDelay: 'left as it is' } };
  it.each<[string, readonly Report[], RegExp]>([
    ['one report twice', [a, b, a], /A and C are one report/],
    [
      'another commit',
      [a, { ...b, fingerprint: { ...b.fingerprint, commit: 'fff' } }],
      /commit: .* in A, fff in B/,
    ],
    [
      'another time',
      [a, { ...b, options: { ...b.options, measureMs: 7 } }],
      /measuring time in ms: 1500 in A, 7 in B/,
    ],
    [
      'other fields',
      [a, { ...b, options: { ...b.options, measureOperations: 10_000 } }],
      /operations of a run: not said in A, 10000 in B/,
    ],
    [
      'a lane with another setting',
      [a, { ...b, lanes: b.lanes.map((one) => (one === lane ? otherLane : one)) }],
      /the lane [a-z-]+: noDelay .* in A, noDelay left as it is in B/,
    ],
    [
      'a scenario that asks otherwise',
      [
        a,
        { ...b, scenarios: b.scenarios.map((one) => ({ ...one, parameters: { depth: 'other' } })) },
      ],
      /the scenario latency-1: /,
    ],
  ])('are refused: %s', (_, reports, message) => {
    expect(() => combineReports(reports)).toThrow(UnlikeSettingsError);
    expect(() => combineReports(reports)).toThrow(message);
  });

  it('are refused with --unlike-commits as the remedy only where it is one', () => {
    const later = { ...b.fingerprint, commit: 'f00', cpu: 'another CPU' };
    const ofLater = { ...b, fingerprint: later };
    const ofOne = { ...ofLater, fingerprint: { ...later, cpu: a.fingerprint.cpu } };
    expect(() => combineReports([a, ofLater])).toThrow('--unlike-commits');
    for (const reports of [[a], [a, a], [a, ofOne], [a, { ...ofLater, lanes: [otherLane] }]]) {
      expect(() => combineReports(reports)).toThrow(/^(?!.*--unlike-commits)/s);
    }
    expect(() => combineReports([a])).toThrow(UsageError);
  });

  it('are refused where no figure is on all of them, with the reasons', () => {
    const few = withCells(b, (cell) => ({ ...cell, runs: cell.runs.slice(0, 1) }));
    const [one, other] = [['set-up'], ['latency-1', 'idle-1']].map((names, i) =>
      onlyScenarios(i === 0 ? a : b, ...names),
    ) as [Report, Report];
    expect(() => combineReports([a, few])).toThrow(
      /^no figure of these reports can be joined: 1 of at least \d+ rounds on B$/,
    );
    expect(() => combineReports([one, other])).toThrow(
      /^no figure of these reports can be joined: not measured on B; not measured on A$/,
    );
  });

  it('may differ in rounds and seeds', () => {
    const options = { ...b.options, rounds: 9, roundsDone: 9, seed: 77 };
    expect(() => combineReports([a, { ...b, options }])).not.toThrow();
  });
});

describe('reports of other commits', () => {
  const other = (report: Report, fingerprint: Partial<Report['fingerprint']>): Report => ({
    ...report,
    fingerprint: { ...report.fingerprint, ...fingerprint },
  });
  const later = { cpu: 'another CPU', commit: 'f'.repeat(40), lockfileSha256: 'e'.repeat(64) };
  const join = (...reports: readonly Report[]) => combineReports(reports, { unlikeCommits: true });
  const [latency, throughput] = ['latency-1', 'throughput-64'];

  it('are joined when asked for, and what came with the commit is listed', () => {
    const slowRule = 'A run is slow from 1.3 times and 2 times on.';
    const dependencies = { ...b.fingerprint.dependencies, '@grpc/grpc-js': '9.9.9' };
    const reworded = {
      ...other(b, { ...later, dependencies }),
      slowRule,
      disturbedRule: `Here: ${b.disturbedRule}`,
    };
    const { unlike, warnings, ratios } = join({ ...a, slowRule: '2 and 1.2' }, reworded);
    const commit = a.fingerprint.commit.slice(0, 12);
    expect(unlike.scenarios).toEqual([]);
    expect(unlike.settings).toEqual([
      `commit: ${commit} in A, ffffffffffff in B`,
      expect.stringMatching(/^lockfile: .* in A, eeeeeeeeeeee in B$/),
      expect.stringMatching(/^@grpc\/grpc-js: .* in A, 9\.9\.9 in B$/),
      'rule of slowness: 1.2, 2 in A, 1.3, 2 in B',
      'rule of disturbance: in other words, with the same numbers',
    ]);
    expect(warnings.join()).toContain(
      'the distance between machines contains the difference between commits',
    );
    expect(find(ratios, unary)?.value).toBe(find(combineReports([a, b]).ratios, unary)?.value);
  });

  it.each(['question', 'parameters', 'metrics'] as const)(
    'lose the scenarios whose %s differ, and these are named',
    (part) => {
      const changed = {
        question: 'Another?',
        parameters: { depth: 7 },
        metrics: [{ name: 'p50', title: 'median', unit: 's', better: 'lower' as const }],
      };
      const scenarios = b.scenarios.map((scenario) =>
        scenario.name === latency ? { ...scenario, [part]: changed[part] } : scenario,
      );
      const joined = join(a, { ...other(b, later), scenarios });
      expect(joined.unlike.scenarios).toEqual([{ name: latency, parts: [part] }]);
      const left = [...joined.ratios, ...joined.values, ...joined.leftOut];
      expect(left.filter(({ scenario }) => scenario === latency)).toEqual([]);
      expect(joined.ratios.some(({ scenario }) => scenario === throughput)).toBe(true);
      for (const format of ['terminal', 'markdown'] as const) {
        const said = stripVTControlCharacters(
          renderCombination(joined, format, { details: false }),
        );
        expect(said.replaceAll(/\s+/g, ' ')).toContain(`left out: latency-1 (${part})`);
        expect(said.indexOf('Not the same: commit')).toBeLessThan(said.indexOf('As multiples'));
      }
    },
  );

  it('keep the scenarios that only have other titles', () => {
    const scenarios = b.scenarios.map((scenario) => ({
      ...scenario,
      title: 'Another title',
      metrics: scenario.metrics.map((metric) => ({ ...metric, title: 'another' })),
    }));
    const { unlike, ratios } = join(a, { ...other(b, later), scenarios });
    expect(unlike.scenarios).toEqual([]);
    expect(find(ratios, unary)).toBeDefined();
  });

  it('count a machine once, by the rounds of all its reports', () => {
    const again = other(onMachine(4, 1.5), later);
    const { machines, ratios, values, warnings } = join(a, other(b, later), again);
    expect(machines.map(({ name, reports }) => [name, reports.length])).toEqual([
      ['A', 1],
      ['B', 2],
    ]);
    expect(warnings.join()).toContain('B has 2 reports');
    const own = [b, again].map((report) => find(report.ratios, unary));
    const pooled = find(ratios, unary)?.machines[1];
    expect(pooled?.n).toBe((own[0]?.n ?? 0) + (own[1]?.n ?? 0));
    const [least = 0, most = 0] = own.map((one) => one?.value ?? 0).toSorted((x, y) => x - y);
    expect(pooled?.value).toBeGreaterThanOrEqual(least);
    expect(pooled?.value).toBeLessThanOrEqual(most);
    const value = find(values, { ...place, lane: 'grpc-unary' });
    expect(value?.machines.map(({ n }) => n)).toEqual([6, 12]);
    const twice = combineReports([a, b, onMachine(4, 1.5)]);
    expect(find(ratios, unary)?.ci95[1]).toBeGreaterThan(find(twice.ratios, unary)?.ci95[1] ?? 0);
  });

  it('leave out what is not valid in one report of a machine', () => {
    const invalid = withCells(onMachine(4), (cell) =>
      cell.lane === 'grpc-unary' ? { ...cell, valid: false, why: ['errors'] } : cell,
    );
    const { ratios, leftOut } = join(a, other(b, later), other(invalid, later));
    expect(find(ratios, unary)).toBeUndefined();
    expect(find(leftOut, unary)?.reason).toBe('not valid on B');
  });

  it.each<[string, readonly Report[], RegExp]>([
    ['of one machine alone', [a, b], /A and B are of one machine: they have the same processor/],
    [
      'of one machine with two commits',
      [other(a, { cpu: 'a third CPU' }), b, other(c, { commit: 'fff' })],
      /B and C are of one machine, which counts once: .*\n {2}commit: .* in B, fff in C/,
    ],
    ['given twice', [a, other(b, later), a], /A and C are one report/],
    [
      'with another measuring time',
      [a, { ...other(b, later), options: { ...b.options, measureMs: 7 } }],
      /measuring time in ms: 1500 in A, 7 in B/,
    ],
    ['with another runtime', [a, other(b, { ...later, runtime: 'Node.js v99' })], /runtime: /],
    [
      'with changes that no commit has',
      [a, other(b, { ...later, dirty: !a.fingerprint.dirty })],
      /changes that no commit has: /,
    ],
    [
      'with another setting of a lane',
      [
        a,
        {
          ...other(b, later),
          lanes: b.lanes.map((lane) => ({ ...lane, settings: { noDelay: 'as it is' } })),
        },
      ],
      /the lane [a-z-]+: /,
    ],
  ])('are refused all the same: %s', (_, reports, message) => {
    expect(() => join(...reports)).toThrow(UnlikeSettingsError);
    expect(() => join(...reports)).toThrow(message);
  });

  it('are refused without being asked for, with the option that takes them', () => {
    const given = [a, other(b, later)];
    expect(() => combineReports(given)).toThrow(
      /commit: .*\n {2}lockfile: .*(?:\n.*)*--unlike-commits/,
    );
    const [first] = b.scenarios as [Report['scenarios'][number]];
    const scenarios = [{ ...first, title: 'Another title' }, ...b.scenarios.slice(1)];
    expect(() => combineReports([a, { ...b, scenarios }])).toThrow(/the scenario /);
    for (const rule of ['steadyRule', 'slowRule', 'disturbedRule'] as const) {
      expect(() => combineReports([a, { ...b, [rule]: 'another' }])).toThrow(/rule of /);
    }
  });
});

describe('a combination in words', () => {
  const text = (format: CombinationFormat, details = false) =>
    stripVTControlCharacters(renderCombination(combination, format, { details, color: true }));

  it.each(combinationFormats)(
    'has the figure, the part between machines and each machine (%s)',
    (format) => {
      const said = text(format);
      const ratio = find(combination.ratios, { ...unary, baseline: 'sockets-framed' });
      if (format === 'json') {
        expect(JSON.parse(said)).toEqual(JSON.parse(JSON.stringify(combination)));
        return;
      }
      for (const { value } of [ratio, ...(ratio?.machines ?? [])].filter(
        (one) => one !== undefined,
      )) {
        expect(said).toContain(formatRatio(value));
      }
      expect(said).toContain('distance');
      expect(said).toContain('each machine counts once');
      expect(said.replaceAll(/\s+/g, ' ')).toContain('3 machines say little about others');
    },
  );

  it('has more with details, within the width of a terminal', () => {
    expect(text('terminal').length).toBeLessThan(text('terminal', true).length / 2);
    for (const line of text('terminal').split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('shows machines whose texts are long within the width of a terminal', () => {
    const mitigations = { spectre: 'Mitigation: '.repeat(30) };
    const other = { ...b, fingerprint: { ...b.fingerprint, mitigations } };
    const said = renderCombination(combineReports([a, other]), 'terminal', { details: false });
    expect(said).toContain('spectre Mitigation: Mitigation:');
    for (const line of stripVTControlCharacters(said).split('\n')) {
      expect(line.length).toBeLessThanOrEqual(100);
    }
  });

  it('shows of the machines what is not the same', () => {
    const other = { ...b, fingerprint: { ...b.fingerprint, cpu: 'another CPU', cores: 8 } };
    const said = renderCombination(combineReports([a, other]), 'markdown', { details: false });
    expect(said).toMatch(/\| cpu \| .* \| another CPU \|/);
    expect(said).not.toContain('openssl');
  });
});
