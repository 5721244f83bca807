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
const perSecond = (name: string, unit = '1/s'): Metric => {
  return { name, title: `most ${name}`, unit, better: 'higher' };
};
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
    ? 'its protocol has no way to tell which response belongs to which request, so it cannot pipeline'
    : undefined;

interface ScenarioData extends Pick<ScenarioModel, 'values'> {
  readonly name: string;
  readonly parameters: ReportScenario['parameters'];
  readonly metrics: readonly Metric[];
  readonly notFor?: ScenarioModel['notFor'];
}

/** A scenario as the lab has it. Its family is its name without its point, as in `throughput-64`. */
function modelOf({ name, parameters, metrics, notFor, values }: ScenarioData): ScenarioModel {
  const family = name.replace(/-(\d.*|cold|full|resumed|constant.*|poisson.*)$/, '');
  const words = { title: `Title of ${name}`, question: `What does ${name} give?` };
  return {
    scenario: { name, family, ...words, parameters, metrics: [...metrics] },
    notFor: notFor ?? (() => undefined),
    values,
  };
}

function setUp(cold: boolean): ScenarioModel {
  const times = cold ? 4.2 : 1;
  return modelOf({
    name: cold ? 'set-up-cold' : 'set-up',
    parameters: { connections: cold ? 1 : 50 },
    metrics: [
      us('total', 'from nothing to the first response'),
      us('connect', 'until TCP is up'),
      us('handshake', 'until a request can be made'),
      us('first-response', 'until the first response'),
    ],
    notFor: needsWire,
    values: ({ setUpUs: [connect, handshake, answer] }) => ({
      connect: connect * times,
      handshake: handshake * times,
      'first-response': answer * times,
      total: (connect + handshake + answer) * times,
    }),
  });
}

function handshake(kind: 'full' | 'resumed'): ScenarioModel {
  const times = kind === 'full' ? 2 : 1.4;
  return modelOf({
    name: `handshake-${kind}`,
    parameters: { handshake: kind },
    metrics: [
      us('total', 'from nothing to the first response'),
      us('handshake', 'until a request can be made'),
      ...cpu,
    ],
    notFor: needsWire,
    values: (model) => {
      const [connect, agreed, answer] = model.setUpUs;
      return {
        total: (connect + agreed + answer) * times,
        handshake: agreed * times,
        ...cpuOf(model, 10 * times),
      };
    },
  });
}

const opSuite = modelOf({
  name: 'op-suite',
  parameters: { operations: 14 },
  metrics: [us('time', 'time of the suite'), ...cpu],
  notFor: needsChat,
  values: (model, latencyUs) => ({ time: latencyUs * 14 + 40, ...cpuOf(model, 14) }),
});

const registers = modelOf({
  name: 'registers-100',
  parameters: { registers: 100 },
  metrics: [
    us('total', 'all 100'),
    us('first', 'the first on a fresh connection'),
    us('rest-p50', 'median of the other 99'),
    us('rest-p99', '99th percentile of the other 99'),
    ...cpu,
  ],
  notFor: needsChat,
  values: (model, latencyUs) => ({
    total: latencyUs * 111,
    first: latencyUs * 6,
    'rest-p50': latencyUs * 1.05,
    'rest-p99': latencyUs * 2.3,
    ...cpuOf(model, 1),
  }),
});

const registersPipelined = modelOf({
  name: 'registers-100-pipelined',
  parameters: { registers: 100 },
  metrics: [us('total', 'all 100'), ...cpu],
  notFor: (model) => needsChat(model) ?? needsDepth(100)(model),
  values: (model, latencyUs) => ({
    total: latencyUs * 4 + model.saturatedUs * 100,
    ...cpuOf(model, model.saturatedUs / latencyUs),
  }),
});

const latency = modelOf({
  name: 'latency-1',
  parameters: { depth: 1, operation: 'search' },
  metrics: [...latencies, ...cpu],
  values: (model, latencyUs) => ({ ...latenciesOf(latencyUs), ...cpuOf(model, 1) }),
});

