import { expect, test, vi } from 'vitest';
import type { Lane } from '../../lanes/lane.ts';
import { findScenario } from '../../scenarios/index.ts';
import { placementsOn } from '../machine/placement.ts';
import { makePlan, orderOf } from './plan.ts';

const framed = fakeLane('framed', { hasChat: true });
const seed = fakeLane('seed', { hasChat: true, depthMax: 1 });
const twoCores = placementsOn([0, 1], true);

test('plans every cell that can be measured, and gives a reason for each other one', () => {
  const questions = [{ scenario: findScenario('throughput-64'), lanes: [framed, seed] }];
  const wanted = { questions, placements: ['same-core', 'different-cores'] as const };

  const { cells, skipped } = makePlan(wanted, twoCores);

  expect(cells.map(({ lane, placement }) => [lane.name, placement.name])).toEqual([
    ['framed', 'same-core'],
    ['framed', 'different-cores'],
  ]);
  expect(skipped).toEqual([
    {
      scenario: 'throughput-64',
      lane: 'seed',
      placement: null,
      reason: 'it cannot go beyond depth 1 on one connection',
    },
  ]);
});

test('leaves out a lane whose program is not installed, with that as the reason', () => {
  const missing = fakeLane('postgres', { hasChat: true, missing: 'no PostgreSQL' });
  const questions = [{ scenario: findScenario('throughput-64'), lanes: [framed, missing] }];

  const plan = makePlan({ questions, placements: ['same-core'] }, twoCores);

  expect(plan.cells.map(({ lane }) => lane.name)).toEqual(['framed']);
  expect(plan.missing).toEqual([missing]);
  expect(plan.skipped).toEqual([
    { scenario: 'throughput-64', lane: 'postgres', placement: null, reason: 'no PostgreSQL' },
  ]);
});

test('uses the placements that a machine with one core has', () => {
  const questions = [{ scenario: findScenario('latency-1'), lanes: [framed] }];
  const wanted = { questions, placements: ['same-core', 'different-cores'] as const };

  const { cells, skipped } = makePlan(wanted, placementsOn([3], true));

  expect(cells.map(({ placement }) => placement.name)).toEqual(['same-core']);
  expect(skipped).toEqual([
    {
      scenario: 'latency-1',
      lane: 'framed',
      placement: 'different-cores',
      reason: 'this machine lets the lab use one core only',
    },
  ]);
});

test('measures a scenario in some placements only where the others give the same', () => {
  const scenario = findScenario('idle-1');
  const lanes = [fakeLane('framed', { startServer: vi.fn() })];
  const questions = [{ scenario, lanes, placements: ['same-core'] as const }];
  const wanted = { questions, placements: ['same-core', 'different-cores'] as const };

  const { cells, skipped } = makePlan(wanted, twoCores);

  expect(cells.map(({ placement }) => placement.name)).toEqual(['same-core']);
  expect(skipped).toEqual([]);
});

test('gives the reason where nothing can be pinned', () => {
  const questions = [{ scenario: findScenario('latency-1'), lanes: [framed] }];
  const wanted = { questions, placements: ['same-core', 'unpinned'] as const };

  const { cells, skipped } = makePlan(wanted, placementsOn([], 'there is no taskset'));

  expect(cells.map(({ placement }) => placement.name)).toEqual(['unpinned']);
  expect(skipped.map(({ reason }) => reason)).toEqual(['there is no taskset']);
});

test('measures unpinned, and says so, where none of the wanted placements is possible', () => {
  const scenario = findScenario('idle-1');
  const lanes = [fakeLane('framed', { startServer: vi.fn() })];
  const questions = [{ scenario, lanes, placements: ['same-core'] as const }];
  const wanted = { questions, placements: ['same-core', 'different-cores'] as const };

  const plan = makePlan(wanted, placementsOn([], 'there is no taskset'));

  expect(plan.cells.map(({ placement }) => placement.name)).toEqual(['unpinned']);
  expect(plan.placements.map(({ name }) => name)).toEqual(['unpinned']);
  expect(plan.skipped.map(({ placement }) => placement)).toEqual(['same-core', 'different-cores']);
});

test('runs a round forwards and the next one backwards, so each cell is early and late equally often', () => {
  const questions = [{ scenario: findScenario('latency-1'), lanes: [framed, seed] }];
  const wanted = { questions, placements: ['same-core', 'different-cores'] as const };
  const { cells } = makePlan(wanted, twoCores);

  const places = cells.map((cell) =>
    [0, 1, 2, 3, 4, 5].reduce((sum, round) => sum + orderOf(cells, round).indexOf(cell), 0),
  );

  expect(cells).toHaveLength(4);
  expect(new Set(places)).toEqual(new Set([9]));
  expect(orderOf(cells, 1)).toEqual(cells.toReversed());
});

function fakeLane(name: string, properties: Partial<Lane>): Lane {
  return { name, ...properties } as Lane;
}
