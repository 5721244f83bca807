import { describe, expect, test, vi } from 'vitest';
import { runOf } from '../../../test/report-parts.ts';
import type { Lane } from '../../lanes/lane.ts';
import type { ReportRun } from '../../report/schema/report.ts';
import { findScenario } from '../../scenarios/index.ts';
import { placementsOn } from '../machine/placement.ts';
import { makePlan } from './plan.ts';
import type { Rig, RoundLimits, RunPlanOptions } from './run-plan.ts';
import { runPlan } from './run-plan.ts';

type RunCell = Rig['runCell'];

const fixed: RoundLimits = {
  roundsMin: 4,
  roundsMax: 4,
  halfWidthMax: 0.05,
  repeatsMax: 0,
  timeMsMax: Number.POSITIVE_INFINITY,
};
const open: RoundLimits = {
  roundsMin: 6,
  roundsMax: 20,
  halfWidthMax: 0.05,
  repeatsMax: 3,
  timeMsMax: Number.POSITIVE_INFINITY,
};
const calm = { cpuUs: 1_000, wakeUpUs: 5 };
const slow = { cpuUs: 1_500, wakeUpUs: 5 };
const runMs = 1_000;

test('runs A B, B A, A B, B A, and keeps each run with its round and place', async () => {
  const { order, outcome } = await play(['a', 'b'], fixed);

  expect(order).toBe('abbaabba');
  expect(placesOf(outcome.cells)).toEqual({ a: '00 11 20 31', b: '01 10 21 30' });
  expect(outcome.ended.reason).toBe('rounds');
});

test('keeps the runs before an abort, and drops the run under way', async () => {
  const controller = new AbortController();
  let calls = 0;
  const runCell: RunCell = async (_cell, _times, signal) => {
    if (++calls === 4) controller.abort();
    signal.throwIfAborted();
    return runOf(0, { p50: 1 });
  };

  const { outcome } = await play(['a', 'b'], fixed, { runCell, signal: controller.signal });

  expect(outcome.cells.map(({ lane, runs }) => [lane, runs.length])).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  expect([calls, outcome.ended.reason]).toEqual([4, 'interrupted']);
});

test('shows a cell as invalid, with every reason, when half of its runs are', async () => {
  let calls = 0;
  const runCell: RunCell = async ({ lane }) =>
    lane.name === 'a' && ++calls <= 2
      ? runOf(0, {}, { valid: false, why: [`it broke ${calls} times`] })
      : runOf(0, { p50: 1 });

  const [a, b] = (await play(['a', 'b'], fixed, { runCell })).outcome.cells;

  expect(a).toMatchObject({ valid: false, why: ['it broke 1 times', 'it broke 2 times'] });
  expect(a?.runs).toHaveLength(4);
  expect(b).toMatchObject({ valid: true, why: [] });
});

test('reports each run before it begins', async () => {
  const onProgress = vi.fn<RunPlanOptions['onProgress']>();

  await play(['a', 'b'], fixed, { onProgress });

  expect(onProgress.mock.calls.map(([{ round, runsDone }]) => `${round} ${runsDone}`)).toEqual([
    '1 0',
    '1 1',
    '2 2',
    '2 3',
    '3 4',
    '3 5',
    '4 6',
    '4 7',
  ]);
});

test('tells the main ratios before each run, as far as both sides have runs of one round', async () => {
  const seen: string[] = [];
  const onProgress: RunPlanOptions['onProgress'] = ({ mainRatios }) => {
    const soFar = mainRatios()[0]?.soFar;
    if (soFar === undefined) seen.push('none');
    else
      seen.push(
        `${soFar.own} to ${soFar.base} ${soFar.unit}: ${soFar.ratio.value} of ${soFar.ratio.n}`,
      );
  };
  const runCell: RunCell = async ({ lane }) => runOf(0, { p50: lane.name === 'b' ? 20 : 10 });

  const { outcome } = await play(['a', 'b'], fixed, { onProgress, runCell });

  const [once, twice] = [1, 2].map((n) => `20 to 10 us: 2 of ${n}`);
  expect(seen.slice(0, 5)).toEqual(['none', 'none', once, once, twice]);
  expect(outcome.ended.headlines[0]).not.toHaveProperty('soFar');
});

