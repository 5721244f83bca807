import { analyse } from '../src/report/analysis/analyse.ts';
import type { Fingerprint, Report } from '../src/report/schema/report.ts';
import { notShown, published } from '../src/run/every-report.ts';
import { sampleCells, samplePlacements } from './sample-cells.ts';
import { sampleComplexity } from './sample-complexity.ts';
import { laneModels } from './sample-lanes.ts';
import { scenarioModels } from './sample-scenarios.ts';
import { sampleWire } from './sample-wire.ts';

export interface SampleOptions {
  readonly rounds?: number;
  readonly seed?: number;
  /** Ends the run early: in the third round, before all of its cells. */
  readonly partial?: boolean;
}

const made = new Map<string, Report>();

/**
 * A report with everything in it: all lanes and scenarios, both placements, an invalid cell, a cell
 * that nothing came of, skipped cells. Its figures are made up, and the same for the same options. It
 * is made once: all tests of a process share it, and none changes it.
 */
export function sampleReport(options: SampleOptions = {}): Report {
  const { rounds = 6, seed = 2023, partial = false } = options;
  const key = `${rounds} ${seed} ${partial}`;
  const report = made.get(key) ?? makeReport({ rounds, seed, partial });
  made.set(key, report);
  return report;
}

/** The report of a run that was asked for these scenarios alone. To work with all of them takes a moment. */
export function onlyScenarios(report: Report, ...names: readonly string[]): Report {
  const kept = <T extends { readonly scenario: string }>(all: readonly T[]) =>
    all.filter(({ scenario }) => names.includes(scenario));
  const { cells, results, ratios } = report;
  return { ...report, cells: kept(cells), results: kept(results), ratios: kept(ratios) };
}

function makeReport({ rounds, seed, partial }: Required<SampleOptions>): Report {
  const lanes = laneModels.map(({ lane }) => lane);
  const scenarios = scenarioModels.map(({ scenario }) => scenario);
  const planned = sampleCells(1, seed).cells.length;
  const roundsDone = partial ? 2 : rounds;
  const { cells, skipped } = sampleCells(
    rounds,
    seed,
    partial ? Math.floor(planned * 2.4) : undefined,
  );
  return {
    schemaVersion: 2,
    title: 'A sample report, whose figures are made up',
    startedAt: '2026-11-20T09:00:00.000Z',
    finishedAt: '2026-11-20T09:41:12.000Z',
    complete: !partial,
    citable: !partial,
    notCitableBecause: partial ? ['it was interrupted in round 3 of 6'] : [],
    preset: 'full',
    options: {
      rounds,
      roundsDone,
      measureMs: 1_500,
      warmUpMsMax: 3_000,
      warmUpOperationsMin: 3_000,
      lanes: lanes.map(({ name }) => name),
      scenarios: scenarios.map(({ name }) => name),
      placements: [...samplePlacements],
      seed,
    },
    steadyRule: 'the medians of the last five windows of 100 ms lie within 5% of each other',
    slowRule:
      'A run is slow when the calibrated loop took 1.3 times as long as on the calm machine.',
    disturbedRule: 'A run is disturbed when others kept more than a fifth of a core busy.',
    placements: [
      { name: 'same-core', description: 'client and server take turns on core 0' },
      { name: 'different-cores', description: 'server on core 0, client on core 1' },
    ],
    fingerprint: sampleFingerprint,
    lanes,
    scenarios,
    agreement: {
      agree: true,
      lanes: lanes
        .filter((_, index) => laneModels[index]?.chat)
        .map(({ name }) => ({ lane: name, agrees: true, difference: '' })),
    },
    ...analyse({ cells, lanes, scenarios, injectedUs: { 'net-echo-delayed': 50 } }),
    cells,
    skipped,
    published: [...published],
    wire: sampleWire(),
    complexity: sampleComplexity(),
    notShown: [...notShown],
  };
}

const sampleFingerprint: Fingerprint = {
  machine: 'not known',
  cpu: 'Sample CPU at 2.40 GHz',
  cores: 2,
  memoryBytes: 8_000_000_000,
  virtualisation: 'virtual machine',
  kernel: 'Linux 6.12.0 x64 (#1 SMP PREEMPT_DYNAMIC)',
  scaling: 'governor not known, turbo not known',
  runtime: 'Node.js v24.21.0',
  v8: '13.6.233.17',
  libuv: '1.51.0',
  openssl: '3.5.4',
  loadAverage: [0.12, 0.2, 0.18],
  dependencies: { '@grpc/grpc-js': '1.14.7', '@grpc/proto-loader': '0.8.0', protobufjs: '7.6.6' },
  lockfileSha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  commit: '0123456789abcdef0123456789abcdef01234567',
  dirty: false,
  mitigations: { spec_rstack_overflow: 'Mitigation: Safe RET', spectre_v1: 'Mitigation: barriers' },
  caches: { 'L1 data': '32K', 'L2 unified': '512K', 'L3 unified': '32768K of cores 0-1' },
  costs: {
    kernelEntryUs: 0.16,
    switchUs: 4.2,
    switchAcrossUs: 14,
    warmCodeUs: 146,
    coldCodeUs: 370,
  },
};
