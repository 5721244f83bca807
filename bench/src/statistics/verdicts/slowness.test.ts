import { expect, it } from 'vitest';
import { calmOf, isSlow } from './slowness.ts';

const at = (cpuUs: number, wakeUpUs = 5) => ({ cpuUs, wakeUpUs });

it('takes the lower quartile for calm, so that it is found when most of the time is slow', () => {
  const slowMostly = [at(1_000), at(1_010), at(1_600), at(1_620), at(1_650)];
  expect(calmOf(slowMostly)).toEqual({ cpuUs: 1_010, wakeUpUs: 5 });
});

it.each([
  ['as ever', at(1_000), false],
  ['a little slower than ever', at(1_140), false],
  ['slower at CPU work', at(1_160), true],
  ['a little slower to wake', at(1_000, 9), false],
  ['slower to wake', at(1_000, 11), true],
  ['faster', at(500, 2), false],
])('says of a machine that is %s whether it is slow', (_, calibration, slow) => {
  expect(isSlow(calibration, at(1_000))).toBe(slow);
});