describe('a cell that is promised fewer rounds', () => {
  const few = { c: 2 };

  test('is only in the first of them while there is no time for more', async () => {
    const { order, outcome } = await play(['a', 'b', 'c'], { ...open, timeMsMax: 1 }, { few });

    expect(order).toBe(`abccba${'abba'.repeat(2)}`);
    expect(outcome.ended.reason).toBe('rounds');
  });

  test('gets the others, together with its partner, when the main ratios are known', async () => {
    const { order, outcome } = await play(['a', 'b', 'c'], open, { few });

    expect(order).toBe(`abccba${'abba'.repeat(2)}${'acca'.repeat(2)}`);
    expect(outcome.ended.reason).toBe('narrow');
  });
});

describe('a run that was slow', () => {
  test('is repeated at once where the machine is calm again, and does not count', async () => {
    // It is slow between the first two runs: the second is repeated, and the first runs in a seventh round.
    const runCell: RunCell = async () => runOf(0, { p50: isFirst() ? 100 : 1 });
    let calls = 0;
    const isFirst = () => ++calls <= 2;
    const { order, outcome } = await play(['a', 'b'], open, { runCell, calibrations: { 1: slow } });

    expect(order).toBe(`abbba${'abba'.repeat(2)}ab`);
    const runs = outcome.cells.flatMap((cell) => cell.runs.filter((run) => run.slow));
    expect(runs.map(({ values }) => values.p50)).toEqual([100, 100]);
    expect(outcome.ended.headlines).toMatchObject([{ halfWidth: 0 }]);
  });

  test('gets an additional round, together with its partner, while the machine stays slow', async () => {
    // From the second run until the fifth.
    const calibrations = { 2: slow, 3: slow, 4: slow };
    const { order, outcome } = await play(['a', 'b', 'c'], open, { calibrations });

    // `b` is repeated when the slow time is over, and lacks a round; `c` lacks two.
    expect(order).toBe(`abccbba${'abccba'.repeat(2)}abcca`);
    expect(outcome.cells.map(({ runs }) => runs.filter((run) => run.slow).length)).toEqual([
      0, 2, 2,
    ]);
    expect(outcome.ended.reason).toBe('narrow');
  });

  test('is replaced for a main ratio when the time is over, too', async () => {
    // Only within the second round, whose last run is repeated.
    const limits = { ...open, timeMsMax: 1 };
    const { order, outcome } = await play(['a', 'b'], limits, { calibrations: { 3: slow } });

    expect(order).toBe(`abbaa${'abba'.repeat(2)}ab`);
    expect(outcome.ended.headlines).toMatchObject([{ halfWidth: 0 }]);
  });

  test('is not slow where the calibrated loop was only interrupted once', async () => {
    let asked = 0;
    const calibrate = () => (++asked === 12 ? slow : calm);
    const { order } = await play(['a', 'b'], open, { calibrate });

    expect(order).toBe('abba'.repeat(3));
  });

  test('gets no more additional rounds than were promised', async () => {
    const calibrations = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [i + 1, slow]));
    const { outcome } = await play(['a', 'b'], open, { calibrations });

    expect(outcome.cells.map(({ runs }) => runs.length)).toEqual([9, 9]);
    expect(outcome.cells.every(({ runs }) => runs.every((run) => run.slow))).toBe(true);
  });
});

