import { describe, expect, it } from 'vitest';
import { drawn } from '../../../test/noise.ts';
import { cellOf, laneOf, runOf, scenarioOf } from '../../../test/report-parts.ts';
import { sampleReport } from '../../../test/sample-report.ts';
import { type Random, seededRandom } from '../../statistics/index.ts';
import { normal } from '../../statistics/random.ts';
import { type ReportCell, reportSchema } from '../schema/report.ts';
import { analyse } from './analyse.ts';

const lanes = [
  laneOf('base'),
  laneOf('own', 'base'),
  laneOf('base-again', 'base'),
  laneOf('base-delayed', 'base'),
  laneOf('own-again', 'own'),
  laneOf('other'),
  laneOf('other-again', 'other'),
];
const scenarios = [scenarioOf('latency-1', 'latency', 'p50')];
const injectedUs = { 'base-delayed': 50 };

function latencies(lane: string, values: readonly number[], more: Partial<ReportCell> = {}) {
  return cellOf('latency-1', lane, 'p50', values, more);
}

function analysed(...cells: readonly ReportCell[]) {
  return analyse({ cells, lanes, scenarios, injectedUs });
}

function ratioOf(lane: string, ...cells: readonly ReportCell[]) {
  return analysed(...cells).ratios.find((ratio) => ratio.lane === lane);
}

describe('the results of cells', () => {
  it('are the median of the runs, with every sample in the order of rounds', () => {
    const cell = latencies('base', []);
    const runs = [2, 0, 3, 1, 5, 4].map((round) => runOf(round, { p50: 10 + round }));
    expect(analysed({ ...cell, runs }).results).toEqual([
      {
        scenario: 'latency-1',
        lane: 'base',
        placement: 'same-core',
        metric: 'p50',
        unit: 'us',
        value: 12.5,
        ci95: [10, 15],
        n: 6,
        valid: true,
        samples: [10, 11, 12, 13, 14, 15],
      },
    ]);
  });

  it('leave out runs that are not valid, but for the samples', () => {
    const cell = latencies('base', [10, 11, 12]);
    const runs = [...cell.runs, runOf(3, { p50: 900 }, { valid: false, why: ['late'] })];
    const [result] = analysed({ ...cell, runs }).results;
    expect(result).toMatchObject({ value: 11, n: 3, samples: [10, 11, 12, 900] });
  });

  it('are there and marked when no run is valid', () => {
    const runs = [runOf(0, { p50: 900 }, { valid: false, why: ['late'] })];
    const [result] = analysed(latencies('base', [], { runs, valid: false, why: ['late'] })).results;
    expect(result).toMatchObject({ value: 900, n: 1, valid: false });
  });

  it('are none for a cell whose runs gave nothing', () => {
    const runs = [runOf(0, {}, { valid: false, why: ['hung'] })];
    const cell = latencies('base', [], { runs, valid: false, why: ['hung'] });
    expect(analysed(cell, latencies('own', [1])).results.map(({ lane }) => lane)).toEqual(['own']);
  });
});

