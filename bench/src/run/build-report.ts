import type { Lane } from '../lanes/lane.ts';
import { analyse } from '../report/analysis/analyse.ts';
import {
  type Report,
  type ReportCell,
  type ReportLane,
  type ReportScenario,
  schemaVersion,
} from '../report/schema/report.ts';
import { disturbedRule, slowRule } from '../report/words/machine-state.ts';
import type { Plan } from '../rig/rounds/plan.ts';
import type { PlanOutcome } from '../rig/rounds/run-plan.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { steadinessRule } from '../statistics/index.ts';
import { notShown, published } from './every-report.ts';
import type { Resolved } from './settings.ts';

/** The results of a run of the lab, from which its report is made. */
export interface Gathered {
  readonly resolved: Resolved;
  readonly plan: Plan;
  readonly lanes: readonly Lane[];
  readonly startedAt: Date;
  readonly interrupted: boolean;
  /** Failures outside the measurements. */
  readonly failures: readonly string[];
  readonly fingerprint: Report['fingerprint'];
  readonly agreement: Report['agreement'];
  /** The outcome of the measurements; undefined when they did not begin. */
  readonly outcome: PlanOutcome | undefined;
  readonly wire: Report['wire'];
  readonly complexity: Report['complexity'];
}

/** Makes the report from the results of a run, also of a part of its plan. */
export function buildReport(gathered: Gathered): Report {
  const { resolved, plan, lanes, outcome, interrupted } = gathered;
  const cells = outcome?.cells ?? [];
  const scenarios = [...new Set(plan.cells.map(({ scenario }) => scenario))].map(describeScenario);
  const described = lanes.map(describeLane);
  const injectedUs = Object.fromEntries(
    lanes.flatMap(({ name, injectedUs: us }) => (us === undefined ? [] : [[name, us]])),
  );
  const notCitableBecause = reasonsNotToCite(gathered);
  return {
    schemaVersion,
    title: 'Tandem: sockets and gRPC, side by side',
    startedAt: gathered.startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    complete: !interrupted,
    citable: notCitableBecause.length === 0,
    notCitableBecause,
    preset: resolved.preset,
    options: {
      rounds: resolved.limits.roundsMin,
      roundsDone: roundsDone(plan, cells, resolved.limits.roundsMin),
      ...resolved.times,
      lanes: lanes.map(({ name }) => name),
      scenarios: scenarios.map(({ name }) => name),
      placements: plan.placements.map(({ name }) => name),
      seed: resolved.seed,
    },
    ...(outcome === undefined ? {} : { ended: outcome.ended, calm: outcome.calm }),
    slowRule,
    steadyRule: steadinessRule,
    disturbedRule,
    placements: plan.placements.map(({ name, description }) => ({ name, description })),
    fingerprint: gathered.fingerprint,
    lanes: described,
    scenarios,
    agreement: gathered.agreement,
    cells: [...cells],
    skipped: plan.skipped,
    ...analyse({ cells, lanes: described, scenarios, injectedUs }),
    published: [...published],
    wire: gathered.wire,
    complexity: gathered.complexity,
    notShown: [...notShown],
  };
}

function reasonsNotToCite(gathered: Gathered): string[] {
  const { resolved, interrupted, fingerprint, failures } = gathered;
  const reasons = [...resolved.notCitableBecause, ...failures];
  if (interrupted) reasons.push('the run was ended before its plan');
  if (fingerprint.dirty) reasons.push('the code had changes that no commit has');
  return reasons;
}

/** Returns the rounds in which every cell that is promised them has its run. */
function roundsDone(
  { cells: planned }: Plan,
  cells: readonly ReportCell[],
  promised: number,
): number {
  const done = planned.map(({ scenario, lane, placement, rounds = promised }) => {
    const cell = cells.find(
      (each) =>
        each.scenario === scenario.name &&
        each.lane === lane.name &&
        each.placement === placement.name,
    );
    const size = new Set(cell?.runs.map(({ round }) => round)).size;
    return size < rounds ? size : Math.max(size, promised);
  });
  return Math.min(...done);
}

function describeLane(lane: Lane): ReportLane {
  const { name, title, description, kind, baselines, depthMax = null, settings } = lane;
  return {
    name,
    title,
    description,
    kind,
    baselines: [...baselines],
    depthMax,
    settings: { ...settings },
  };
}

function describeScenario(scenario: Scenario): ReportScenario {
  const { name, family, title, question, parameters, metrics } = scenario;
  return { name, family, title, question, parameters: { ...parameters }, metrics: [...metrics] };
}
