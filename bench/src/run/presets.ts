import { brokerNames, ladderNames, otherNames, relayNames } from '../lanes/index.ts';
import type { Placement } from '../report/schema/report.ts';
import { scenarios } from '../scenarios/index.ts';

/** A named run of the lab. */
export interface Preset {
  readonly name: 'quick' | 'core' | 'full' | 'long';
  /** Its description in the help. */
  readonly summary: string;
  /** The rounds that every cell gets. */
  readonly rounds: number;
  /** The time in which rounds are added; undefined to add none. */
  readonly minutes?: number;
  /** The shortest time that a run measures. */
  readonly measureMs: number;
  /** It goes on until it has so many operations, or for so long. */
  readonly measureOperations: number;
  readonly measureMsMax: number;
  /** The fewest operations of a warm-up, however long they take. */
  readonly warmUpOperationsMin: number;
  /** The longest time that it goes on after them until it is steady. */
  readonly warmUpMsMax: number;
  readonly placements: readonly Placement[];
  /** The scenarios, and the lanes that each measures. */
  readonly questions: readonly PresetQuestion[];
  /** True when the wire ledger also has TLS. */
  readonly wireTls: boolean;
}

/** A scenario and its lanes, by name. */
export interface PresetQuestion {
  readonly scenario: string;
  readonly lanes: readonly string[];
  /** Only these of the run's placements; all of them by default. */
  readonly placements?: readonly Placement[];
  /** Only so many of the preset's rounds; all of them by default. */
  readonly rounds?: number;
}

/** The rounds of cells that a full run only surveys, for a median that one run does not change. */
const surveyRounds = 3;
/** The fewest rounds whose intervals are worth citing. */
export const citableRoundsMin = 6;
/** The half-width of intervals at which a run ends, in per cent. */
export const halfWidthPercentDefault = 5;
/**
 * No cell gets more than so many times the rounds that it was promised. With five times, intervals that
 * were looked at after each round held the truth in too few simulated experiments.
 */
export const roundsMaxFactor = 3;
/** A hundred of so many operations lie beyond their 99th percentile. */
const percentileOperations = 10_000;
/** The longest time to measure; it may end before there are so many operations. */
export const longEnoughMs = 2_000;

/** The smallest settings whose figures may be cited. */
const thorough = {
  rounds: citableRoundsMin,
  measureMs: 300,
  measureOperations: percentileOperations,
  measureMsMax: longEnoughMs,
  warmUpOperationsMin: 30_000,
  warmUpMsMax: 3_000,
} as const;

const chats = ['sockets-framed', 'grpc-unary', 'grpc-converse'];
const batched = 'grpc-converse-batched';
const streams = ['sockets-framed', 'grpc-converse'];
const oneCore = ['same-core'] as const;
const twoCores = ['different-cores'] as const;
// The floors of the three contenders, with which their own code is compared.
const floors = ['net-echo-tuned', 'grpc-echo-tuned', 'grpc-stream-echo-tuned'];
const withoutTuning = ['net-echo', 'grpc-echo', 'grpc-stream-echo'];
const explaining = [
  ...['in-process', 'codec-framed', 'codec-protobuf', 'sockets-seed', 'net-echo-delayed'],
  ...['http2-echo', 'grpc-echo', 'grpc-stream-echo'],
  ...['framed-protobuf', 'ws-echo', 'http1-json'],
];
const overTls = ['net-echo-tls', 'sockets-framed-tls', 'grpc-unary-tls', 'grpc-converse-tls'];
const chatsOverTls = ['sockets-framed-tls', 'grpc-converse-tls'];
const again = ['sockets-framed-again', 'grpc-unary-again'];

const quick: Preset = {
  name: 'quick',
  summary: 'two rounds, one placement, under a minute, not to be cited',
  rounds: 2,
  measureMs: 120,
  measureOperations: 1,
  measureMsMax: 120,
  warmUpOperationsMin: 300,
  warmUpMsMax: 300,
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
  ...thorough,
  name: 'core',
  summary: 'the core of the comparison: six rounds and more, in some six minutes',
  minutes: 5.5,
  placements: ['same-core', 'different-cores'],
  questions: [
    {
      scenario: 'latency-1',
      lanes: ['net-echo', 'sockets-framed-again', ...chats],
      placements: oneCore,
    },
    { scenario: 'throughput-64', lanes: ['sockets-framed-again', ...chats], placements: oneCore },
    { scenario: 'latency-1', lanes: chats, placements: twoCores },
  ],
  wireTls: false,
};