describe('a ratio', () => {
  const drifting = [100, 200, 400, 800, 1_600, 3_200];

  it('is taken within each round, so that what slows a whole round falls out', () => {
    const own = latencies('own', []);
    const runs = drifting.map((value, round) => runOf(round, { p50: value * 1.5 }));
    const ratio = ratioOf('own', latencies('base', drifting), { ...own, runs: runs.toReversed() });
    expect(ratio).toMatchObject({ value: 1.5, ci95: [1.5, 1.5], n: 6, verdict: 'higher' });
  });

  it('leaves out a round that only one side finished', () => {
    const own = latencies('own', []);
    const runs = [0, 2, 3].map((round) => runOf(round, { p50: (drifting[round] ?? 0) * 2 }));
    const ratio = ratioOf('own', latencies('base', drifting), { ...own, runs });
    expect(ratio).toMatchObject({ value: 2, n: 3, ci95: null, verdict: 'not enough runs' });
  });

  it.each(['own', 'base'])('counts a round once in which %s ran twice', (twice) => {
    const cells = ['base', 'own'].map((lane) => {
      const cell = latencies(
        lane,
        drifting.map((value) => (lane === 'own' ? 2 * value : value)),
      );
      const again = runOf(0, { p50: 3 * (cell.runs[0]?.values.p50 ?? 0) });
      return lane === twice ? { ...cell, runs: [...cell.runs, again] } : cell;
    });
    // Of the round, the median of both runs: twice the value of the first.
    const ratio = twice === 'own' ? { ci95: [2, 4] } : { ci95: [1, 2] };
    expect(ratioOf('own', ...cells)).toMatchObject({ ...ratio, value: 2, n: 6 });
  });

  it('leaves out a round in which one side was not valid', () => {
    const base = latencies('base', drifting);
    const own = latencies('own', drifting);
    const runs = own.runs.map((run) =>
      run.round === 1 ? { ...run, values: { p50: 1 }, valid: false } : run,
    );
    expect(ratioOf('own', base, { ...own, runs })).toMatchObject({ n: 5, value: 1, valid: true });
  });

  it.each(['own', 'base'])('is there and not valid when %s is not valid', (bad) => {
    const cells = ['base', 'own'].map((lane) =>
      latencies(lane, drifting, lane === bad ? { valid: false, why: ['overloaded'] } : {}),
    );
    expect(ratioOf('own', ...cells)).toMatchObject({ value: 1, valid: false });
  });

  it('is not there when a side has no figure above 0', () => {
    expect(ratioOf('own', latencies('base', [0, 0]), latencies('own', [1, 2]))).toBeUndefined();
  });

  it('is not there between placements', () => {
    const own = latencies('own', drifting, { placement: 'different-cores' });
    expect(ratioOf('own', latencies('base', drifting), own)).toBeUndefined();
  });
});

describe('the noise floor', () => {
  const flat = [100, 100, 100, 100, 100, 100];
  const times = (factor: number) => flat.map((value) => value * factor);
  const noisy = [90, 95, 100, 105, 108, 110];

  it('says of a difference that the rig could have made it', () => {
    const own = latencies('own', times(1.05));
    expect(ratioOf('own', latencies('base', flat), own)).toMatchObject({
      verdict: 'higher',
      floor: null,
    });
    const again = latencies('base-again', noisy);
    const cells = [latencies('base', flat), again];
    expect(analysed(...cells).noise.floors[0]?.floor).toBeCloseTo(0.127, 3);
    expect(ratioOf('own', ...cells, own)).toMatchObject({
      verdict: 'within the noise floor',
      floor: expect.closeTo(0.127, 3),
    });
    const larger = latencies('own', times(1.2));
    expect(ratioOf('own', ...cells, larger)?.verdict).toBe('higher');
  });

  it('is not moved by one run that took many times as long', () => {
    const again = latencies('base-again', [101, 99, 100, 1_300, 102, 98]);
    const cells = [latencies('base', flat), again, latencies('own', times(1.42))];
    expect(analysed(...cells).noise.floors[0]?.floor).toBeLessThan(0.05);
    expect(ratioOf('own', ...cells)?.verdict).toBe('higher');
  });

  it('is that of either of the two lanes, the larger where both ran twice', () => {
    const cells = [latencies('base', flat), latencies('own', times(1.05))];
    const calm = latencies('base-again', times(1.01));
    const ofOwn = latencies('own-again', noisy);
    expect(ratioOf('own', ...cells, calm)).toMatchObject({ verdict: 'higher' });
    expect(ratioOf('own', ...cells, calm, ofOwn)?.verdict).toBe('within the noise floor');
  });

  it('is not borrowed from another place, or from other lanes', () => {
    const elsewhere = { placement: 'different-cores' } as const;
    const cells = [latencies('base', flat), latencies('own', times(1.05))];
    const there = [latencies('base', flat, elsewhere), latencies('base-again', noisy, elsewhere)];
    const others = [latencies('other', flat), latencies('other-again', noisy)];
    expect(ratioOf('own', ...cells, ...there, ...others)).toMatchObject({
      verdict: 'higher',
      floor: null,
    });
  });

  it('is not taken from a cell that is not valid', () => {
    const again = latencies('base-again', noisy, { valid: false, why: ['overloaded'] });
    const analysis = analysed(latencies('base', flat), again, latencies('own', times(1.05)));
    expect(analysis.noise.floors).toEqual([]);
    expect(analysis.ratios.find(({ lane }) => lane === 'own')?.verdict).toBe('higher');
  });

  it('does not acquit the lane that it was taken from', () => {
    const again = latencies('base-again', times(1.3));
    expect(ratioOf('base-again', latencies('base', flat), again)?.verdict).toBe('higher');
  });
});

