import { expect, test, vi } from 'vitest';
import type { Lane } from '../lanes/lane.ts';
import type { ReportRun } from '../report/report.ts';
import { findScenario } from '../scenarios/index.ts';
import { placementsOn } from './placement.ts';
import { makePlan } from './plan.ts';
import type { RunCell } from './run-plan.ts';
import { runPlan } from './run-plan.ts';

const times = { measureMs: 1, warmUpMsMax: 1, warmUpOperationsMin: 0, hungAfterMs: 1_000, seed: 1 };
const plan = planOf(['a', 'b'], 4);

test('runs A B, B A, A B, B A, and keeps each run with its round and place', async () => {
  const order: string[] = [];
  const run: RunCell = async ({ lane }) => {
    order.push(lane.name);
    return outcome();
  };

  const cells = await runPlan(plan, () => times, vi.fn(), never(), run);

  expect(order.join('')).toBe('abbaabba');
  expect(
    cells.map(({ lane, runs }) => [lane, runs.map((each) => [each.round, each.position])]),
  ).toEqual([
    [
      'a',
      [
        [0, 0],
        [1, 1],
        [2, 0],
        [3, 1],
      ],
    ],
    [
      'b',
      [
        [0, 1],
        [1, 0],
        [2, 1],
        [3, 0],
      ],
    ],
  ]);
});

test('keeps what was measured before it was ended, and not the run that was under way', async () => {
  const controller = new AbortController();
  let calls = 0;
  const run: RunCell = async (_cell, _times, signal) => {
    if (++calls === 4) controller.abort();
    signal.throwIfAborted();
    return outcome();
  };

  const cells = await runPlan(plan, () => times, vi.fn(), controller.signal, run);

  expect(cells.map(({ lane, runs }) => [lane, runs.length])).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  expect(calls).toBe(4);
});

test('shows a cell as invalid, with every reason, when half of its runs are', async () => {
  let calls = 0;
  const run: RunCell = async ({ lane }) =>
    lane.name === 'a' && ++calls <= 2
      ? outcome({ valid: false, why: [`it broke ${calls} times`] })
      : outcome();

  const [a, b] = await runPlan(plan, () => times, vi.fn(), never(), run);

  expect(a).toMatchObject({ valid: false, why: ['it broke 1 times', 'it broke 2 times'] });
  expect(a?.runs).toHaveLength(4);
  expect(b).toMatchObject({ valid: true, why: [] });
});

test('says before each run which it is', async () => {
  const said = vi.fn();

  await runPlan(
    plan,
    () => times,
    said,
    never(),
    async () => outcome(),
  );

  expect(said.mock.calls.map(([{ round, runsDone, runs }]) => [round, runsDone, runs])).toEqual([
    [1, 0, 8],
    [1, 1, 8],
    [2, 2, 8],
    [2, 3, 8],
    [3, 4, 8],
    [3, 5, 8],
    [4, 6, 8],
    [4, 7, 8],
  ]);
});

function planOf(names: readonly string[], rounds: number) {
  const lanes = names.map((name) => ({ name, hasChat: true, depthMax: 1 }) as Lane);
  const questions = [{ scenario: findScenario('latency-1'), lanes }];
  return makePlan({ questions, placements: ['same-core'], rounds }, placementsOn([0], true));
}

function outcome(part: Partial<ReportRun> = {}): Omit<ReportRun, 'round' | 'position'> {
  return {
    values: { p50: 1 },
    valid: true,
    why: [],
    notes: [],
    operations: 1,
    errors: 0,
    steady: true,
    warmUpMs: 1,
    measuredMs: 1,
    clientUtilisation: null,
    serverUtilisation: null,
    achievedPerSecond: null,
    targetPerSecond: null,
    littlesLawError: null,
    ...part,
  };
}

function never(): AbortSignal {
  return new AbortController().signal;
}
