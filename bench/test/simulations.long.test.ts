import { describe } from 'vitest';
import { testCommits, testEqualLanes, testMachines, testRoundsNeeded } from './simulations.ts';

testEqualLanes([0.03, 0.07, 0.1]);

testMachines([2, 3, 5, 8]);

describe('machines whose commits differ', () => {
  testCommits([2, 3, 5]);
});

describe('the rounds that are still needed', () => {
  testRoundsNeeded([0.07, 0.09, 0.14]);
});
