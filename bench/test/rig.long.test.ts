import { expect, test, vi } from 'vitest';
import { loadLane } from '../src/lanes/index.ts';
import { analyse } from '../src/report/analysis/analyse.ts';
import { makePlan } from '../src/rig/rounds/plan.ts';
import { runCell } from '../src/rig/rounds/run-cell.ts';
import { runPlan } from '../src/rig/rounds/run-plan.ts';
import { findScenario, scenarios } from '../src/scenarios/index.ts';
import { median } from '../src/statistics/order.ts';
import { here, never, placement, testMetrics, times } from './rig-cells.ts';

// One of each family, and those that are measured in a way of their own.
const asked = [
  'set-up',
  'set-up-cold',
  'handshake-full',
  'handshake-resumed',
  'op-suite',
  'registers-100',
  'registers-100-pipelined',
  'latency-1',
  'throughput-64',
  'connections-16',
  'open-loop-poisson-4000',
  'load-curve',
  'delivery',
  'delivery-pairs-16x16',
  'fan-out-100',
  'search-million',
  'body-262',
  'payload-16384',
  'bulk-65536',
  'sends-64',
  'nodes-2',
  'idle-100',
  'round-trip-10ms',
  'start-up',
];

// Over gRPC only what takes another way there: how a connection is set up and resumed, and held, how a process
// starts, and one of each way to measure. The others ask a lane in these ways alone, and lanes.test.ts asks every
// lane so.
const askedOfGrpc = [
  ...['set-up', 'handshake-resumed', 'idle-100', 'start-up'],
  ...['latency-1', 'payload-16384'],
];

test('asks one of each family', () => {
  const families = new Set(scenarios.map(({ family }) => family));

  expect(new Set(asked.map((name) => findScenario(name).family))).toEqual(families);
});

testMetrics(asked, askedOfGrpc);

test('sees a delay that was put into a server', async () => {
  const lanes = [await loadLane('net-echo'), await loadLane('net-echo-delayed')];
  const scenario = findScenario('latency-1');
  const wanted = { questions: [{ scenario, lanes }], placements: [placement.name] };
  // Beside the other tests the machine is as slow as it is, and one slow round of six hides the delay:
  // the lab adds rounds until the ratio is known.
  const limits = { roundsMin: 6, roundsMax: 30, halfWidthMax: 0.4, repeatsMax: 0, timeMsMax: 1e9 };

  const { cells } = await runPlan({
    plan: makePlan(wanted, here),
    limits,
    signal: never(),
    onProgress: vi.fn(),
    timesOf: () => times,
    rig: { runCell, calibrate: () => ({ cpuUs: 1, wakeUpUs: 1 }), now: () => performance.now() },
  });
  const { noise } = analyse({
    cells,
    lanes: lanes.map((lane) => ({
      ...lane,
      baselines: [...lane.baselines],
      depthMax: null,
      settings: { ...lane.settings },
    })),
    scenarios: [{ ...scenario, metrics: [...scenario.metrics], parameters: scenario.parameters }],
    injectedUs: { 'net-echo-delayed': lanes[1]?.injectedUs ?? 0 },
  });

  expect(noise.injected).toHaveLength(1);
  expect(noise.injected[0]).toMatchObject({ lane: 'net-echo-delayed', seen: true });
  // It is work, and it is the server's. Of one run's few operations, a client may still compile some.
  const runs = cells[1]?.runs ?? [];
  const medianOf = (metric: keyof (typeof runs)[number]['values']) =>
    median(runs.map(({ values }) => values[metric] ?? 0));
  expect(runs).not.toEqual([]);
  expect(medianOf('server-cpu')).toBeGreaterThan((lanes[1]?.injectedUs ?? 0) * 0.9);
  expect(medianOf('server-cpu')).toBeGreaterThan(medianOf('client-cpu'));
});
