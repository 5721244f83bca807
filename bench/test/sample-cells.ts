import type { Placement, Report, ReportCell, ReportRun } from '../src/report/schema/report.ts';
import { exponential, type Random, seededRandom } from '../src/statistics/index.ts';
import { type LaneModel, laneModels } from './sample-lanes.ts';
import { type ScenarioModel, scenarioModels } from './sample-scenarios.ts';

/** The measured cells, and the skipped ones. */
export interface Sampled {
  readonly cells: ReportCell[];
  readonly skipped: Report['skipped'];
}

interface Planned {
  readonly scenario: ScenarioModel;
  readonly model: LaneModel;
  readonly placement: Placement;
}

/** The noise of a run: a fraction, as a standard deviation. */
const runNoise = 0.015;
/** The drift of the machine between rounds, all lanes together: a fraction. */
const roundDrift = 0.03;

export const samplePlacements = ['same-core', 'different-cores'] as const;

/**
 * Cells as the rig gives them. `runsMax` ends it early, after so many process runs: rounds go
 * forwards and backwards in turn, so that is somewhere within a round.
 */
export function sampleCells(rounds: number, seed: number, runsMax?: number): Sampled {
  const random = seededRandom(seed);
  const planned: Planned[] = [];
  const skipped: Report['skipped'] = [];
  for (const placement of samplePlacements) {
    for (const scenario of scenarioModels) {
      for (const model of laneModels) {
        const reason = scenario.notFor(model) ?? onlyOnOneCore(model, placement);
        if (reason === undefined) planned.push({ scenario, model, placement });
        else skip(skipped, { scenario, model, placement }, reason);
      }
    }
  }
  const runs = new Map<Planned, ReportRun[]>(planned.map((cell) => [cell, []]));
  let left = runsMax ?? Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const drift = 1 + roundDrift * normal(random);
    const order = round % 2 === 0 ? planned : planned.toReversed();
    for (const [position, cell] of order.entries()) {
      if (left-- > 0) runs.get(cell)?.push(sampleRun(cell, { round, position, drift, random }));
    }
  }
  const cells = [...runs].filter(([, done]) => done.length > 0);
  return { cells: cells.map(([cell, done]) => cellOf(cell, done)), skipped };
}

/** Valid when most of its runs are, as the rig has it. */
function cellOf({ scenario, model, placement }: Planned, runs: ReportRun[]): ReportCell {
  return {
    scenario: scenario.scenario.name,
    lane: model.lane.name,
    placement,
    valid: runs.filter(({ valid }) => valid).length * 2 > runs.length,
    why: [...new Set(runs.flatMap(({ why }) => why))],
    runs,
  };
}

interface RunContext {
  readonly round: number;
  readonly position: number;
  readonly drift: number;
  readonly random: Random;
}

function sampleRun(cell: Planned, { round, position, drift, random }: RunContext): ReportRun {
  const { scenario, model, placement } = cell;
  const latencyUs = placement === 'same-core' ? model.sameCoreUs : model.differentCoresUs;
  const factor = drift * (1 + runNoise * normal(random));
  const values = Object.entries(scenario.values(model, latencyUs)).map(([name, value]) => {
    const tail = name.includes('p99') ? 1 + exponential(random, 0.05) : 1;
    const metric = scenario.scenario.metrics.find((one) => one.name === name);
    const worse = metric?.better === 'higher' ? 1 / factor : factor;
    return [name, Number((value * worse * tail).toPrecision(6))] as const;
  });
  const trouble = troubleOf(cell, round);
  if (trouble?.values === 'none') return { ...failedRun, round, position, why: [trouble.why] };
  const { family, parameters } = scenario.scenario;
  const target = Number(parameters.ratePerSecond ?? 0);
  const steady = model.lane.name !== 'grpc-unary' || round !== 4;
  const utilisation = family === 'throughput' ? 0.97 : 0.62;
  return {
    round,
    position,
    values: Object.fromEntries(values),
    valid: trouble === undefined,
    why: trouble === undefined ? [] : [trouble.why],
    notes: steady ? [] : ['not steady when the warm-up had to end'],
    operations: Math.round(1_500_000 / latencyUs),
    errors: 0,
    steady: family === 'set-up' ? null : steady,
    warmUpMs: 700 + Math.round(100 * random()),
    measuredMs: 1_500,
    clientUtilisation: model.wire ? utilisation : 1,
    serverUtilisation: model.wire ? utilisation - 0.2 : null,
    achievedPerSecond: target === 0 ? null : trouble === undefined ? target : 3_127,
    targetPerSecond: target === 0 ? null : target,
    littlesLawError: family === 'throughput' ? 0.004 : null,
    disturbance: disturbanceAt(cell, round),
  };
}

/** One cell was disturbed in most of its runs, another in one. */
function disturbanceAt(
  { scenario, model, placement }: Planned,
  round: number,
): NonNullable<ReportRun['disturbance']> {
  const at = `${scenario.scenario.name} ${model.lane.name} ${placement}`;
  const disturbed =
    at === 'body-64 net-echo same-core'
      ? round > 0
      : at === 'latency-1 grpc-unary same-core' && round === 2;
  return { othersCores: disturbed ? 0.61 : 0.04, stolenCores: 0, disturbed };
}

/** A run that failed. */
const failedRun: Omit<ReportRun, 'round' | 'position'> = {
  values: {},
  valid: false,
  why: [],
  notes: [],
  operations: 0,
  errors: 0,
  steady: null,
  warmUpMs: 0,
  measuredMs: 0,
  clientUtilisation: null,
  serverUtilisation: null,
  achievedPerSecond: null,
  targetPerSecond: null,
  littlesLawError: null,
  disturbance: null,
};

/** One cell with figures that are not to be trusted, one without any, one with a run that failed. */
function troubleOf({ scenario, model, placement }: Planned, round: number) {
  const at = `${scenario.scenario.name} ${model.lane.name} ${placement}`;
  if (at === 'open-loop-poisson-4000 grpc-unary same-core') {
    const why = 'achieved 3,127/s of 4,000/s: the client could not keep up';
    return { values: 'all', why } as const;
  }
  if (at.startsWith('idle-10000 http2-echo')) {
    return { values: 'none', why: 'the server ended with code 134: out of memory' } as const;
  }
  if (at === 'delivery grpc-converse different-cores' && round === 1) {
    return { values: 'none', why: 'hung for 20,000 ms' } as const;
  }
  return undefined;
}

function onlyOnOneCore({ wire }: LaneModel, placement: Placement): string | undefined {
  return wire || placement === 'same-core'
    ? undefined
    : 'client and server are one process: there is nothing to place on another core';
}

/** Adds a skipped cell; a reason that holds for every placement is added once. */
function skip(skipped: Report['skipped'], { scenario, model, placement }: Planned, reason: string) {
  const entry = { scenario: scenario.scenario.name, lane: model.lane.name, reason };
  const anywhere = scenario.notFor(model) !== undefined;
  const known = skipped.some(
    (one) => anywhere && one.scenario === entry.scenario && one.lane === entry.lane,
  );
  if (!known) skipped.push({ ...entry, placement: anywhere ? null : placement });
}

/** Normally distributed, by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(2 * exponential(random, 1)) * Math.cos(2 * Math.PI * random());
}
