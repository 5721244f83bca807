/** The folders whose files are counted: those of the transports and of the chat behind them. */
export const countedFolders: readonly string[] = [
  'packages/core',
  'packages/chat',
  'packages/identity',
  'packages/tls',
  'packages/socket-*',
  'packages/grpc-*',
  'protos',
];

/** Files in them that are not source code, or are not counted. */
export const uncountedFiles: readonly string[] = [
  '**/package.json',
  'protos/buf.yaml',
  // A database of an earlier version.
  '**/fixtures/*.sql',
  // A client like that of 2023, for a test that needs Python.
  'packages/grpc-server/test/python/*.py',
];

/** One of the two transports. */
export type Transport = 'sockets' | 'grpc';

/**
 * The part that code belongs to. Guards protect a server from clients: they limit, pace and end. Both sides
 * need the contract; the last three are not needed to run.
 */
type Part = 'client' | 'server' | 'guards' | 'contract' | 'chat' | 'generated' | 'tools' | 'tests';

/** A mode of a transport; `discovery` is health and reflection. */
export type Mode = 'framed' | 'seed' | 'converse' | 'unary' | 'discovery';

/** The purpose of code. */
export interface Role {
  /** Unique; `transport/part` or `transport/part/mode`. */
  readonly id: string;
  readonly title: string;
  /** `both`: code that the two share. */
  readonly transport: Transport | 'both';
  readonly part: Part;
  /** The one mode of the transport that needs it; undefined where each of them does. */
  readonly mode?: Mode;
  /**
   * Folders, or single files, from the root of the repository. A file has the role that names the
   * deepest of the folders that it is in. Those of tests are folders of packages: tests stand beside
   * the source, too.
   */
  readonly folders: readonly string[];
}

