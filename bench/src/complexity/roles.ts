/** The folders whose files are counted: what a transport or the chat behind it is made of. */
export const countedFolders: readonly string[] = [
  'packages/core',
  'packages/chat',
  'packages/socket-*',
  'packages/grpc-*',
  'protos',
];

/** Files in them that are no source code, or none that is counted. */
export const uncountedFiles: readonly string[] = [
  '**/package.json',
  'protos/buf.yaml',
  // A database as an earlier version left it.
  '**/fixtures/*.sql',
  // A client of 2023's kind: a test that needs Python.
  'packages/grpc-server/test/python/*.py',
];

export type Transport = 'sockets' | 'grpc';

/** What both sides need is the contract. The last three are not needed to run. */
type Part = 'client' | 'server' | 'contract' | 'chat' | 'generated' | 'tools' | 'tests';

/** One of the ways in which a transport can be spoken; `discovery` is health and reflection beside. */
export type Mode = 'framed' | 'seed' | 'converse' | 'unary' | 'discovery';

/** What code is for. */
export interface Role {
  /** Unique; `transport/part` or `transport/part/mode`. */
  readonly id: string;
  readonly title: string;
  /** `both`: what the two share. */
  readonly transport: Transport | 'both';
  readonly part: Part;
  /** The one mode of the transport that needs it; absent where each of them does. */
  readonly mode?: Mode;
  /** Globs of its files, from the root of the repository. */
  readonly files: readonly string[];
  /** Globs of files that are not its, though `files` names them. */
  readonly except?: readonly string[];
}

const tests = ['**/*.test.ts', '**/test/**', '**/bench/**'];

const socketServerSeed = ['packages/socket-server/src/seed-dialect.ts'];
const socketServerFramed = ['packages/socket-server/src/framed-dialect.ts'];

// Core has them since it is where codecs live, but only sockets have text to take apart and bytes
// to put together: proto-loader does both for gRPC.
const socketContract = ['packages/core/src/dialects/content.ts'];
const framedContract = ['packages/core/src/dialects/framed/**'];
const seedContract = ['packages/core/src/dialects/seed/**'];

const grpcServerConverse = ['packages/grpc-server/src/converse/**'];
const grpcServerUnary = ['packages/grpc-server/src/unary/**'];
const grpcServerDiscovery = ['packages/grpc-server/src/discovery/**'];
const grpcClientConverse = ['packages/grpc-client/src/converse/**'];
const grpcClientUnary = ['packages/grpc-client/src/unary/**'];

/** Every role, in the order of the report. Each counted file has exactly one; a test says so. */
export const roles: readonly Role[] = [
  {
    id: 'sockets/client',
    title: 'client',
    transport: 'sockets',
    part: 'client',
    mode: 'framed',
    files: ['packages/socket-client/src/**'],
    except: tests,
  },
  {
    id: 'sockets/server',
    title: 'server',
    transport: 'sockets',
    part: 'server',
    files: ['packages/socket-server/src/**'],
    except: [...tests, ...socketServerFramed, ...socketServerSeed],
  },
  {
    id: 'sockets/server/framed',
    title: 'server, framed dialect',
    transport: 'sockets',
    part: 'server',
    mode: 'framed',
    files: socketServerFramed,
  },
  {
    id: 'sockets/server/seed',
    title: 'server, seed dialect',
    transport: 'sockets',
    part: 'server',
    mode: 'seed',
    files: socketServerSeed,
  },
  {
    id: 'sockets/contract',
    title: 'contract, content',
    transport: 'sockets',
    part: 'contract',
    files: socketContract,
  },
  {
    id: 'sockets/contract/framed',
    title: 'contract, framed codec',
    transport: 'sockets',
    part: 'contract',
    mode: 'framed',
    files: framedContract,
    except: tests,
  },
  {
    id: 'sockets/contract/seed',
    title: 'contract, seed codec',
    transport: 'sockets',
    part: 'contract',
    mode: 'seed',
    files: seedContract,
    except: tests,
  },
  {
    id: 'grpc/client',
    title: 'client',
    transport: 'grpc',
    part: 'client',
    files: ['packages/grpc-client/src/**'],
    except: [...tests, ...grpcClientConverse, ...grpcClientUnary],
  },
  {
    id: 'grpc/client/converse',
    title: 'client, Converse',
    transport: 'grpc',
    part: 'client',
    mode: 'converse',
    files: grpcClientConverse,
    except: tests,
  },
  {
    id: 'grpc/client/unary',
    title: 'client, unary calls',
    transport: 'grpc',
    part: 'client',
    mode: 'unary',
    files: grpcClientUnary,
    except: tests,
  },
  {
    id: 'grpc/server',
    title: 'server',
    transport: 'grpc',
    part: 'server',
    files: ['packages/grpc-server/src/**'],
    except: [...tests, ...grpcServerConverse, ...grpcServerUnary, ...grpcServerDiscovery],
  },
  {
    id: 'grpc/server/converse',
    title: 'server, Converse',
    transport: 'grpc',
    part: 'server',
    mode: 'converse',
    files: grpcServerConverse,
    except: tests,
  },
  {
    id: 'grpc/server/unary',
    title: 'server, unary calls',
    transport: 'grpc',
    part: 'server',
    mode: 'unary',
    files: grpcServerUnary,
    except: tests,
  },
  {
    id: 'grpc/server/discovery',
    title: 'server, discovery',
    transport: 'grpc',
    part: 'server',
    mode: 'discovery',
    files: grpcServerDiscovery,
    except: tests,
  },
  {
    id: 'grpc/contract',
    title: 'contract',
    transport: 'grpc',
    part: 'contract',
    files: ['protos/messageservice.proto', 'protos/src/**'],
    except: [...tests, 'protos/src/generated/**'],
  },
  {
    id: 'both/client',
    title: 'clients',
    transport: 'both',
    part: 'client',
    files: ['packages/core/src/client/**'],
    except: tests,
  },
  {
    id: 'both/contract',
    title: 'rules of the chat',
    transport: 'both',
    part: 'contract',
    files: ['packages/core/src/**'],
    except: [
      ...tests,
      ...socketContract,
      ...framedContract,
      ...seedContract,
      'packages/core/src/client/**',
    ],
  },
  {
    id: 'both/chat',
    title: 'chat and stores',
    transport: 'both',
    part: 'chat',
    files: ['packages/chat/src/**'],
    except: tests,
  },
  {
    id: 'grpc/generated',
    title: 'generated types',
    transport: 'grpc',
    part: 'generated',
    files: ['protos/src/generated/**'],
  },
  {
    id: 'grpc/tools',
    title: 'generator and checks',
    transport: 'grpc',
    part: 'tools',
    files: ['protos/scripts/**', 'protos/compatibility/**'],
  },
  {
    id: 'both/tests',
    title: 'tests',
    transport: 'both',
    part: 'tests',
    files: ['packages/{core,chat}/**/*.test.ts', 'packages/{core,chat}/{test,bench}/**'],
  },
  {
    id: 'sockets/tests',
    title: 'tests',
    transport: 'sockets',
    part: 'tests',
    files: ['packages/socket-*/**/*.test.ts', 'packages/socket-*/{test,bench}/**'],
  },
  {
    id: 'grpc/tests',
    title: 'tests',
    transport: 'grpc',
    part: 'tests',
    files: ['{protos,packages/grpc-*}/**/*.test.ts', '{protos,packages/grpc-*}/{test,bench}/**'],
  },
];
