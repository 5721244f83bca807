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
  /** Only these of the run's placements; all of them unless said. */
  readonly placements?: readonly Placement[];
}

/** The fewest rounds whose intervals are worth citing. */
export const citableRoundsMin = 6;

const chats = ['sockets-framed', 'grpc-unary', 'grpc-converse'];
const echoes = ['net-echo', 'http2-echo', 'grpc-echo'];
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
  measureMs: 200,
  warmUpMsMax: 250,
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
  summary: 'every scenario and every lane, with the controls; it says beforehand how long it takes',
  rounds: citableRoundsMin,
  measureMs: 300,
  warmUpMsMax: 400,
  placements: ['same-core', 'different-cores'],
  questions: scenarios.map(({ name, family }) => fullQuestion(name, family)),
  wireTls: true,
};

// Latency climbs the whole ladder. Elsewhere a step that only explains another is left out, or the
// run would take hours: `--lanes` asks any lane anything.
function fullQuestion(scenario: string, family: string): PresetQuestion {
  if (family === 'latency') return { scenario, lanes: [...ladder, ...again, 'net-echo-delayed'] };
  if (scenario === 'throughput-64') return { scenario, lanes: [...ladder, ...again] };
  if (family === 'throughput') return { scenario, lanes: [...echoes, ...chats] };
  if (family === 'sends') {
    return { scenario, lanes: [...chats, ...again, 'sockets-framed-sqlite'] };
  }
  if (family === 'idle') {
    // Memory does not depend on where a process runs. A gRPC client of ten thousand connections does
    // depend on what memory there is.
    return { scenario, lanes: ['net-echo', 'grpc-echo', ...chats], placements: ['same-core'] };
  }
  const few = ['net-echo', 'sockets-seed', 'grpc-echo', ...chats];
  const twice = ['set-up', 'op-suite', 'registers-100'];
  return { scenario, lanes: twice.includes(scenario) ? [...few, ...again] : few };
}

/** The presets, by name. */
export const presets = { quick, core, full } as const;
