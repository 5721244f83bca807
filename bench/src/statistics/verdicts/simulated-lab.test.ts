import { describe, expect, it } from 'vitest';
import { testEqualLanes } from '../../../test/simulations.ts';
import { addedRounds, fixedRounds, simulatedMachines, simulateLab } from './simulated-lab.ts';

// A share of so many experiments, near 95 %, is known to 0.9 %; `scripts/simulate-lab.ts` plays more.
const experiments = 600;
const coverageMin = 0.93;
const falseMax = 0.05;

const uncalibrated = { ...addedRounds, calibrated: false };

testEqualLanes([0.07]);

it('has an interval that misses 1 too often where slow phases are not told by the calibrated loop', () => {
  const machine = { ...simulatedMachines['slow phases'], runNoise: 0.03 };
  const { covered, found } = simulateLab(1_500, 1, machine, uncalibrated);
  expect(covered).toBeLessThan(coverageMin);
  expect(found).toBeGreaterThan(falseMax);
});

describe('a true ratio of 1.42', () => {
  it.each([
    ['noise alone', 0.97],
    ['drift', 0.97],
    ['slow phases', 0.9],
    ['outliers', 0.9],
    ['all of them', 0.9],
  ] as const)('is found in ten rounds with run noise of 10 %% and %s', (name, foundMin) => {
    const machine = { ...simulatedMachines[name], runNoise: 0.1 };
    const { found, covered } = simulateLab(experiments, 1.42, machine, fixedRounds(10));
    expect(found).toBeGreaterThanOrEqual(foundMin);
    expect(covered).toBeGreaterThanOrEqual(coverageMin);
  });
});

describe('rounds until it is narrow', () => {
  it('are few where runs differ by little, and all that there may be where they differ by much', () => {
    const rounds = (runNoise: number) => simulateLab(300, 1, { runNoise }, addedRounds).rounds;
    expect(rounds(0.01)).toBe(6);
    expect(rounds(0.03)).toBeGreaterThan(7);
    expect(rounds(0.03)).toBeLessThan(10);
    expect(rounds(0.1)).toBeGreaterThan(17);
  });
});
