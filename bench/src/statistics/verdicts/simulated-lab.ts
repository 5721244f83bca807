import { type Ratio, ratioOfPairs } from '../intervals/ratio.ts';
import { normal, type Random, seededRandom } from '../random.ts';
import { type RoundsRule, roundWanted } from './rounds.ts';
import { type Calibration, calmOf, isSlow } from './slowness.ts';
import { noiseFloor, type Verdict, verdict } from './verdict.ts';

// A run of the lab as random numbers, whose true ratio is known: what the rules make of it is counted.

/** The disturbances of runs on a simulated machine. */
export interface SimulatedMachine {
  /** The standard deviation of a run's logarithm. */
  readonly runNoise: number;
  /** The largest change of the machine's speed over ten rounds, of either sign, as a logarithm. */
  readonly drift?: number;
  /** The probability that a slow phase begins with a round; it lasts for two. */
  readonly slowPhases?: number;
  /** The probability that a run takes up to 13 times as long for no reason. */
  readonly outliers?: number;
}

/** The rules that a simulated experiment is judged by. */
export interface SimulatedRules extends RoundsRule {
  /** True when the calibrated loop tells slow rounds. */
  readonly calibrated: boolean;
}

/** The result of one experiment. */
interface SimulatedOutcome {
  readonly ratio: Ratio;
  readonly verdict: Verdict;
  readonly floor: number | undefined;
}

/** Machines that a comparison may meet with, without the noise of their runs. */
export const simulatedMachines = {
  'noise alone': {},
  drift: { drift: 0.5 },
  'slow phases': { slowPhases: 0.12 },
  outliers: { outliers: 0.03 },
  'all of them': { drift: 0.3, slowPhases: 0.12, outliers: 0.03 },
} as const satisfies Readonly<Record<string, Partial<SimulatedMachine>>>;

/** Exactly so many rounds, besides those that were slow. */
export function fixedRounds(rounds: number): SimulatedRules {
  const rule = { roundsMin: rounds, roundsMax: rounds, halfWidthMax: 0, repeatsMax: rounds };
  return { ...rule, calibrated: true };
}

/** As the lab adds them to six. */
export const addedRounds: SimulatedRules = {
  roundsMin: 6,
  roundsMax: 18,
  halfWidthMax: 0.05,
  repeatsMax: 6,
  calibrated: true,
};

// A slow phase makes a lane up to 2.1 times as slow, another 1.3, and CPU work 1.6: as it was seen.
const slowestCpu = 1.64;
const leastSlowCpu = 1.066;
const dearer = 1.5;
const cheaper = 0.5;
const phaseRounds = 2;
const outlierMax = 13;
const calibrationNoise = 0.03;

/** One round: two lanes, and one of them once more for the noise floor. */
interface Round {
  readonly own: number;
  readonly baseline: number;
  readonly again: number;
  readonly calibration: Calibration;
}

/** Simulates one experiment, from its first round to where the rules end it. */
function simulateExperiment(
  random: Random,
  trueRatio: number,
  machine: SimulatedMachine,
  rules: SimulatedRules,
): SimulatedOutcome {
  const next = simulatedRounds(random, trueRatio, machine);
  const rounds: Round[] = [];
  for (;;) {
    rounds.push(next());
    const calm = calmRounds(rounds, rules);
    const ratio = ratioOf(calm);
    const slow = rounds.length - calm.length;
    if (roundWanted({ calm: calm.length, slow, ratios: [ratio] }, rules) !== undefined) continue;
    const floor = noiseFloor(calm.map(({ baseline, again }) => again / baseline));
    return { ratio, floor, verdict: verdict(ratio, floor) };
  }
}

/** The results of many experiments, as parts of their number. */
export interface SimulatedShares {
  /** The part of experiments whose interval held the true ratio. */
  readonly covered: number;
  /** The part that found a difference in the right direction; in either, when there is none. */
  readonly found: number;
  /** The part whose interval alone found it. */
  readonly foundByInterval: number;
  /** The rounds that counted, on average. */
  readonly rounds: number;
}

/** Simulates so many experiments, always the same ones. */
export function simulateLab(
  experiments: number,
  trueRatio: number,
  machine: SimulatedMachine,
  rules: SimulatedRules,
): SimulatedShares {
  const random = seededRandom(experiments);
  const sums = { covered: 0, found: 0, foundByInterval: 0, rounds: 0 };
  for (let experiment = 0; experiment < experiments; experiment++) {
    const { ratio, verdict: said } = simulateExperiment(random, trueRatio, machine, rules);
    const { low = 0, high = Number.POSITIVE_INFINITY } = ratio.interval ?? {};
    if (low <= trueRatio && high >= trueRatio) sums.covered++;
    if (isFound(said, trueRatio)) sums.found++;
    if (isFound(verdict(ratio), trueRatio)) sums.foundByInterval++;
    sums.rounds += ratio.n;
  }
  const { covered, found, foundByInterval, rounds } = sums;
  return {
    covered: covered / experiments,
    found: found / experiments,
    foundByInterval: foundByInterval / experiments,
    rounds: rounds / experiments,
  };
}

function simulatedRounds(
  random: Random,
  trueRatio: number,
  { runNoise, drift = 0, slowPhases = 0, outliers = 0 }: SimulatedMachine,
): () => Round {
  const slope = ((2 * random() - 1) * drift) / 10;
  let [round, slowUntil, cpu] = [0, 0, 1];
  const run = () =>
    Math.exp(runNoise * normal(random)) *
    (random() < outliers ? 1 + (outlierMax - 1) * random() : 1);
  return () => {
    if (round >= slowUntil) cpu = 1;
    if (cpu === 1 && random() < slowPhases) {
      slowUntil = round + phaseRounds;
      cpu = leastSlowCpu + (slowestCpu - leastSlowCpu) * random();
    }
    const level = Math.exp(slope * round);
    round++;
    const loop = () => level * cpu * Math.exp(calibrationNoise * normal(random));
    return {
      own: level * trueRatio * cpu ** dearer * run(),
      baseline: level * cpu ** cheaper * run(),
      again: level * cpu ** cheaper * run(),
      calibration: { cpuUs: loop(), wakeUpUs: loop() },
    };
  };
}

function calmRounds(rounds: readonly Round[], { calibrated }: SimulatedRules): readonly Round[] {
  if (!calibrated) return rounds;
  const usual = calmOf(rounds.map(({ calibration }) => calibration));
  return rounds.filter(({ calibration }) => !isSlow(calibration, usual));
}

function ratioOf(rounds: readonly Round[]): Ratio {
  return ratioOfPairs(
    rounds.map(({ own }) => own),
    rounds.map(({ baseline }) => baseline),
  );
}

function isFound(said: Verdict, trueRatio: number): boolean {
  return said === 'higher' || (trueRatio === 1 && said === 'lower');
}
