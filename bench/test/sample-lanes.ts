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
  /** Set-up of a connection: until connected, until both sides spoke, until the first answer. */
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

type LaneData = Pick<ReportLane, 'name' | 'title' | 'kind' | 'description' | 'baselines'> & {
  readonly depthMax?: number;
  readonly serialization?: string;
  readonly identity?: string;
};

function reported({ depthMax, serialization, identity, ...lane }: LaneData): ReportLane {
  return {
    ...lane,
    depthMax: depthMax ?? null,
    settings: settings(serialization ?? 'bytes as they are', identity),
  };
}

const echo = { chat: false, wire: true } as const;
const chat = { chat: true, wire: true } as const;

const laddered: readonly LaneModel[] = [
  {
    lane: reported({
      name: 'in-process',
      title: 'in-process call',
      kind: 'control',
      description: 'The chat service called directly, without any wire.',
      baselines: [],
    }),
    chat: true,
    wire: false,
    ...{ sameCoreUs: 1.6, differentCoresUs: 1.6, saturatedUs: 1.4 },
    ...{ clientCpuUs: 1.6, serverCpuUs: 0, setUpUs: [0, 0, 0], idleBytes: 420 },
  },
  {
    lane: reported({
      name: 'codec-framed',
      title: 'codec alone, framed',
      kind: 'control',
      description: 'A request and its answer laid out and read again, with no socket.',
      baselines: ['in-process'],
      serialization: 'framed',
    }),
    chat: false,
    wire: false,
    ...{ sameCoreUs: 0.7, differentCoresUs: 0.7, saturatedUs: 0.7 },
    ...{ clientCpuUs: 0.7, serverCpuUs: 0, setUpUs: [0, 0, 0], idleBytes: 0 },
  },
  {
    lane: reported({
      name: 'codec-protobuf',
      title: 'codec alone, protobuf',
      kind: 'control',
      description: 'The same as protobuf messages with their prefix, with no socket.',
      baselines: ['codec-framed'],
      serialization: 'protobufjs',
    }),
    chat: false,
    wire: false,
    ...{ sameCoreUs: 2.4, differentCoresUs: 2.4, saturatedUs: 2.3 },
    ...{ clientCpuUs: 2.4, serverCpuUs: 0, setUpUs: [0, 0, 0], idleBytes: 0 },
  },
  {
    lane: reported({
      name: 'net-echo',
      title: 'bare net echo',
      kind: 'control',
      description: 'A bare socket that answers as many bytes as came.',
      baselines: ['in-process'],
    }),
    ...echo,
    ...{ sameCoreUs: 23.1, differentCoresUs: 81.4, saturatedUs: 9.6 },
    ...{ clientCpuUs: 11.3, serverCpuUs: 10.9, setUpUs: [163, 12, 58], idleBytes: 2_150 },
  },
  {
    lane: reported({
      name: 'sockets-seed',
      title: 'sockets, seed dialect',
      kind: 'sockets',
      description: 'The unframed dialect of 2023, served by our server.',
      baselines: ['net-echo', 'sockets-framed'],
      depthMax: 1,
      serialization: 'unframed',
      identity: 'the connection',
    }),
    ...chat,
    ...{ sameCoreUs: 27.4, differentCoresUs: 88.9, saturatedUs: 27.4 },
    ...{ clientCpuUs: 13.1, serverCpuUs: 13.8, setUpUs: [165, 3, 71], idleBytes: 4_060 },
  },
  {
    lane: reported({
      name: 'sockets-framed',
      title: 'sockets, framed',
      kind: 'sockets',
      description: 'Tandem’s own protocol over TCP.',
      baselines: ['net-echo', 'in-process'],
      serialization: 'framed',
      identity: 'the connection',
    }),
    ...chat,
    ...{ sameCoreUs: 26.2, differentCoresUs: 89.5, saturatedUs: 6.1 },
    ...{ clientCpuUs: 12.6, serverCpuUs: 13.2, setUpUs: [166, 26, 74], idleBytes: 4_210 },
  },
  {
    lane: reported({
      name: 'http2-echo',
      title: 'bare HTTP/2 request',
      kind: 'control',
      description: 'A bare HTTP/2 request that is answered with its body.',
      baselines: ['net-echo'],
    }),
    ...echo,
    ...{ sameCoreUs: 66.4, differentCoresUs: 148.3, saturatedUs: 41.5 },
    ...{ clientCpuUs: 33.1, serverCpuUs: 32.6, setUpUs: [171, 640, 310], idleBytes: 31_400 },
  },
  {
    lane: reported({
      name: 'grpc-echo',
      title: 'bare grpc-js unary echo',
      kind: 'control',
      description: 'A bare grpc-js unary call with default options, answered with its content.',
      baselines: ['http2-echo', 'net-echo'],
      serialization: 'protobufjs',
    }),
    ...echo,
    ...{ sameCoreUs: 191, differentCoresUs: 318, saturatedUs: 108 },
    ...{ clientCpuUs: 118, serverCpuUs: 71, setUpUs: [190, 2_150, 1_480], idleBytes: 58_900 },
  },
  {
    lane: reported({
      name: 'grpc-unary',
      title: 'gRPC, unary',
      kind: 'grpc',
      description: 'One call for each operation.',
      baselines: ['grpc-echo', 'sockets-framed'],
      serialization: 'protobufjs',
      identity: 'a token in the metadata',
    }),
    ...chat,
    ...{ sameCoreUs: 213, differentCoresUs: 316, saturatedUs: 104 },
    ...{ clientCpuUs: 126, serverCpuUs: 85, setUpUs: [192, 2_210, 1_720], idleBytes: 74_300 },
  },
  {
    lane: reported({
      name: 'grpc-converse',
      title: 'gRPC, one stream (Converse)',
      kind: 'grpc',
      description: 'All operations of a session on one bidirectional stream.',
      baselines: ['grpc-unary', 'sockets-framed'],
      serialization: 'protobufjs',
      identity: 'the stream',
    }),
    ...chat,
    ...{ sameCoreUs: 92.5, differentCoresUs: 181, saturatedUs: 16.2 },
    ...{ clientCpuUs: 47.9, serverCpuUs: 43.6, setUpUs: [191, 2_190, 1_690], idleBytes: 69_800 },
  },
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

const delayed: LaneModel = {
  lane: reported({
    name: 'net-echo-delayed',
    title: 'net echo, 50 µs slower',
    kind: 'control',
    description: 'The same, whose server is busy for 50 µs before it answers.',
    baselines: ['net-echo'],
    depthMax: 1,
  }),
  ...echo,
  ...{ sameCoreUs: 73.2, differentCoresUs: 131.6, saturatedUs: 73.2 },
  ...{ clientCpuUs: 11.4, serverCpuUs: 60.8, setUpUs: [164, 12, 79], idleBytes: 2_150 },
};

/** Every lane, with figures such as a small virtual machine gives. */
export const laneModels: readonly LaneModel[] = [
  ...laddered,
  ...again('sockets-framed'),
  ...again('grpc-unary'),
  delayed,
];
