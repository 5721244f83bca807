import type { Placement, Report, ReportCell, ReportRun } from '../src/report/report.ts';
import { exponential, type Random, seededRandom } from '../src/statistics/index.ts';
import { type LaneModel, laneModels } from './sample-lanes.ts';
import { type ScenarioModel, scenarioModels } from './sample-scenarios.ts';

/** What was measured, and what was not. */
export interface Sampled {
  readonly cells: ReportCell[];
  readonly skipped: Report['skipped'];
}

interface Planned {
  readonly scenario: ScenarioModel;
  readonly model: LaneModel;
  readonly placement: Placement;
}

/** How far a run lies from what it would be without noise: a fraction, as a standard deviation. */
const runNoise = 0.015;
/** How far the machine drifts between rounds, all lanes together. */
const roundDrift = 0.03;

export const samplePlacements = ['same-core', 'different-cores'] as const;

/**
 * Cells as the rig would give them. `runsMax` ends it early, after so many process runs: rounds go
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
      if (left-- <= 0) continue;
      if (cannotAnswer(cell)) continue;
      runs.get(cell)?.push(sampleRun(cell, { round, position, drift, random }));
    }
  }
  return { cells: planned.map((cell) => cellOf(cell, runs.get(cell) ?? [])), skipped };
}

function cellOf(planned: Planned, runs: ReportRun[]): ReportCell {
  const why = cannotAnswer(planned)
    ? ['the server ended before the first answer: out of memory']
    : [...new Set(runs.flatMap((run) => run.why))];
  if (runs.length === 0 && why.length === 0) why.push('interrupted before its first run');
  return {
    scenario: planned.scenario.scenario.name,
    lane: planned.model.lane.name,
    placement: planned.placement,
    valid: why.length === 0,
    why,
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
  const target = Number(scenario.scenario.parameters.perSecond ?? 0);
  const overloaded = isOverloaded(cell);
  const factor = drift * (1 + runNoise * normal(random));
  const values = Object.entries(scenario.values(model, latencyUs)).map(([name, value]) => {
    const tail = name.startsWith('p99') ? 1 + exponential(random, 0.05) : 1;
    const metric = scenario.scenario.metrics.find((one) => one.name === name);
    const worse = metric?.better === 'higher' ? 1 / factor : factor;
    return [name, Number((value * worse * tail).toPrecision(6))] as const;
  });
  const utilisation = scenario.scenario.family === 'throughput' ? 0.97 : 0.62;
  return {
    round,
    position,
    values: Object.fromEntries(values),
    valid: !overloaded,
    why: overloaded ? ['achieved 3,127/s of 4,000/s: the client could not keep up'] : [],
    notes: model.lane.name === 'grpc-unary' && round === 4 ? ['not steady after 3,000 ms'] : [],
    operations: Math.round(1_500_000 / latencyUs),
    errors: 0,
    steady: scenario.scenario.family === 'set-up' ? null : round !== 4,
    warmUpMs: 700 + Math.round(100 * random()),
    measuredMs: 1_500,
    clientUtilisation: model.wire ? utilisation : 1,
    serverUtilisation: model.wire ? utilisation - 0.2 : null,
    achievedPerSecond: target === 0 ? null : overloaded ? 3_127 : target,
    targetPerSecond: target === 0 ? null : target,
    littlesLawError: scenario.scenario.family === 'throughput' ? 0.004 : null,
  };
}

function isOverloaded({ scenario, model, placement }: Planned): boolean {
  return (
    scenario.scenario.name === 'open-loop-poisson-4000' &&
    model.lane.name === 'grpc-unary' &&
    placement === 'same-core'
  );
}

function cannotAnswer({ scenario, model }: Planned): boolean {
  return scenario.scenario.name === 'idle-10000' && model.lane.name === 'http2-echo';
}

function onlyOnOneCore({ wire }: LaneModel, placement: Placement): string | undefined {
  return wire || placement === 'same-core'
    ? undefined
    : 'client and server are one process: there is nothing to place on another core';
}

/** What holds wherever it would run is said once. */
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
