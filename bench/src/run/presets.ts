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
  /** The fewest operations of a warm-up, unless its time is over before. */
  readonly warmUpOperationsMin: number;
  readonly placements: readonly Placement[];
  /** The scenarios, and the lanes that each is asked of. */
  readonly questions: readonly PresetQuestion[];
  /** Whether the wire ledger has TLS beside it. */
  readonly wireTls: boolean;
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
const oneCore = ['same-core'] as const;
const again = ['sockets-framed-again', 'grpc-unary-again'];

const quick: Preset = {
  name: 'quick',
  summary: 'two rounds, one placement, under a minute, not to be cited',
  rounds: 2,
  measureMs: 120,
  warmUpMsMax: 300,
  warmUpOperationsMin: 300,
  placements: ['same-core'],
  questions: [
    { scenario: 'set-up', lanes: chats },
    { scenario: 'op-suite', lanes: chats },
    { scenario: 'registers-100', lanes: chats },
    { scenario: 'latency-1', lanes: ['net-echo', 'grpc-echo', ...chats] },
    { scenario: 'throughput-64', lanes: ['net-echo', 'grpc-echo', ...chats] },
  ],
  wireTls: false,
};

const core: Preset = {
  name: 'core',
  summary: 'the core of the comparison, six rounds, about three minutes',
  rounds: citableRoundsMin,
  measureMs: 200,
  warmUpMsMax: 2_000,
  warmUpOperationsMin: 4_000,
  placements: ['same-core', 'different-cores'],
  questions: [
    { scenario: 'set-up', lanes: chats, placements: oneCore },
    { scenario: 'op-suite', lanes: chats, placements: oneCore },
    { scenario: 'registers-100', lanes: chats, placements: oneCore },
    { scenario: 'latency-1', lanes: ['net-echo', 'sockets-framed-again', 'grpc-echo', ...chats] },
    { scenario: 'throughput-64', lanes: ['net-echo', ...chats] },
  ],
  wireTls: false,
};

const full: Preset = {
  name: 'full',
  summary: 'every scenario and every lane, with the controls; it says beforehand how long it takes',
  rounds: citableRoundsMin,
  measureMs: 300,
  warmUpMsMax: 4_000,
  warmUpOperationsMin: 8_000,
  placements: ['same-core', 'different-cores'],
  questions: scenarios.map(({ name, family }) => fullQuestion(name, family)),
  wireTls: true,
};

// Latency climbs the whole ladder in both placements. Elsewhere a step that only explains another is
// left out, and so is the placement that only repeats the other, or the run would take hours:
// `--lanes` and `--placement` ask any lane anything anywhere.
function fullQuestion(scenario: string, family: string): PresetQuestion {
  switch (family) {
    case 'latency':
      return { scenario, lanes: [...ladder, ...again, 'net-echo-delayed'] };
    case 'throughput':
      return scenario === 'throughput-64'
        ? { scenario, lanes: [...echoes, ...chats, ...again] }
        : { scenario, lanes: ['net-echo', 'grpc-echo', ...chats], placements: oneCore };
    case 'sends': {
      const lanes = [...chats, 'sockets-framed-again', 'sockets-framed-sqlite'];
      return scenario === 'sends-64'
        ? { scenario, lanes }
        : { scenario, lanes, placements: oneCore };
    }
    case 'set-up':
    case 'op-suite':
    case 'registers':
      return scenario === 'set-up' || scenario === 'op-suite' || scenario === 'registers-100'
        ? { scenario, lanes: ['net-echo', 'sockets-seed', ...chats, 'sockets-framed-again'] }
        : { scenario, lanes: chats, placements: oneCore };
    case 'idle':
      return { scenario, lanes: ['net-echo', ...chats], placements: oneCore };
    default:
      return { scenario, lanes: chats, placements: oneCore };
  }
}

/** The presets, by name. */
export const presets = { quick, core, full } as const;
