import { expect, test } from 'vitest';
import { loadLane } from '../src/lanes/index.ts';
import { placementsHere } from '../src/rig/machine/placement.ts';
import { type CellTimes, runCell } from '../src/rig/rounds/run-cell.ts';
import { findScenario } from '../src/scenarios/index.ts';
import { besideMetrics } from '../src/scenarios/metrics.ts';

/** The times of a short run. */
export const times: CellTimes = {
  measureMs: 40,
  measureOperations: 1,
  measureMsMax: 40,
  warmUpMsMax: 40,
  warmUpOperationsMin: 0,
  hungAfterMs: 60_000,
  seed: 1,
};
/** The placements of this machine. */
export const here = placementsHere();

/** The first of them. */
export const placement = here.possible[0] as (typeof here.possible)[number];

export const framed = await loadLane('sockets-framed');
const unary = await loadLane('grpc-unary');
const chats = [framed, unary];
export const echoes = [await loadLane('net-echo'), await loadLane('grpc-echo')];
const secured = [await loadLane('sockets-framed-tls'), await loadLane('grpc-unary-tls')];
const shared = [await loadLane('sockets-framed-postgres')];
const namesBeside = besideMetrics.map(({ name }) => name);

/**
 * Tests that each of these scenarios gives all of its metrics.
 *
 * @param asked the scenarios that are asked of a lane over sockets
 * @param askedOfGrpc those of them that are asked over gRPC, too
 */
export function testMetrics(asked: readonly string[], askedOfGrpc: readonly string[]): void {
  const questions = asked.map(findScenario).flatMap((scenario) => {
    const lanes = [chats, echoes, secured, shared].find(
      ([lane]) => lane !== undefined && scenario.notFor(lane) === undefined,
    );
    // Where PostgreSQL is not installed, the lane says so.
    const startable = (lanes ?? []).filter(({ missing }) => missing === undefined);
    return startable
      .filter(({ name }) => !name.startsWith('grpc') || askedOfGrpc.includes(scenario.name))
      .map((lane) => [scenario.name, lane.name, lane] as const);
  });

  test.each(questions)('gives every metric of %s on %s', async (name, _lane, lane) => {
    const found = findScenario(name);
    // To make a million accounts would take most of the time, and shows nothing that these do not.
    const scenario = found.accounts === undefined ? found : { ...found, accounts: 4_000 };

    const run = await runCell({ scenario, lane, placement }, times, never());

    // What is valid depends on the machine; that there is nothing to be had from it does not.
    expect(run.errors, run.why.join()).toBe(0);
    const given = scenario.metrics.filter(({ name }) => name in run.values);
    expect(Object.keys(run.values).toSorted()).toEqual(given.map(({ name }) => name).toSorted());
    const missing = scenario.metrics.filter(
      (metric) =>
        !given.includes(metric) && (shared.includes(lane) || !namesBeside.includes(metric.name)),
    );
    // A curve ends where the rate is no longer kept; where that is depends on the machine.
    const mayEnd = name === 'load-curve' ? missing.filter(({ unit }) => unit.endsWith('s')) : [];
    expect(missing, run.why.join()).toEqual(mayEnd);
    for (const [metric, value] of Object.entries(run.values)) {
      expect(Number.isFinite(value), metric).toBe(true);
    }
    expect(run.operations).toBeGreaterThan(0);
  });
}

/** Returns a signal that nobody aborts. */
export function never(): AbortSignal {
  return new AbortController().signal;
}