describe('rounds that are added', () => {
  // The second lane differs clearly from the first; the third is not known well.
  const noisy: RunCell = async ({ lane }, { seed }) => {
    const values = { a: 10, b: 20, c: 30 * (1 + 0.2 * (seed % 2 === 0 ? 1 : -1)) };
    return runOf(0, { p50: values[lane.name as 'a'] });
  };

  test('are for the cells with a wide interval, up to the limit of rounds', async () => {
    const { outcome } = await play(['a', 'b', 'c'], open, { runCell: noisy });

    expect(runsOf(outcome.cells)).toEqual({ a: 20, b: 6, c: 20 });
    expect(outcome.ended.reason).toBe('rounds');
  });

  test('end when intervals are narrow', async () => {
    const runCell: RunCell = async (cell, times, signal) =>
      times.seed < 8
        ? noisy(cell, times, signal)
        : runOf(0, { p50: cell.lane.name === 'c' ? 30 : 10 });
    const { outcome } = await play(['a', 'b', 'c'], open, { runCell });

    const { a, c } = runsOf(outcome.cells);
    expect(c).toBe(a);
    expect(c).toBeGreaterThan(8);
    expect(c).toBeLessThan(60);
    expect(outcome.ended.headlines.map(({ lane }) => lane)).toEqual(['b', 'c']);
  });

  test('end when the time is over, and tell how much more is needed', async () => {
    const limits = { ...open, timeMsMax: 22 * runMs };
    const { outcome } = await play(['a', 'b', 'c'], limits, { runCell: noisy });

    expect(runsOf(outcome.cells)).toEqual({ a: 8, b: 6, c: 8 });
    expect(outcome.ended).toMatchObject({ reason: 'time', tookMs: 22 * runMs });
    const [b, c] = outcome.ended.headlines;
    expect(b).toMatchObject({ halfWidth: 0, moreMs: 0 });
    expect(c?.halfWidth).toBeGreaterThan(0.05);
    expect(c?.moreMs).toBeGreaterThan(10 * runMs);
  });

  test('are none when the promised rounds, which always run, took all the time', async () => {
    const limits = { ...open, timeMsMax: runMs };
    const { outcome } = await play(['a', 'c'], limits, { runCell: noisy });

    expect(runsOf(outcome.cells)).toEqual({ a: 6, c: 6 });
    expect(outcome.ended.reason).toBe('time');
  });
});

interface Played extends Partial<Pick<RunPlanOptions, 'onProgress' | 'signal'>> {
  readonly runCell?: RunCell;
  /** Lanes that are promised only so many rounds. */
  readonly few?: Readonly<Record<string, number>>;
  /** The result of the calibrated loop after so many runs; calm by default. */
  readonly calibrate?: Rig['calibrate'];
  readonly calibrations?: Readonly<Record<number, typeof calm>>;
}

/** Lanes that are compared with the first one, on a machine whose runs take a second each. */
async function play(names: readonly string[], limits: RoundLimits, played: Played = {}) {
  const { runCell, few = {}, calibrations = {}, signal = new AbortController().signal } = played;
  const lanes = names.map(
    (name, at) =>
      ({
        name,
        hasChat: true,
        depthMax: 1,
        baselines: at === 0 ? [] : names.slice(0, 1),
      }) as Partial<Lane> as Lane,
  );
  const questions = lanes.map((lane) => ({
    scenario: findScenario('latency-1'),
    lanes: [lane],
    ...(few[lane.name] === undefined ? {} : { rounds: few[lane.name] }),
  }));
  const plan = makePlan({ questions, placements: ['same-core'] }, placementsOn([0], true));
  let order = '';
  const rig: Rig = {
    runCell: (cell, times, ended) => {
      order += cell.lane.name;
      return runCell?.(cell, times, ended) ?? Promise.resolve(runOf(0, { p50: 1 }));
    },
    calibrate: played.calibrate ?? (() => calibrations[order.length] ?? calm),
    now: () => order.length * runMs,
  };
  const outcome = await runPlan({
    plan,
    limits,
    signal,
    rig,
    onProgress: played.onProgress ?? (() => {}),
    timesOf: (_, round) => ({
      measureMs: 1,
      measureOperations: 1,
      measureMsMax: 1,
      hungAfterMs: 1_000,
      warmUpMsMax: 1,
      warmUpOperationsMin: 0,
      seed: round,
    }),
  });
  return { order, outcome };
}

function placesOf(
  cells: readonly { readonly lane: string; readonly runs: readonly ReportRun[] }[],
) {
  return Object.fromEntries(
    cells.map(({ lane, runs }) => [
      lane,
      runs.map(({ round, position }) => `${round}${position}`).join(' '),
    ]),
  );
}

function runsOf(cells: readonly { readonly lane: string; readonly runs: readonly ReportRun[] }[]) {
  return Object.fromEntries(cells.map(({ lane, runs }) => [lane, runs.length]));
}
