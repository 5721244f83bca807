// Plays experiments whose truth is known by the rules of the lab, and prints what share of them each rule
// gets right: `pnpm --filter @tandem/bench simulate`. Always the same figures, in about a minute.
import { script } from '@tandem/command';
import {
  addedRounds,
  fixedRounds,
  type SimulatedRules,
  simulatedMachines,
  simulateLab,
} from '../src/statistics/verdicts/simulated-lab.ts';

script('simulate', 'Play experiments whose truth is known by the rules of the lab.').parse();
const experiments = 1_500;
const uncalibrated = { ...addedRounds, calibrated: false };
const rows: readonly (readonly [string, number, SimulatedRules])[] = [
  ['equal lanes, six rounds', 1, fixedRounds(6)],
  ['equal lanes, rounds until it is narrow', 1, addedRounds],
  ['the same without the calibrated loop', 1, uncalibrated],
  ['1.42, ten rounds', 1.42, fixedRounds(10)],
];

for (const [machine, disturbances] of Object.entries(simulatedMachines)) {
  for (const runNoise of [0.03, 0.07, 0.1]) {
    console.log(`\n${machine}, run noise ${percent(runNoise)}`);
    for (const [what, trueRatio, rules] of rows) {
      const shares = simulateLab(experiments, trueRatio, { ...disturbances, runNoise }, rules);
      const { covered, found, foundByInterval, rounds } = shares;
      console.log(
        `  ${what.padEnd(40)}interval holds it ${percent(covered)}, called different ${percent(found)} ` +
          `(by the interval alone ${percent(foundByInterval)}), ${rounds.toFixed(1)} rounds`,
      );
    }
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
