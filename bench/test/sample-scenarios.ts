import type { ReportScenario } from '../src/report/schema/report.ts';
import type { LaneModel } from './sample-lanes.ts';

/** A scenario of the sample, and what it would find of a lane on a machine without noise. */
export interface ScenarioModel {
  readonly scenario: ReportScenario;
  notFor(model: LaneModel): string | undefined;
  /** `latencyUs` is the lane's own at the placement in question. */
  values(model: LaneModel, latencyUs: number): Record<string, number>;
}

type Metric = ReportScenario['metrics'][number];

const us = (name: string, title: string): Metric => ({ name, title, unit: 'us', better: 'lower' });
const cpu: readonly Metric[] = [
  { name: 'client-cpu', title: 'CPU of the client', unit: 'us/operation', better: 'lower' },
  { name: 'server-cpu', title: 'CPU of the server', unit: 'us/operation', better: 'lower' },
];
const latencies: readonly Metric[] = [
  us('p50', 'median latency'),
  us('p90', '90th percentile'),
  us('p99', '99th percentile'),
  us('mean', 'mean latency'),
];
const needsChat = ({ chat }: LaneModel) =>
  chat ? undefined : 'there is no chat service behind it';
const needsWire = ({ wire }: LaneModel) => (wire ? undefined : 'there is no connection to open');
const needsDepth = (depth: number) => (model: LaneModel) =>
  depth > (model.lane.depthMax ?? Number.POSITIVE_INFINITY)
    ? 'its protocol has no way to tell which answer belongs to which request, so it cannot pipeline'
    : undefined;

const setUpMetrics = [
  us('total', 'from nothing to the first response'),
  us('connect', 'until TCP is up'),
  us('handshake', 'until a request can be made'),
  us('first-answer', 'until the first response'),
];

function setUp(cold: boolean): ScenarioModel {
  const times = cold ? 4.2 : 1;
  return {
    scenario: {
      name: cold ? 'set-up-cold' : 'set-up',
      family: 'set-up',
      title: cold ? 'Set-up, first of a process' : 'Set-up of a connection',
      question: `How long until a ${cold ? 'new process' : 'client'} has its first answer?`,
      parameters: { connections: cold ? 1 : 50 },
      metrics: setUpMetrics,
    },
    notFor: needsWire,
    values: ({ setUpUs: [connect, handshake, answer] }) => ({
      connect: connect * times,
      handshake: handshake * times,
      'first-answer': answer * times,
      total: (connect + handshake + answer) * times,
    }),
  };
}

function handshake(kind: 'full' | 'resumed'): ScenarioModel {
  const times = kind === 'full' ? 2 : 1.4;
  return {
    scenario: {
      name: `handshake-${kind}`,
      family: 'handshake',
      title: `Set-up over TLS, ${kind}`,
      question: 'How long until a client over TLS has its first answer?',
      parameters: { handshake: kind },
      metrics: [
        us('total', 'from nothing to the first answer'),
        us('handshake', 'until a request can be made'),
        ...cpu,
      ],
    },
    notFor: needsWire,
    values: (model) => {
      const [connect, agreed, answer] = model.setUpUs;
      return {
        total: (connect + agreed + answer) * times,
        handshake: agreed * times,
        ...cpuOf(model, 10 * times),
      };
    },
  };
}

const opSuite: ScenarioModel = {
  scenario: {
    name: 'op-suite',
    family: 'op-suite',
    title: 'The op suite',
    question: 'How long does one of every operation take?',
    parameters: { operations: 14 },
    metrics: [us('time', 'time of the suite'), ...cpu],
  },
  notFor: needsChat,
  values: (model, latencyUs) => ({ time: latencyUs * 14 + 40, ...cpuOf(model, 14) }),
};

const registers: ScenarioModel = {
  scenario: {
    name: 'registers-100',
    family: 'registers',
    title: '100 registers, one after another',
    question: 'How long do 100 registers take, one after another?',
    parameters: { registers: 100 },
    metrics: [
      us('total', 'all 100'),
      us('first', 'the first on a fresh connection'),
      us('rest-p50', 'median of the other 99'),
      us('rest-p99', '99th percentile of the other 99'),
      ...cpu,
    ],
  },
  notFor: needsChat,
  values: (model, latencyUs) => ({
    total: latencyUs * 111,
    first: latencyUs * 6,
    'rest-p50': latencyUs * 1.05,
    'rest-p99': latencyUs * 2.3,
    ...cpuOf(model, 1),
  }),
};

