import { expect, test } from 'vitest';
import { CalibratedLoop } from './calibration.ts';

test('measures CPU work and a wake-up at every call, and ends its thread', async () => {
  const loop = await CalibratedLoop.start();

  for (const { cpuUs, wakeUpUs } of [loop.measure(), loop.measure(), loop.measure()]) {
    // A wake-up is a few microseconds at least, and the work some hundred thousand steps.
    expect(cpuUs).toBeGreaterThan(20);
    expect(wakeUpUs).toBeGreaterThan(0.5);
  }
  await loop.close();
});
