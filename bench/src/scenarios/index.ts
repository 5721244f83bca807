import { connections, sends, sendsOverNodes } from './connections.ts';
import { delivery, deliveryOverNodes } from './delivery.ts';
import { deliveryPairs } from './delivery-pairs.ts';
import { fanOut } from './fan-out.ts';
import { handshake } from './handshake.ts';
import { idle } from './idle.ts';
import { bodySize, latency } from './latency.ts';
import { loadCurve } from './load-curve.ts';
import { opSuite } from './op-suite.ts';
import { openLoop } from './open-loop.ts';
import { bulk, payload } from './payload.ts';
import { registers } from './registers.ts';
import { roundTrip } from './round-trip.ts';
import type { Scenario } from './scenario.ts';
import { searchMillion } from './search-million.ts';
import { setUp } from './set-up.ts';
import { startUp } from './start-up.ts';
import { throughput } from './throughput.ts';

/** Every scenario, in the order of a report. */
export const scenarios: readonly Scenario[] = [
  ...setUp,
  ...handshake,
  opSuite,
  ...registers,
  latency,
  ...throughput,
  ...connections,
  ...openLoop,
  loadCurve,
  delivery,
  deliveryOverNodes,
  ...deliveryPairs,
  ...fanOut,
  ...bodySize,
  ...payload,
  ...bulk,
  ...sends,
  ...sendsOverNodes,
  searchMillion,
  ...idle,
  ...roundTrip,
  startUp,
];

/** @throws Error when there is no scenario of that name */
export function findScenario(name: string): Scenario {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  return scenario;
}