const registersPipelined: ScenarioModel = {
  scenario: {
    name: 'registers-100-pipelined',
    family: 'registers',
    title: '100 registers, pipelined',
    question: 'How long do 100 registers take when none waits for another?',
    parameters: { registers: 100 },
    metrics: [us('total', 'all 100'), ...cpu],
  },
  notFor: (model) => needsChat(model) ?? needsDepth(100)(model),
  values: (model, latencyUs) => ({
    total: latencyUs * 4 + model.saturatedUs * 100,
    ...cpuOf(model, model.saturatedUs / latencyUs),
  }),
};

const latency: ScenarioModel = {
  scenario: {
    name: 'latency-1',
    family: 'latency',
    title: 'Latency, one at a time',
    question: 'How long does one operation take with nothing else under way?',
    parameters: { depth: 1, operation: 'search' },
    metrics: [...latencies, ...cpu],
  },
  notFor: () => undefined,
  values: (model, latencyUs) => ({ ...latenciesOf(latencyUs), ...cpuOf(model, 1) }),
};

function throughput(depth: number): ScenarioModel {
  return {
    scenario: {
      name: `throughput-${depth}`,
      family: 'throughput',
      title: `Throughput, ${depth} under way`,
      question: `How many operations a second with ${depth} always under way?`,
      parameters: { depth, operation: 'search' },
      metrics: [
        { name: 'throughput', title: 'throughput', unit: '1/s', better: 'higher' },
        ...latencies,
        ...cpu,
      ],
    },
    notFor: needsDepth(depth),
    values: (model, latencyUs) => {
      const each = model.saturatedUs + Math.max(0, latencyUs - model.saturatedUs) / depth;
      return {
        throughput: 1e6 / each,
        ...latenciesOf(each * depth),
        ...cpuOf(model, model.saturatedUs / latencyUs),
      };
    },
  };
}

function openLoop(arrivals: 'constant' | 'poisson', perSecond: number): ScenarioModel {
  const percentiles = ['p50', 'p99', 'p999'] as const;
  return {
    scenario: {
      name: `open-loop-${arrivals}-${perSecond}`,
      family: 'open-loop',
      title: `${arrivals === 'poisson' ? 'Poisson' : 'Constant'} arrivals, ${perSecond}/s`,
      question: `How long does an operation take when ${perSecond} arrive each second, ready or not?`,
      parameters: { arrivals, ratePerSecond: perSecond },
      metrics: [
        ...percentiles.map((name) => us(`corrected-${name}`, `${name}, from the intended time`)),
        ...percentiles.map((name) => us(`uncorrected-${name}`, `${name}, from the actual time`)),
      ],
    },
    notFor: (model) =>
      model.wire ? needsDepth(2)(model) : 'client and server are one process here',
    values: ({ saturatedUs }, latencyUs) => {
      const load = Math.min(0.97, (saturatedUs * perSecond) / 1e6);
      const queued = latencyUs / (1 - load);
      return {
        'corrected-p50': queued,
        'corrected-p99': queued * 3.1,
        'corrected-p999': queued * 6.4,
        'uncorrected-p50': latencyUs,
        'uncorrected-p99': latencyUs * 2.2,
        'uncorrected-p999': latencyUs * 3.9,
      };
    },
  };
}

const delivery: ScenarioModel = {
  scenario: {
    name: 'delivery',
    family: 'delivery',
    title: 'Delivery, from send to receive',
    question: 'How long from the sender’s send until the recipient has the message?',
    parameters: { depth: 1, bodyChars: 32 },
    metrics: [...latencies, ...cpu],
  },
  notFor: needsChat,
  values: (model, latencyUs) => ({ ...latenciesOf(latencyUs * 0.93), ...cpuOf(model, 1.2) }),
};

const deliveryPairs: ScenarioModel = {
  scenario: {
    name: 'delivery-pairs-200x1',
    family: 'delivery-pairs',
    title: '200 pairs, 1 under way each',
    question: 'What does a message cost when 200 senders each keep 1 under way?',
    parameters: { pairs: 200, window: 1, bodyChars: 32 },
    metrics: [
      { name: 'throughput', title: 'messages a second', unit: '1/s', better: 'higher' },
      ...latencies,
      ...cpu,
    ],
  },
  notFor: needsChat,
  values: (model, latencyUs) => ({
    throughput: 1e6 / model.saturatedUs,
    ...latenciesOf(latencyUs * 150),
    ...cpuOf(model, 1.3),
  }),
};