/** All roles, in the order of the report. Each counted file has exactly one; a test says so. */
export const roles: readonly Role[] = [
  {
    id: 'sockets/client',
    title: 'client',
    transport: 'sockets',
    part: 'client',
    mode: 'framed',
    folders: ['packages/socket-client/src'],
  },
  {
    id: 'sockets/server',
    title: 'server',
    transport: 'sockets',
    part: 'server',
    folders: ['packages/socket-server/src'],
  },
  {
    id: 'sockets/server/framed',
    title: 'server, framed dialect',
    transport: 'sockets',
    part: 'server',
    mode: 'framed',
    folders: ['packages/socket-server/src/framed-wire.ts'],
  },
  {
    id: 'sockets/server/seed',
    title: 'server, seed dialect',
    transport: 'sockets',
    part: 'server',
    mode: 'seed',
    folders: ['packages/socket-server/src/seed-wire.ts'],
  },
  // Core has both dialects since it is where codecs live, but only sockets have text to take apart and
  // bytes to put together: proto-loader does both for gRPC.
  {
    id: 'sockets/contract',
    title: 'contract, content',
    transport: 'sockets',
    part: 'contract',
    folders: ['packages/core/src/dialects'],
  },
  {
    id: 'sockets/contract/framed',
    title: 'contract, framed codec',
    transport: 'sockets',
    part: 'contract',
    mode: 'framed',
    folders: ['packages/core/src/dialects/framed'],
  },
  {
    id: 'sockets/contract/seed',
    title: 'contract, seed codec',
    transport: 'sockets',
    part: 'contract',
    mode: 'seed',
    folders: ['packages/core/src/dialects/seed'],
  },
  {
    id: 'grpc/client',
    title: 'client',
    transport: 'grpc',
    part: 'client',
    // The server needs a part of the watch, too.
    folders: [
      'packages/grpc-client/src',
      'packages/tls/src/client/probe.ts',
      'packages/tls/src/reset-watch.ts',
    ],
  },
  {
    id: 'grpc/client/converse',
    title: 'client, Converse',
    transport: 'grpc',
    part: 'client',
    mode: 'converse',
    folders: ['packages/grpc-client/src/converse'],
  },
  {
    id: 'grpc/client/unary',
    title: 'client, unary calls',
    transport: 'grpc',
    part: 'client',
    mode: 'unary',
    folders: ['packages/grpc-client/src/unary'],
  },
  {
    id: 'grpc/server',
    title: 'server',
    transport: 'grpc',
    part: 'server',
    folders: ['packages/grpc-server/src'],
  },
  // The socket server has no file of its own for these: what HTTP/2 permits, a socket does not.
  {
    id: 'grpc/guards',
    title: 'server, guards',
    transport: 'grpc',
    part: 'guards',
    folders: [
      'packages/grpc-server/src/calls/call-allowance.ts',
      'packages/grpc-server/src/calls/call-input.ts',
      'packages/grpc-server/src/calls/open-call.ts',
      'packages/grpc-server/src/calls/turn-count.ts',
      'packages/grpc-server/src/connections/call-gate.ts',
      'packages/grpc-server/src/connections/flood.ts',
      'packages/grpc-server/src/connections/flood-watch.ts',
      'packages/grpc-server/src/connections/http2-server.ts',
      'packages/grpc-server/src/connections/paced-socket.ts',
      'packages/grpc-server/src/connections/pending-responses.ts',
    ],
  },
  {
    id: 'grpc/server/converse',
    title: 'server, Converse',
    transport: 'grpc',
    part: 'server',
    mode: 'converse',
    folders: ['packages/grpc-server/src/converse'],
  },
  {
    id: 'grpc/server/unary',
    title: 'server, unary calls',
    transport: 'grpc',
    part: 'server',
    mode: 'unary',
    folders: ['packages/grpc-server/src/unary'],
  },
  {
    id: 'grpc/server/discovery',
    title: 'server, discovery',
    transport: 'grpc',
    part: 'server',
    mode: 'discovery',
    folders: ['packages/grpc-server/src/discovery'],
  },
  {
    id: 'grpc/contract',
    title: 'contract',
    transport: 'grpc',
    part: 'contract',
    folders: ['protos/messageservice.proto', 'protos/src'],
  },
  {
    id: 'both/client',
    title: 'clients',
    transport: 'both',
    part: 'client',
    folders: ['packages/core/src/client', 'packages/tls/src/client'],
  },
  {
    id: 'both/server',
    title: 'TLS of servers, certificates',
    transport: 'both',
    part: 'server',
    folders: ['packages/tls/src'],
  },
  {
    id: 'both/guards',
    title: 'guards of servers',
    transport: 'both',
    part: 'guards',
    folders: ['packages/core/src/server'],
  },
  {
    id: 'both/contract',
    title: 'rules of the chat',
    transport: 'both',
    part: 'contract',
    folders: ['packages/core/src', 'packages/core/src/server/log.ts'],
  },
  {
    id: 'both/chat',
    title: 'chat and stores',
    transport: 'both',
    part: 'chat',
    folders: ['packages/chat/src', 'packages/identity/src'],
  },
  {
    id: 'grpc/generated',
    title: 'generated types',
    transport: 'grpc',
    part: 'generated',
    folders: ['protos/src/generated'],
  },
  {
    id: 'grpc/tools',
    title: 'generator and checks',
    transport: 'grpc',
    part: 'tools',
    folders: ['protos/scripts', 'protos/compatibility'],
  },
  {
    id: 'both/tests',
    title: 'tests',
    transport: 'both',
    part: 'tests',
    folders: ['packages/core', 'packages/chat', 'packages/identity', 'packages/tls'],
  },
  {
    id: 'sockets/tests',
    title: 'tests',
    transport: 'sockets',
    part: 'tests',
    folders: ['packages/socket-client', 'packages/socket-server'],
  },
  {
    id: 'grpc/tests',
    title: 'tests',
    transport: 'grpc',
    part: 'tests',
    folders: ['packages/grpc-client', 'packages/grpc-server', 'protos'],
  },
];
