import { laneNames } from '../lanes/index.ts';
import type { Placement } from '../report/report.ts';
import { scenarios } from '../scenarios/index.ts';

/** A run of the lab that has a name. */
export interface Preset {
  readonly name: 'quick' | 'core' | 'full';
  /** As help says it. */
  readonly summary: string;
  readonly rounds: number;
  readonly measureMs: number;
  readonly warmUpMsMax: number;
  readonly placements: readonly Placement[];
  /** The scenarios, and the lanes that each is asked of. */
  readonly questions: readonly PresetQuestion[];
  /** Whether the wire ledger has TLS beside it. */
  readonly wireTls: boolean;
  /** Why its figures are not to be cited; absent when they may be. */
  readonly notCitable?: string;
}

/** Which lanes a scenario is asked of, by name. */
export interface PresetQuestion {
  readonly scenario: string;
  readonly lanes: readonly string[];
}

/** The fewest rounds whose intervals are worth citing. */
export const citableRoundsMin = 6;

const chats = ['sockets-framed', 'grpc-unary', 'grpc-converse'];
const besideLadder = /-(again|delayed|sqlite)$/;
const ladder = laneNames.filter((name) => !besideLadder.test(name));
const again = ['sockets-framed-again', 'grpc-unary-again'];

const quick: Preset = {
  name: 'quick',
  summary: 'two rounds, one placement, under a minute, not to be cited',
  rounds: 2,
  measureMs: 150,
  warmUpMsMax: 200,
  placements: ['same-core'],
  questions: [
    { scenario: 'set-up', lanes: chats },
    { scenario: 'op-suite', lanes: chats },
    { scenario: 'registers-100', lanes: chats },
    { scenario: 'latency-1', lanes: ['net-echo', 'grpc-echo', ...chats] },
    { scenario: 'throughput-64', lanes: ['net-echo', 'grpc-echo', ...chats] },
  ],
  wireTls: false,
  notCitable: 'a quick run has too few rounds, and too little time in each, for figures to cite',
};

const core: Preset = {
  name: 'core',
  summary: 'the core of the comparison, six rounds, about three minutes',
  rounds: citableRoundsMin,
  measureMs: 250,
  warmUpMsMax: 300,
  placements: ['same-core', 'different-cores'],
  questions: [
    { scenario: 'set-up', lanes: chats },
    { scenario: 'op-suite', lanes: chats },
    { scenario: 'registers-100', lanes: chats },
    {
      scenario: 'latency-1',
      lanes: ['net-echo', 'sockets-framed-again', 'grpc-echo', ...chats],
    },
    { scenario: 'throughput-64', lanes: ['net-echo', 'grpc-echo', ...chats] },
  ],
  wireTls: false,
};

const full: Preset = {
  name: 'full',
  summary: 'every lane and every scenario, with the controls; it says beforehand how long it takes',
  rounds: 8,
  measureMs: 500,
  warmUpMsMax: 1_000,
  placements: ['same-core', 'different-cores'],
  questions: scenarios.map(({ name, family }) => ({
    scenario: name,
    lanes: [...ladder, ...besideLadderFor(name, family)],
  })),
  wireTls: true,
};

/** The lanes that show what the rig sees, or what a disk costs, where there is something to be seen. */
function besideLadderFor(scenario: string, family: string): readonly string[] {
  if (family === 'latency') return [...again, 'net-echo-delayed'];
  if (family === 'sends') return [...again, 'sockets-framed-sqlite'];
  const twice = ['set-up', 'op-suite', 'registers-100', 'throughput-64'];
  return twice.includes(scenario) ? again : [];
}

/** The presets, by name. */
export const presets = { quick, core, full } as const;
