import type { ReportLane } from '../src/report/schema/report.ts';

/** The costs of a lane of the sample, in microseconds, from which its figures are made. */
export interface LaneModel {
  readonly lane: ReportLane;
  /** True if a chat service is behind it. */
  readonly chat: boolean;
  /** True if a wire is between its client and its server. */
  readonly wire: boolean;
  /** One operation with nothing else under way, by placement. */
  readonly sameCoreUs: number;
  readonly differentCoresUs: number;
  /** One operation when there are always more to do. */
  readonly saturatedUs: number;
  readonly clientCpuUs: number;
  readonly serverCpuUs: number;
  /** Set-up of a connection: until connected, until both sides spoke, until the first response. */
  readonly setUpUs: readonly [number, number, number];
  readonly idleBytes: number;
}

const settings = (serialization: string, identity = '-'): Record<string, string> => ({
  noDelay: 'on',
  writes: 'joined within a turn',
  deadlines: '-',
  keepalive: '30 s',
  compression: '-',
  serialization,
  windows: 'the kernel’s',
  identity,
  store: 'memory',
  logging: 'off',
  otherOptions: '-',
});

type Words = readonly [
  name: string,
  title: string,
  kind: ReportLane['kind'],
  serialization: string,
  identity: string,
];

/** The microseconds of an operation. */
type Costs = readonly [
  sameCore: number,
  differentCores: number,
  saturated: number,
  clientCpu: number,
  serverCpu: number,
];

function lane(
  [name, title, kind, serialization, identity]: Words,
  baselines: string[],
  [sameCoreUs, differentCoresUs, saturatedUs, clientCpuUs, serverCpuUs]: Costs,
  more: Pick<LaneModel, 'chat' | 'wire' | 'setUpUs' | 'idleBytes'> & { readonly depthMax?: number },
): LaneModel {
  const { depthMax = null, ...others } = more;
  const description = `The description of ${name}.`;
  return {
    lane: {
      name,
      title,
      kind,
      description,
      baselines,
      depthMax,
      settings: settings(serialization, identity),
    },
    sameCoreUs,
    differentCoresUs,
    saturatedUs,
    clientCpuUs,
    serverCpuUs,
    ...others,
  };
}

const asTheyAre = 'bytes as they are';
const noWire = { wire: false, setUpUs: [0, 0, 0] } as const;
const echo = { chat: false, wire: true } as const;
const chat = { chat: true, wire: true } as const;

const laddered: readonly LaneModel[] = [
  lane(['in-process', 'in-process call', 'control', asTheyAre, '-'], [], [1.6, 1.6, 1.4, 1.6, 0], {
    chat: true,
    ...noWire,
    idleBytes: 420,
  }),
  lane(
    ['codec-framed', 'codec alone, framed', 'control', 'framed', '-'],
    ['in-process'],
    [0.7, 0.7, 0.7, 0.7, 0],
    { chat: false, ...noWire, idleBytes: 0 },
  ),
  lane(
    ['codec-protobuf', 'codec alone, protobuf', 'control', 'protobufjs', '-'],
    ['codec-framed'],
    [2.4, 2.4, 2.3, 2.4, 0],
    { chat: false, ...noWire, idleBytes: 0 },
  ),
  lane(
    ['net-echo', 'bare net echo', 'control', asTheyAre, '-'],
    ['in-process'],
    [23.1, 81.4, 9.6, 11.3, 10.9],
    { ...echo, setUpUs: [163, 12, 58], idleBytes: 2_150 },
  ),
  lane(
    ['sockets-seed', 'sockets, seed dialect', 'sockets', 'unframed', 'the connection'],
    ['net-echo', 'sockets-framed'],
    [27.4, 88.9, 27.4, 13.1, 13.8],
    { ...chat, setUpUs: [165, 3, 71], idleBytes: 4_060, depthMax: 1 },
  ),
  lane(
    ['sockets-framed', 'sockets, framed', 'sockets', 'framed', 'the connection'],
    ['net-echo', 'in-process'],
    [26.2, 89.5, 6.1, 12.6, 13.2],
    { ...chat, setUpUs: [166, 26, 74], idleBytes: 4_210 },
  ),
  lane(
    ['http2-echo', 'bare HTTP/2 request', 'control', asTheyAre, '-'],
    ['net-echo'],
    [66.4, 148.3, 41.5, 33.1, 32.6],
    { ...echo, setUpUs: [171, 640, 310], idleBytes: 31_400 },
  ),
  lane(
    ['grpc-echo', 'bare grpc-js unary echo', 'control', 'protobufjs', '-'],
    ['http2-echo', 'net-echo'],
    [191, 318, 108, 118, 71],
    { ...echo, setUpUs: [190, 2_150, 1_480], idleBytes: 58_900 },
  ),
  lane(
    ['grpc-unary', 'gRPC, unary', 'grpc', 'protobufjs', 'a token in the metadata'],
    ['grpc-echo', 'sockets-framed'],
    [213, 316, 104, 126, 85],
    { ...chat, setUpUs: [192, 2_210, 1_720], idleBytes: 74_300 },
  ),
  lane(
    ['grpc-converse', 'gRPC, one stream (Converse)', 'grpc', 'protobufjs', 'the stream'],
    ['grpc-unary', 'sockets-framed'],
    [92.5, 181, 16.2, 47.9, 43.6],
    { ...chat, setUpUs: [191, 2_190, 1_690], idleBytes: 69_800 },
  ),
];

/** The same under another name: what differs is the noise of the rig. */
function again(name: string): LaneModel[] {
  return laddered
    .filter(({ lane }) => lane.name === name)
    .map(({ lane, ...model }) => ({
      ...model,
      lane: {
        ...lane,
        name: `${name}-again`,
        title: `${lane.title} (again)`,
        kind: 'control',
        baselines: [name],
      },
    }));
}

const delayed = lane(
  ['net-echo-delayed', 'net echo, 50 µs slower', 'control', asTheyAre, '-'],
  ['net-echo'],
  [73.2, 131.6, 73.2, 11.4, 60.8],
  { ...echo, setUpUs: [164, 12, 79], idleBytes: 2_150, depthMax: 1 },
);

/** Every lane, with figures such as a small virtual machine gives. */
export const laneModels: readonly LaneModel[] = [
  ...laddered,
  ...again('sockets-framed'),
  ...again('grpc-unary'),
  delayed,
];