function throughput(depth: number): ScenarioModel {
  return modelOf({
    name: `throughput-${depth}`,
    parameters: { depth, operation: 'search' },
    metrics: [perSecond('throughput'), ...latencies, ...cpu],
    notFor: needsDepth(depth),
    values: (model, latencyUs) => {
      const each = model.saturatedUs + Math.max(0, latencyUs - model.saturatedUs) / depth;
      return {
        throughput: 1e6 / each,
        ...latenciesOf(each * depth),
        ...cpuOf(model, model.saturatedUs / latencyUs),
      };
    },
  });
}

function openLoop(arrivals: 'constant' | 'poisson', ratePerSecond: number): ScenarioModel {
  const percentiles = ['p50', 'p99', 'p999'] as const;
  return modelOf({
    name: `open-loop-${arrivals}-${ratePerSecond}`,
    parameters: { arrivals, ratePerSecond },
    metrics: [
      ...percentiles.map((name) => us(`corrected-${name}`, `${name}, from the intended time`)),
      ...percentiles.map((name) => us(`uncorrected-${name}`, `${name}, from the actual time`)),
    ],
    notFor: (model) =>
      model.wire ? needsDepth(2)(model) : 'client and server are one process here',
    values: ({ saturatedUs }, latencyUs) => {
      const load = Math.min(0.97, (saturatedUs * ratePerSecond) / 1e6);
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
  });
}

const delivery = modelOf({
  name: 'delivery',
  parameters: { depth: 1, bodyChars: 32 },
  metrics: [...latencies, ...cpu],
  notFor: needsChat,
  values: (model, latencyUs) => ({ ...latenciesOf(latencyUs * 0.93), ...cpuOf(model, 1.2) }),
});

const deliveryPairs = modelOf({
  name: 'delivery-pairs-200x1',
  parameters: { pairs: 200, window: 1, bodyChars: 32 },
  metrics: [perSecond('throughput'), ...latencies, ...cpu],
  notFor: needsChat,
  values: (model, latencyUs) => ({
    throughput: 1e6 / model.saturatedUs,
    ...latenciesOf(latencyUs * 150),
    ...cpuOf(model, 1.3),
  }),
});

function fanOut(recipients: number): ScenarioModel {
  return modelOf({
    name: `fan-out-${recipients}`,
    parameters: { recipients, bodyChars: 32 },
    metrics: [
      us('total', 'until all have arrived'),
      perSecond('throughput'),
      us('p50', 'median, from a send to its arrival'),
      us('p99', '99th percentile'),
      ...cpu.map((metric) => ({ ...metric, unit: 'us/message' })),
    ],
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
  });
}

const searchMillion = modelOf({
  name: 'search-million',
  parameters: { accounts: 1_000_000 },
  metrics: [
    us('exact', 'one name'),
    us('scan', 'a query that looks at every name'),
    us('delay-scans', 'largest delay of another client'),
  ],
  notFor: (model) => needsChat(model) ?? needsWire(model),
  values: (_model, latencyUs) => ({
    exact: latencyUs * 1.1,
    scan: 180_000 + latencyUs,
    'delay-scans': 7_000 + latencyUs * 9,
  }),
});

const startUp = modelOf({
  name: 'start-up',
  parameters: { processes: 1 },
  metrics: [us('serve', 'a server'), us('chat', 'a chat')],
  notFor: (model) => needsChat(model) ?? needsWire(model),
  values: (_model, latencyUs) => ({
    serve: 80_000 + latencyUs * 100,
    chat: 65_000 + latencyUs * 100,
  }),
});

function idle(connections: number): ScenarioModel {
  return modelOf({
    name: `idle-${connections}`,
    parameters: { connections },
    metrics: [
      { name: 'resident-bytes', title: 'resident memory', unit: 'bytes', better: 'lower' },
      { name: 'used-bytes', title: 'heap and buffers', unit: 'bytes', better: 'lower' },
      { name: 'cpu', title: 'CPU of the server for all', unit: 'us/s', better: 'lower' },
    ],
    notFor: needsWire,
    values: ({ idleBytes }) => ({
      'resident-bytes': idleBytes * 2.3 + 900_000 / connections,
      'used-bytes': idleBytes + 40_000 / connections,
      cpu: 90 + 0.4 * connections,
    }),
  });
}

const body = (bodyChars: number) => sizes('body', { bodyChars }, bodyChars);
const payload = (payloadBytes: number) => ({
  ...sizes('payload', { payloadBytes }, payloadBytes),
  notFor: needsChat,
});

function sizes(family: string, size: Record<string, number>, length: number): ScenarioModel {
  return modelOf({
    name: `${family}-${length}`,
    parameters: { depth: 1, ...size },
    metrics: [...latencies, ...cpu],
    values: (model, latencyUs) => ({
      ...latenciesOf(latencyUs * 1.12 + length * 0.004),
      ...cpuOf(model, 1.1),
    }),
  });
}

const sends = (count: number) => crowd(`sends-${count}`, count);
const nodes = (count: number) => crowd(`nodes-${count}`, 64, { nodes: count });
const connections = (count: number) => crowd(`connections-${count}`, count);

function crowd(name: string, connections: number, more = {}): ScenarioModel {
  return modelOf({
    name,
    parameters: { ...more, connections },
    metrics: [perSecond('throughput'), ...latencies, ...cpu],
    notFor: needsChat,
    values: (model, latencyUs) => {
      const each = model.saturatedUs * 1.6 + latencyUs / connections;
      return {
        throughput: 1e6 / each,
        ...latenciesOf(each * connections),
        ...cpuOf(model, (1.6 * model.saturatedUs) / latencyUs),
      };
    },
  });
}

function bulk(payloadBytes: number): ScenarioModel {
  return modelOf({
    name: `bulk-${payloadBytes}`,
    parameters: { payloadBytes },
    metrics: [perSecond('bytes-per-second', 'bytes/s')],
    notFor: needsChat,
    values: ({ saturatedUs }) => ({
      'bytes-per-second': (1e6 * payloadBytes) / (saturatedUs + payloadBytes / 300),
    }),
  });
}

const rates = [500, 2_000, 8_000, 32_000];
const loadCurve = modelOf({
  name: 'load-curve',
  parameters: { ratesPerSecond: rates.join(' ') },
  metrics: [
    perSecond('knee'),
    ...rates.flatMap((rate) =>
      ['p50', 'mean', 'p99'].map((name) => us(`${name}-at-${rate}`, `${name} at ${rate}`)),
    ),
  ],
  notFor: needsChat,
  values: ({ saturatedUs }, latencyUs) => {
    const kept = rates.filter((rate) => rate * saturatedUs < 0.8e6);
    const figures = kept.flatMap((rate) => {
      const { p50, mean, p99 } = latenciesOf(latencyUs / (1 - (rate * saturatedUs) / 1e6));
      return Object.entries({ p50, mean, p99 }).map(
        ([name, value]) => [`${name}-at-${rate}`, value] as const,
      );
    });
    return { knee: kept.at(-1) ?? rates[0] ?? 0, ...Object.fromEntries(figures) };
  },
});

function roundTrip(roundTripMs: number): ScenarioModel {
  return modelOf({
    name: `round-trip-${roundTripMs}ms`,
    parameters: { roundTripMs, longResponseBytes: 204_000 },
    metrics: [
      us('short', 'one short request'),
      us('short-mean', 'one short request, mean'),
      perSecond('throughput'),
      us('long-response', 'a long response'),
    ],
    notFor: (model) => needsWire(model) ?? needsDepth(2)(model),
    values: (model, latencyUs) => {
      const shortUs = latencyUs + roundTripMs * 1_000;
      return {
        short: shortUs,
        'short-mean': shortUs * 1.02,
        throughput: 1e6 / (model.saturatedUs + shortUs / 64),
        'long-response': shortUs * 4,
      };
    },
  });
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