function fanOut(recipients: number): ScenarioModel {
  return {
    scenario: {
      name: `fan-out-${recipients}`,
      family: 'fan-out',
      title: `One sender, recipients: ${recipients}`,
      question: `How long until ${recipients} recipients have a message each?`,
      parameters: { recipients, bodyChars: 32 },
      metrics: [
        us('total', 'until all have arrived'),
        { name: 'throughput', title: 'messages a second', unit: '1/s', better: 'higher' },
        us('p50', 'median, from a send to its arrival'),
        us('p99', '99th percentile'),
        ...cpu.map((metric) => ({ ...metric, unit: 'us/message' })),
      ],
    },
    notFor: needsChat,
    values: (model, latencyUs) => {
      const total = latencyUs + model.saturatedUs * 1.6 * recipients;
      return {
        total,
        throughput: (recipients / total) * 1e6,
        p50: latencyUs + (total - latencyUs) / 2,
        p99: total,
        ...cpuOf(model, 1.4),
      };
    },
  };
}

const searchMillion: ScenarioModel = {
  scenario: {
    name: 'search-million',
    family: 'search-million',
    title: 'Search over a million users',
    question: 'How long does a search over a million users take?',
    parameters: { accounts: 1_000_000 },
    metrics: [
      us('exact', 'one name'),
      us('scan', 'a query that looks at every name'),
      us('delay-scans', 'largest delay of another client'),
    ],
  },
  notFor: (model) => needsChat(model) ?? needsWire(model),
  values: (_model, latencyUs) => ({
    exact: latencyUs * 1.1,
    scan: 180_000 + latencyUs,
    'delay-scans': 7_000 + latencyUs * 9,
  }),
};

const startUp: ScenarioModel = {
  scenario: {
    name: 'start-up',
    family: 'start-up',
    title: 'Start of the command',
    question: 'How long does one wait for the command?',
    parameters: { processes: 1 },
    metrics: [us('serve', 'a server'), us('chat', 'a chat')],
  },
  notFor: (model) => needsChat(model) ?? needsWire(model),
  values: (_model, latencyUs) => ({
    serve: 80_000 + latencyUs * 100,
    chat: 65_000 + latencyUs * 100,
  }),
};

function idle(connections: number): ScenarioModel {
  return {
    scenario: {
      name: `idle-${connections}`,
      family: 'idle',
      title: `Idle connections: ${connections}`,
      question: `What does each of ${connections} idle connections cost the server?`,
      parameters: { connections },
      metrics: [
        { name: 'resident-bytes', title: 'resident memory', unit: 'bytes', better: 'lower' },
        { name: 'used-bytes', title: 'heap and buffers', unit: 'bytes', better: 'lower' },
        { name: 'cpu', title: 'CPU of the server for all', unit: 'us/s', better: 'lower' },
      ],
    },
    notFor: needsWire,
    values: ({ idleBytes }) => ({
      'resident-bytes': idleBytes * 2.3 + 900_000 / connections,
      'used-bytes': idleBytes + 40_000 / connections,
      cpu: 90 + 0.4 * connections,
    }),
  };
}

function body(chars: number): ScenarioModel {
  return {
    scenario: {
      name: `body-${chars}`,
      family: 'body',
      title: `Characters in a message: ${chars}`,
      question: `How long does a send of ${chars} characters take until its answer?`,
      parameters: { depth: 1, bodyChars: chars },
      metrics: [...latencies, ...cpu],
    },
    notFor: () => undefined,
    values: (model, latencyUs) => ({
      ...latenciesOf(latencyUs * 1.12 + chars * 0.004),
      ...cpuOf(model, 1.1),
    }),
  };
}

function sends(connections: number): ScenarioModel {
  return {
    scenario: {
      name: `sends-${connections}`,
      family: 'sends',
      title: `Sends, connections: ${connections}`,
      question: `How many sends a second on ${connections} connections with one under way each?`,
      parameters: { connections, operation: 'send' },
      metrics: [
        { name: 'throughput', title: 'throughput', unit: '1/s', better: 'higher' },
        ...latencies,
        ...cpu,
      ],
    },
    notFor: needsChat,
    values: (model, latencyUs) => {
      const each = model.saturatedUs * 1.6 + latencyUs / connections;
      return {
        throughput: 1e6 / each,
        ...latenciesOf(each * connections),
        ...cpuOf(model, (1.6 * model.saturatedUs) / latencyUs),
      };
    },
  };
}

function nodes(count: number): ScenarioModel {
  const model = sends(64);
  const scenario = {
    ...model.scenario,
    ...{ name: `nodes-${count}`, family: 'nodes', title: `Sends over nodes: ${count}` },
    parameters: { nodes: count, connections: 64 },
  };
  return { ...model, scenario };
}

function connections(count: number): ScenarioModel {
  const model = sends(count);
  return {
    ...model,
    scenario: {
      ...model.scenario,
      ...{ name: `connections-${count}`, family: 'connections', title: `Connections: ${count}` },
      question: `How many searches a second do ${count} connections carry with one each?`,
      parameters: { connections: count },
    },
  };
}