/** Cells whose runs have noise of 2%, in rounds that drift by 10%. */
function experiment(random: Random, meansUs: Readonly<Record<string, number>>): ReportCell[] {
  const drifts = drawn(8, () => 1 + 0.1 * normal(random));
  return Object.entries(meansUs).map(([lane, meanUs]) =>
    latencies(
      lane,
      drifts.map((drift) => meanUs * drift * (1 + 0.02 * normal(random))),
    ),
  );
}

describe('the whole analysis, over many seeded experiments', () => {
  const experiments = 400;

  it('seldom sees a difference between a lane and itself', () => {
    const random = seededRandom(1);
    let seen = 0;
    for (let i = 0; i < experiments; i++) {
      const cells = experiment(random, { base: 30, 'base-again': 30, own: 30 });
      const verdict = ratioOf('own', ...cells)?.verdict;
      if (verdict !== 'no detectable difference') seen++;
    }
    expect(seen / experiments).toBeLessThan(0.02);
  });

  it('sees an injected delay, and how long it is', () => {
    const random = seededRandom(2);
    let [seen, held] = [0, 0];
    for (let i = 0; i < experiments; i++) {
      const cells = experiment(random, { base: 80, 'base-again': 80, 'base-delayed': 130 });
      const [injected] = analysed(...cells).noise.injected;
      if (injected?.seen === true) seen++;
      const [low, high] = injected?.ci95 ?? [0, 0];
      if (low <= 50 && high >= 50) held++;
      expect(injected).toMatchObject({ lane: 'base-delayed', baseline: 'base', injectedUs: 50 });
    }
    expect(seen).toBe(experiments);
    expect(held / experiments).toBeGreaterThan(0.9);
  });

  it('does not see a delay that is not there', () => {
    const random = seededRandom(3);
    let seen = 0;
    for (let i = 0; i < experiments; i++) {
      const cells = experiment(random, { base: 80, 'base-again': 80, 'base-delayed': 80 });
      if (analysed(...cells).noise.injected[0]?.seen === true) seen++;
    }
    expect(seen / experiments).toBeLessThan(0.02);
  });
});

describe('a run that was interrupted in its third round', () => {
  const report = sampleReport({ partial: true });

  it('gives a report that is valid', () => {
    expect(() => reportSchema.parse(report)).not.toThrow();
    expect(new Set(report.cells.map(({ runs }) => runs.length))).toEqual(new Set([2, 3]));
  });

  it('pairs only rounds that both sides have', () => {
    const runsOf = (lane: string, { scenario, placement }: (typeof report.ratios)[number]) =>
      report.cells.find(
        (cell) => cell.lane === lane && cell.scenario === scenario && cell.placement === placement,
      )?.runs ?? [];
    const valid = report.ratios.filter((ratio) => ratio.valid);
    for (const ratio of valid) {
      const [own, base] = [runsOf(ratio.lane, ratio), runsOf(ratio.baseline, ratio)];
      const rounds = base.map(({ round }) => round);
      expect(ratio.n).toBe(own.filter(({ round }) => rounds.includes(round)).length);
    }
    expect(new Set(valid.map(({ n }) => n))).toEqual(new Set([2, 3]));
    expect(report.ratios.every(({ verdict }) => verdict === 'not enough runs')).toBe(true);
  });
});

it('gives the same analysis for the same cells, in whatever order', () => {
  const { cells, lanes: all, scenarios: asked } = sampleReport();
  const delays = { 'net-echo-delayed': 50 };
  const once = analyse({ cells, lanes: all, scenarios: asked, injectedUs: delays });
  const other = analyse({
    cells: cells.toReversed(),
    lanes: all,
    scenarios: asked,
    injectedUs: delays,
  });
  expect(new Set(other.ratios.map((one) => JSON.stringify(one)))).toEqual(
    new Set(once.ratios.map((one) => JSON.stringify(one))),
  );
});