const full: Preset = {
  ...thorough,
  name: 'full',
  summary: 'what the comparison rests on, with the controls; in at most 32 calm minutes',
  // Five more than its rounds take on a calm machine: rounds take longer in a slow hour, and slow ones are made again.
  minutes: 31,
  placements: ['same-core', 'different-cores'],
  questions: [
    surveyed('set-up', ...chats),
    surveyed('set-up-cold', ...chats),
    onOneCore('latency-1', 'net-echo', ...floors, ...chats, 'sockets-framed-again'),
    surveyed('latency-1', ...explaining),
    { scenario: 'latency-1', lanes: chats, placements: twoCores },
    onOneCore('throughput-64', ...floors, ...chats, 'sockets-framed-again'),
    surveyed('throughput-64', ...withoutTuning, 'framed-protobuf', 'ws-echo', batched),
    surveyed('connections-64', ...chats),
    surveyed('load-curve', ...chats),
    ...['sends-1', 'sends-64'].map((scenario) =>
      onOneCore(scenario, 'sockets-framed', 'sockets-framed-sqlite'),
    ),
    surveyed('sends-1', 'grpc-unary', 'grpc-converse'),
    surveyed('idle-1000', 'net-echo', ...chats),
    surveyed('round-trip-50ms', ...chats),
    surveyed('latency-1', ...overTls),
    surveyed('throughput-64', ...overTls),
    surveyed('handshake-full', ...chatsOverTls),
    surveyed('handshake-resumed', ...chatsOverTls),
  ],
  wireTls: true,
};

const long: Preset = {
  ...thorough,
  name: 'long',
  summary: 'every scenario, every lane that says something there; some two hours',
  minutes: 180,
  placements: ['same-core', 'different-cores'],
  questions: scenarios.map(({ name, family }) => longQuestion(name, family)),
  wireTls: true,
};

// Latency climbs the whole ladder in both placements. Elsewhere a step that only explains another is
// left out, and so is the placement that only repeats the other: `--lanes` and `--placement` measure any
// scenario on any lane in any placement.
function onOneCore(scenario: string, ...lanes: string[]): PresetQuestion {
  return { scenario, lanes, placements: oneCore };
}

/** Values without intervals, which explain a conclusion or show its limits. */
function surveyed(scenario: string, ...lanes: string[]): PresetQuestion {
  return { ...onOneCore(scenario, ...lanes), rounds: surveyRounds };
}

function longQuestion(scenario: string, family: string): PresetQuestion {
  switch (family) {
    case 'latency':
      return {
        scenario,
        lanes: [
          ...ladderNames,
          ...otherNames,
          ...floors,
          'grpc-stream-echo',
          ...again,
          ...overTls,
          'net-echo-delayed',
        ],
      };
    // The delays must come from the server's searches, and not from a client on its core.
    case 'search-million':
      return { scenario, lanes: streams, placements: twoCores };
    case 'nodes':
      return onOneCore(scenario, 'sockets-framed-postgres');
    case 'throughput':
      if (scenario !== 'throughput-64') return onOneCore(scenario, 'net-echo', ...chats);
      return {
        scenario,
        lanes: [
          'net-echo',
          'grpc-echo',
          'grpc-stream-echo',
          ...floors,
          'framed-protobuf',
          'ws-echo',
          'connect-echo',
          'connect-echo-grpc',
          ...chats,
          batched,
          ...again,
          ...overTls,
        ],
      };
    // Beside those whom people would pick instead, with the disk and without.
    case 'delivery-pairs':
      return {
        scenario,
        lanes: [...chats, 'sockets-framed-sqlite', ...relayNames, ...brokerNames],
      };
    case 'handshake':
      return onOneCore(scenario, ...overTls);
    case 'connections':
      return onOneCore(
        scenario,
        'net-echo',
        'net-echo-tuned',
        'ws-echo',
        'http1-json',
        'grpc-echo',
        ...chats,
      );
    case 'load-curve':
      return onOneCore(scenario, 'net-echo-tuned', 'ws-echo', 'http1-json', 'grpc-echo', ...chats);
    case 'payload':
      return onOneCore(
        scenario,
        'net-echo',
        ...otherNames,
        'http2-echo',
        'grpc-echo',
        'grpc-stream-echo',
      );
    case 'bulk':
      return onOneCore(
        scenario,
        'net-echo',
        'ws-echo',
        'connect-echo',
        'http2-echo',
        'grpc-echo',
        'grpc-stream-echo',
      );
    case 'idle':
      if (scenario === 'idle-1000') return onOneCore(scenario, 'net-echo', ...chats);
      return onOneCore(scenario, 'net-echo', 'sockets-framed');
  }
  switch (scenario) {
    case 'set-up':
      return onOneCore(scenario, 'net-echo', ...chats);
    case 'op-suite':
    case 'registers-100':
      return onOneCore(scenario, 'sockets-seed', 'grpc-seed', ...chats);
    case 'sends-1':
      return onOneCore(scenario, ...chats, 'sockets-framed-sqlite');
    case 'sends-64':
      return { scenario, lanes: [...chats, 'sockets-framed-again', 'sockets-framed-sqlite'] };
    case 'delivery-nodes':
      return onOneCore(scenario, 'sockets-framed-postgres');
    case 'round-trip-0ms':
      return onOneCore(scenario, 'sockets-framed');
  }
  return onOneCore(scenario, ...chats);
}

/** The presets, by name. */
export const presets = { quick, core, full, long } as const;
