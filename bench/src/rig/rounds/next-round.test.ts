import { expect, test } from 'vitest';
import { cellOf } from '../../../test/report-parts.ts';
import type { Lane } from '../../lanes/lane.ts';
import { findScenario } from '../../scenarios/index.ts';
import { type CellSoFar, nextRounds } from './next-round.ts';

const rule = { roundsMin: 6, roundsMax: 10, halfWidthMax: 0.05, repeatsMax: 3 };

/** A cell with five calm rounds and a slow one. */
function cellWithSlowRun(scenario: string, name: string, ...baselines: string[]): CellSoFar {
  const found = findScenario(scenario);
  const metric = found.metrics[0]?.name ?? '';
  const soFar = cellOf(scenario, name, metric, [1, 1, 1, 1, 1, 1]);
  const runs = soFar.runs.map((run, round) => ({ ...run, slow: round === 3 }));
  const lane = { name, baselines } as Partial<Lane> as Lane;
  return {
    cell: {
      scenario: found,
      lane,
      placement: { name: 'same-core', description: '', client: 0, server: 0 },
    },
    soFar: { ...soFar, runs },
  };
}

test('rounds of a main ratio that has no interval come before those of other cells', () => {
  const wanted = nextRounds(
    [
      cellWithSlowRun('sends-64', 'sockets-framed-sqlite'),
      cellWithSlowRun('latency-1', 'net-echo'),
      cellWithSlowRun('latency-1', 'sockets-framed', 'net-echo'),
      cellWithSlowRun('throughput-64', 'sockets-framed'),
      cellWithSlowRun('throughput-64', 'grpc-unary', 'sockets-framed'),
    ],
    rule,
  );

  expect(wanted.map(({ reason }) => reason)).toEqual(['slow', 'slow', 'slow']);
  expect(wanted.map(({ isPromised }) => isPromised)).toEqual([true, false, false]);
  expect(wanted[0]?.cells.map(({ lane }) => lane.name)).toEqual(['sockets-framed', 'grpc-unary']);
});
