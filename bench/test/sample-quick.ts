import type { Report } from '../src/report/schema/report.ts';
import { sampleReport } from './sample-report.ts';

const scenarios = ['set-up', 'op-suite', 'registers-100', 'latency-1', 'throughput-64'];
const lanes = ['net-echo', 'sockets-framed', 'grpc-echo', 'grpc-unary', 'grpc-converse'];

interface Placed {
  readonly scenario: string;
  readonly lane: string;
  readonly placement?: string | null;
}

/** The sample as a quick run measures it: two rounds, few scenarios and lanes, one placement. */
export function quickSample(): Report {
  const report = sampleReport({ rounds: 2 });
  const kept = <T extends Placed>(all: readonly T[]) =>
    all.filter(
      ({ scenario, lane, placement }) =>
        scenarios.includes(scenario) && lanes.includes(lane) && placement === 'same-core',
    );
  return {
    ...report,
    preset: 'quick',
    citable: false,
    notCitableBecause: ['a quick run has too few rounds'],
    options: { ...report.options, lanes, scenarios, placements: ['same-core'] },
    placements: report.placements.filter(({ name }) => name === 'same-core'),
    lanes: report.lanes.filter(({ name }) => lanes.includes(name)),
    scenarios: report.scenarios.filter(({ name }) => scenarios.includes(name)),
    cells: kept(report.cells),
    results: kept(report.results).map((result) => ({ ...result, ci95: null })),
    ratios: kept(report.ratios).filter(({ baseline }) => lanes.includes(baseline)),
    skipped: kept(report.skipped),
    noise: { floors: [], injected: [] },
    wire: null,
    complexity: null,
  };
}
