import type {
  Placement,
  ReportCell,
  ReportLane,
  ReportRun,
  ReportScenario,
} from '../src/report/schema/report.ts';

/** A lane with nothing in it but what an analysis looks at. */
export function laneOf(name: string, ...baselines: string[]): ReportLane {
  return {
    name,
    title: name,
    description: '',
    kind: 'control',
    baselines,
    depthMax: null,
    settings: {},
  };
}

/** A scenario with these metrics, in microseconds. */
export function scenarioOf(name: string, family: string, ...metrics: string[]): ReportScenario {
  return {
    name,
    family,
    title: name,
    question: '',
    parameters: {},
    metrics: metrics.map((metric) => ({
      name: metric,
      title: metric,
      unit: 'us',
      better: 'lower',
    })),
  };
}

/** A run of a round that gave these values. */
export function runOf(
  round: number,
  values: Readonly<Record<string, number>>,
  more: Partial<ReportRun> = {},
): ReportRun {
  return {
    round,
    position: 0,
    values,
    valid: true,
    why: [],
    notes: [],
    operations: 1,
    errors: 0,
    steady: true,
    warmUpMs: 0,
    measuredMs: 1,
    clientUtilisation: null,
    serverUtilisation: null,
    achievedPerSecond: null,
    targetPerSecond: null,
    littlesLawError: null,
    disturbance: null,
    ...more,
  };
}

/** A cell that gave one value of one metric in each round, in order. */
export function cellOf(
  scenario: string,
  lane: string,
  metric: string,
  values: readonly number[],
  more: Partial<ReportCell> = {},
): ReportCell {
  const placement: Placement = 'same-core';
  const runs = values.map((value, round) => runOf(round, { [metric]: value }));
  return { scenario, lane, placement, valid: true, why: [], runs, ...more };
}
