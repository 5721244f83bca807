import { describe, expect, it } from 'vitest';
import { acrossMachines } from '../src/statistics/intervals/machines.ts';
import { medianInterval } from '../src/statistics/intervals/median-interval.ts';
import { median } from '../src/statistics/order.ts';
import { normal, type Random, seededRandom } from '../src/statistics/random.ts';
import { halfWidth, roundsNeeded } from '../src/statistics/verdicts/rounds.ts';
import {
  addedRounds,
  fixedRounds,
  type SimulatedMachine,
  simulatedMachines,
  simulateLab,
} from '../src/statistics/verdicts/simulated-lab.ts';
import { drawn, slowed } from './noise.ts';

// Simulated experiments of which the tests beside the source play a part, and simulations.long.test.ts all.

const coverageMin = 0.93;

/** Compares a lane with its equal, on each simulated machine and with each noise of its runs. */
export function testEqualLanes(runNoises: readonly number[]): void {
  // A share of so many experiments, near 95 %, is known to 0.9 %; `scripts/simulate-lab.ts` plays more.
  const experiments = 600;
  const machines: readonly (readonly [string, SimulatedMachine])[] = Object.entries(
    simulatedMachines,
  ).flatMap(([name, machine]) =>
    runNoises.map((runNoise) => [`${name}, run noise ${runNoise}`, { ...machine, runNoise }]),
  );

  describe.each([
    ['six rounds', fixedRounds(6)],
    ['rounds until it is narrow', addedRounds],
  ] as const)('a lane against its equal, with %s', (_, rules) => {
    it.each(machines)(
      'has an interval that holds 1, and is hardly ever found different, with %s',
      (__, machine) => {
        const { covered, found } = simulateLab(experiments, 1, machine, rules);
        expect(covered).toBeGreaterThanOrEqual(coverageMin);
        expect(found).toBeLessThanOrEqual(0.05);
      },
    );
  });
}

const truth = 1.42;
const machineExperiments = 800;

/** Joins machines that differ from each other by nothing to 40 %. */
export function testMachines(counts: readonly number[]): void {
  describe.each(counts)('the interval of %i machines', (count) => {
    it.each([0, 0.05, 0.15, 0.4])('holds the figure of machines that differ by %f', (between) => {
      expect(covered(count, between, false)).toBeGreaterThanOrEqual(coverageMin);
      expect(covered(count, between, true)).toBeGreaterThanOrEqual(coverageMin);
    });
  });
}

function covered(count: number, between: number, outliers: boolean): number {
  const random = seededRandom(count);
  return share(machineExperiments, () =>
    holds(machinesOf(random, count, between, outliers), truth),
  );
}

/** The rounds' ratios of machines that lie about the truth, some with more and noisier rounds than others. */
export function machinesOf(
  random: Random,
  count: number,
  between: number,
  outliers = false,
): number[][] {
  return Array.from({ length: count }, (_, machine) => {
    const own = truth * Math.exp(between * normal(random));
    const noise = machine % 2 === 0 ? 0.02 : 0.08;
    return drawn(
      6 + machine,
      () =>
        own * Math.exp(noise * normal(random)) * (outliers ? slowed(random) / slowed(random) : 1),
    );
  });
}

/** Joins machines of which one has a commit of its own. */
export function testCommits(counts: readonly number[]): void {
  it.each(counts)('hold the figure of both commits, with %i machines', (count) => {
    for (const between of [0, 0.15, 0.4]) {
      for (const commits of [0, 0.1, 0.5]) {
        expect(coveredOfCommits(count, between, commits, true)).toBeGreaterThanOrEqual(coverageMin);
      }
    }
  });
}

/** @param isPooled true where all days of a machine count as one machine */
export function coveredOfCommits(
  count: number,
  between: number,
  commits: number,
  isPooled: boolean,
): number {
  const random = seededRandom(count);
  // The figure of these commits, each by the part of the machines that have it.
  const figure = truth * Math.exp(commits / count);
  return share(machineExperiments, () => {
    const machines = machinesOfCommits(random, count, between, commits);
    return holds(isPooled ? machines.map((days) => days.flat()) : machines.flat(), figure);
  });
}

// One machine of a commit of its own; the others of another, and each measured twice on two days.
function machinesOfCommits(random: Random, count: number, between: number, commits: number) {
  return Array.from({ length: count }, (_, machine) => {
    const own = truth * Math.exp(between * normal(random) + (machine === 0 ? commits : 0));
    return Array.from({ length: machine === 0 ? 1 : 2 }, () => {
      const day = own * Math.exp(0.05 * normal(random));
      return drawn(6, () => day * Math.exp(0.05 * normal(random)));
    });
  });
}

function holds(machines: readonly (readonly number[])[], figure: number): boolean {
  const { interval } = acrossMachines(machines);
  return interval.low <= figure && figure <= interval.high;
}

function share(experiments: number, held: () => boolean): number {
  return (
    drawn(experiments, () => (held() ? 1 : 0)).reduce((sum, each) => sum + each, 0) / experiments
  );
}

/** @param noises standard deviations of a round's ratio, as a logarithm */
export function testRoundsNeeded(noises: readonly number[]): void {
  describe.each(noises)('with rounds whose ratios vary by %f', (noise) => {
    const experiments = untilNarrow(noise);

    it.each([6, 9, 12])('is right within a seventh in the middle, after %d rounds', (n) => {
      const wide = experiments.filter(({ end }) => end > n);
      expect(wide.length).toBeGreaterThan(150);
      const estimated = median(wide.map(({ needed }) => needed[n - 1] as number));
      const factor = estimated / median(wide.map(({ end }) => end));
      expect(factor).toBeGreaterThan(1 / 1.15);
      expect(factor).toBeLessThan(1.15);
    });
  });
}

/** Runs experiments until their interval is narrow: the rounds, and what was estimated after each. */
function untilNarrow(noise: number) {
  const target = 0.05;
  const random = seededRandom(5);
  return Array.from({ length: 400 }, () => {
    const ratios: number[] = [];
    const needed: number[] = [];
    for (;;) {
      ratios.push(2 * Math.exp(noise * normal(random)));
      const ratio = { value: 2, interval: medianInterval(ratios), n: ratios.length };
      needed.push(ratio.interval === undefined ? 0 : roundsNeeded(ratio, target));
      const isNarrow = halfWidth(ratio.interval) <= target;
      if (isNarrow || ratios.length >= 100) return { needed, end: ratios.length };
    }
  });
}
