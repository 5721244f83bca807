import { expect, test } from 'vitest';
import { findScenario, scenarios } from '../src/scenarios/index.ts';
import { testMetrics } from './rig-cells.ts';

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
