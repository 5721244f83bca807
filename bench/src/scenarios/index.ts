import { delivery, deliveryOverNodes } from './latency/delivery.ts';
import { fanOut } from './latency/fan-out.ts';
import { bodySize, latency } from './latency/latency.ts';
import { bulk, payload } from './latency/payload.ts';
import { roundTrip } from './latency/round-trip.ts';
import type { Scenario } from './scenario.ts';
import { handshake } from './tasks/handshake.ts';
import { idle } from './tasks/idle.ts';
import { opSuite } from './tasks/op-suite.ts';
import { registers } from './tasks/registers.ts';
import { searchMillion } from './tasks/search-million.ts';
import { setUp } from './tasks/set-up.ts';
import { startUp } from './tasks/start-up.ts';
import { connections, deliveryPairs, sends, sendsOverNodes } from './throughput/connections.ts';
import { loadCurve } from './throughput/load-curve.ts';
import { openLoop } from './throughput/open-loop.ts';
import { throughput } from './throughput/throughput.ts';

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
