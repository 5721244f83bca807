import { expect, test } from 'vitest';
import { placementsHere } from '../src/rig/machine/placement.ts';
import { probeMachine } from '../src/rig/machine/probe.ts';

const here = placementsHere();
const canPin = !here.impossible.some(({ name }) => name === 'same-core');

test.runIf(canPin)('measures the costs of the kernel, a switch and cold code', async () => {
  const { costs } = await probeMachine(here);

  expect(costs?.kernelEntryUs).toBeGreaterThan(0);
  expect(costs?.kernelEntryUs).toBeLessThan(costs?.switchUs ?? 0);
  expect(costs?.coldCodeUs).toBeGreaterThan(costs?.warmCodeUs ?? Number.POSITIVE_INFINITY);
  const hasTwo = here.possible.some(({ name }) => name === 'different-cores');
  expect(typeof costs?.switchAcrossUs).toBe(hasTwo ? 'number' : 'object');
});

test.runIf(process.platform === 'linux')('names only what concerns this processor', async () => {
  const { mitigations } = await probeMachine({ possible: [], impossible: [] });

  expect(Object.values(mitigations ?? {})).not.toContain('Not affected');
});

test('has no costs where processes cannot be pinned', async () => {
  const unpinned = here.possible.filter(({ name }) => name === 'unpinned');

  expect((await probeMachine({ possible: unpinned, impossible: [] })).costs).toBeNull();
});
