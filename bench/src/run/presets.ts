import { ladderNames, otherNames } from '../lanes/index.ts';
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
const streams = ['sockets-framed', 'grpc-converse'];
const oneCore = ['same-core'] as const;
const twoCores = ['different-cores'] as const;
const tuned = ['net-echo-tuned', 'grpc-echo-tuned', 'grpc-stream-echo-tuned'];
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
  summary: 'the core of the comparison, six rounds, about six minutes',
  rounds: citableRoundsMin,
  measureMs: 200,
  warmUpMsMax: 5_000,
  warmUpOperationsMin: 30_000,
  placements: ['same-core', 'different-cores'],
  questions: [
    { scenario: 'set-up', lanes: chats, placements: oneCore },
    { scenario: 'op-suite', lanes: chats, placements: oneCore },
    { scenario: 'registers-100', lanes: chats, placements: oneCore },
    { scenario: 'latency-1', lanes: ['net-echo', 'sockets-framed-again', ...chats] },
    { scenario: 'throughput-64', lanes: ['net-echo', ...chats] },
  ],
  wireTls: false,
};

const full: Preset = {
  name: 'full',
  summary: 'every scenario and every lane, with the controls; it says beforehand how long it takes',
  rounds: citableRoundsMin,
  measureMs: 300,
  warmUpMsMax: 5_000,
  warmUpOperationsMin: 30_000,
  placements: ['same-core', 'different-cores'],
  questions: scenarios.map(({ name, family }) => fullQuestion(name, family)),
  wireTls: true,
};

// Latency climbs the whole ladder in both placements. Elsewhere a step that only explains another is
// left out, and so is the placement that only repeats the other, or the run would take hours:
// `--lanes` and `--placement` ask any lane anything anywhere.
function fullQuestion(scenario: string, family: string): PresetQuestion {
  const onOneCore = (...lanes: string[]) => ({ scenario, lanes, placements: oneCore });
  switch (family) {
    case 'latency':
      return {
        scenario,
        lanes: [
          ...ladderNames,
          ...otherNames,
          ...tuned,
          'grpc-stream-echo',
          ...again,
          'net-echo-delayed',
        ],
      };
    // What a search takes from others is the server's to take, and not that of a client on its core.
    case 'search-million':
      return { scenario, lanes: streams, placements: twoCores };
    case 'throughput':
      if (scenario !== 'throughput-64') return onOneCore('net-echo', ...chats);
      return {
        scenario,
        lanes: [
          'net-echo',
          'grpc-echo',
          'grpc-stream-echo',
          ...tuned,
          'framed-protobuf',
          'ws-echo',
          'connect-echo',
          'connect-echo-grpc',
          ...chats,
          ...again,
        ],
      };
    case 'connections':
      return onOneCore(
        'net-echo',
        'net-echo-tuned',
        'ws-echo',
        'http1-json',
        'grpc-echo',
        ...chats,
      );
    case 'load-curve':
      return onOneCore('net-echo-tuned', 'ws-echo', 'http1-json', 'grpc-echo', ...chats);
    case 'payload':
      return onOneCore('net-echo', ...otherNames, 'http2-echo', 'grpc-echo', 'grpc-stream-echo');
    case 'bulk':
      return onOneCore(
        'net-echo',
        'ws-echo',
        'connect-echo',
        'http2-echo',
        'grpc-echo',
        'grpc-stream-echo',
      );
    case 'idle':
      if (scenario === 'idle-1000') return onOneCore('net-echo', ...chats);
      return onOneCore('net-echo', 'sockets-framed');
  }
  switch (scenario) {
    case 'set-up':
      return onOneCore('net-echo', ...chats);
    case 'op-suite':
    case 'registers-100':
      return onOneCore('sockets-seed', ...chats);
    case 'sends-1':
      return onOneCore('sockets-framed', 'sockets-framed-sqlite');
    case 'sends-64':
      return {
        scenario,
        lanes: ['sockets-framed', 'sockets-framed-again', 'sockets-framed-sqlite'],
      };
    case 'fan-out-100':
    case 'round-trip-0ms':
      return onOneCore('sockets-framed');
  }
  return onOneCore(...chats);
}

/** The presets, by name. */
export const presets = { quick, core, full } as const;
