import { expect, test } from 'vitest';
import { loadLane } from '../lanes/index.ts';
import { placementsOn } from '../rig/machine/placement.ts';
import { makePlan } from '../rig/rounds/plan.ts';
import { findScenario } from '../scenarios/index.ts';
import { estimateCellMs, estimateRun, TimeLeft } from './estimate.ts';
import { resolve } from './settings.ts';
import type { Settings } from './settings-schema.ts';

test('takes its speed from the runs that are done', () => {
  const timeLeft = new TimeLeft(10_000);
  expect(timeLeft.leftMs).toBe(10_000);

  timeLeft.done(2_000, 3_000);

  expect(timeLeft.leftMs).toBe(12_000);
  timeLeft.done(8_000, 12_000);
  expect(timeLeft.leftMs).toBe(0);
});

test('expects more of ten thousand connections than of one', () => {
  const times = {
    measureMs: 100,
    measureMsMax: 100,
    measureOperations: 1,
    warmUpMsMax: 100,
    warmUpOperationsMin: 0,
  };
  const lane = { wire: 'framed' } as const;
  const of = (name: string) => estimateCellMs({ scenario: findScenario(name), lane }, times);

  expect(of('idle-10000')).toBeGreaterThan(of('idle-1') + 5_000);
  expect(of('round-trip-50ms')).toBeGreaterThan(of('round-trip-0ms') + 1_000);
  expect(of('latency-1')).toBeGreaterThan(of('set-up-cold'));
});

test('a full run fits into 32 minutes, with the rounds that are added', async () => {
  const { promisedMs, mostMs = 0 } = await estimateOf({ preset: 'full' });

  expect(mostMs / 60_000).toBeLessThan(32);
  // Of which some are left for slow rounds and for what is known least.
  expect((mostMs - promisedMs) / 60_000).toBeGreaterThan(4);
});

test('a run with a given number of rounds adds none', async () => {
  expect((await estimateOf({ preset: 'quick' })).mostMs).toBeUndefined();
});

async function estimateOf(settings: Settings) {
  const resolved = resolve(settings);
  const questions = await Promise.all(
    resolved.questions.map(async ({ scenario, lanes, ...rest }) => ({
      ...rest,
      scenario: findScenario(scenario),
      lanes: await Promise.all(lanes.map(loadLane)),
    })),
  );
  const plan = makePlan({ questions, placements: resolved.placements }, placementsOn([0, 1], true));
  return estimateRun(plan.cells, resolved);
}
