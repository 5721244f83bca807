import { expect, test } from 'vitest';
import type { Lane } from '../lanes/lane.ts';
import { placementsOn } from '../rig/machine/placement.ts';
import type { Plan } from '../rig/rounds/plan.ts';
import { leftOutHere, refuseImpossiblePlacements, refuseUnmeasured } from './asked.ts';
import { SettingsError } from './settings-schema.ts';

const oneCore = placementsOn([3], true);
const noPinning = placementsOn([], 'there is no taskset');

test.each([
  [oneCore, 'different-cores', 'this machine lets the lab use one core only'],
  [noPinning, 'same-core', 'there is no taskset'],
] as const)('refuses a placement that was asked for and cannot be', (here, name, reason) => {
  const settings = { placements: ['unpinned', name] as const };

  const refuse = () => refuseImpossiblePlacements({ placements: [...settings.placements] }, here);

  expect(refuse).toThrow(SettingsError);
  expect(refuse).toThrow(`${name} cannot be done here: ${reason}; what can: `);
  expect(() => refuseImpossiblePlacements({ placements: ['unpinned'] }, here)).not.toThrow();
  expect(() => refuseImpossiblePlacements({ preset: 'full' }, here)).not.toThrow();
});

test('refuses a lane or a scenario of which nothing can be measured, with the reason', () => {
  const skipped = { scenario: 'delivery', lane: 'codec', placement: null, reason: 'no chat' };
  const plan: Plan = { cells: [], placements: [], skipped: [skipped], missing: [] };

  expect(() => refuseUnmeasured({ lanes: ['codec'] }, plan)).toThrow(
    'nothing of the lane codec can be measured: no chat',
  );
  expect(() => refuseUnmeasured({ scenarios: ['delivery'] }, plan)).toThrow(/delivery.*no chat/);
  expect(() => refuseUnmeasured({}, plan)).not.toThrow();
});

test('reports once what is left out', () => {
  const skip = { scenario: 'a', lane: 'b', placement: 'same-core' as const, reason: 'no taskset' };
  const missing = [{ name: 'on-postgres', missing: 'no PostgreSQL' } as Lane];
  const plan: Plan = { cells: [], placements: [], skipped: [skip, { ...skip }], missing };

  expect(leftOutHere(plan)).toBe(
    'same-core is left out: no taskset\non-postgres is left out: no PostgreSQL\n',
  );
});