function payload(bytes: number): ScenarioModel {
  const model = body(bytes);
  return {
    ...model,
    scenario: {
      ...model.scenario,
      ...{ name: `payload-${bytes}`, family: 'payload', title: `Bytes of a payload: ${bytes}` },
      question: `How long do ${bytes} bytes take there and back?`,
      parameters: { depth: 1, payloadBytes: bytes },
    },
    notFor: needsChat,
  };
}

function bulk(bytes: number): ScenarioModel {
  return {
    scenario: {
      ...{ name: `bulk-${bytes}`, family: 'bulk', title: `Streaming, bytes: ${bytes}` },
      question: `How many bytes a second go there and back in payloads of ${bytes}?`,
      parameters: { payloadBytes: bytes },
      metrics: [
        { name: 'bytes-per-second', title: 'payload each way', unit: 'bytes/s', better: 'higher' },
      ],
    },
    notFor: needsChat,
    values: ({ saturatedUs }) => ({
      'bytes-per-second': (1e6 * bytes) / (saturatedUs + bytes / 300),
    }),
  };
}

const rates = [500, 2_000, 8_000, 32_000];
const loadCurve: ScenarioModel = {
  scenario: {
    ...{ name: 'load-curve', family: 'load-curve', title: 'Latency against load' },
    question: 'How long do searches take that arrive at rates that double?',
    parameters: { ratesPerSecond: rates.join(' ') },
    metrics: [
      { name: 'knee', title: 'highest rate that is kept', unit: '1/s', better: 'higher' },
      ...rates.flatMap((rate) =>
        ['p50', 'mean', 'p99'].map((name) => us(`${name}-at-${rate}`, `${name} at ${rate}`)),
      ),
    ],
  },
  notFor: needsChat,
  values: ({ saturatedUs }, latencyUs) => {
    const kept = rates.filter((rate) => rate * saturatedUs < 0.8e6);
    return {
      knee: kept.at(-1) ?? rates[0] ?? 0,
      ...Object.fromEntries(
        kept.flatMap((rate) => {
          const { p50, mean, p99 } = latenciesOf(latencyUs / (1 - (rate * saturatedUs) / 1e6));
          return Object.entries({ p50, mean, p99 }).map(([name, value]) => [
            `${name}-at-${rate}`,
            value,
          ]);
        }),
      ),
    };
  },
};

function roundTrip(roundTripMs: number): ScenarioModel {
  const bytes = 204_000;
  return {
    scenario: {
      name: `round-trip-${roundTripMs}ms`,
      family: 'round-trip',
      title: `A line of ${roundTripMs} ms`,
      question: `What does a line that takes ${roundTripMs} ms there and back leave of each transport?`,
      parameters: { roundTripMs, longAnswerBytes: bytes },
      metrics: [
        us('short', 'one short request'),
        us('short-mean', 'one short request, mean'),
        { name: 'throughput', title: 'throughput', unit: '1/s', better: 'higher' },
        us('long-answer', 'a long answer'),
      ],
    },
    notFor: (model) => needsWire(model) ?? needsDepth(2)(model),
    values: (model, latencyUs) => {
      const shortUs = latencyUs + roundTripMs * 1_000;
      const longUs = shortUs * 4;
      return {
        short: shortUs,
        'short-mean': shortUs * 1.02,
        throughput: 1e6 / (model.saturatedUs + shortUs / 64),
        'long-answer': longUs,
      };
    },
  };
}

function latenciesOf(medianUs: number) {
  return { p50: medianUs, p90: medianUs * 1.22, p99: medianUs * 2.4, mean: medianUs * 1.09 };
}

function cpuOf({ clientCpuUs, serverCpuUs, wire }: LaneModel, share: number) {
  return {
    'client-cpu': clientCpuUs * share,
    ...(wire ? { 'server-cpu': serverCpuUs * share } : {}),
  };
}

/** Every scenario of the lab. */
export const scenarioModels: readonly ScenarioModel[] = [
  setUp(true),
  setUp(false),
  handshake('full'),
  handshake('resumed'),
  opSuite,
  registers,
  registersPipelined,
  latency,
  ...[1, 16, 64, 256].map(throughput),
  openLoop('constant', 1_000),
  openLoop('poisson', 1_000),
  openLoop('poisson', 4_000),
  ...[64, 1_000].map(connections),
  loadCurve,
  delivery,
  deliveryPairs,
  ...[100, 1_000].map(fanOut),
  ...[1, 100, 1_000, 10_000].map(idle),
  ...[1, 64, 262].map(body),
  ...[1, 1_048_576].map(payload),
  ...[65_536, 1_048_576].map(bulk),
  ...[1, 64].map(sends),
  ...[1, 2, 3].map(nodes),
  ...[0, 10, 50].map(roundTrip),
  searchMillion,
  startUp,
];
