import type { ComplexityReport } from '../src/complexity/index.ts';

type Way = ComplexityReport['ways'][number];
type Size = Omit<Way, 'id' | 'title' | 'transport' | 'roles'>;

const noBranches: Size['branches'] = {
  if: 0,
  loop: 0,
  case: 0,
  catch: 0,
  conditional: 0,
  and: 0,
  or: 0,
  nullish: 0,
  optionalChain: 0,
  defaultValue: 0,
};

/** Size and branching, with figures near to what the script counts, and one file in place of all. */
export function sampleComplexity(): ComplexityReport {
  return {
    files: [
      {
        path: 'packages/socket-client/src/connection.ts',
        role: 'socket-client',
        language: 'typescript',
        ...codeOf(120, 30),
        functions: [{ name: 'receive', line: 40, cyclomatic: 6 }],
      },
    ],
    roles: [
      role('socket-client', 'socket client', 'sockets', 'client', size(5, 310, 62)),
      role('socket-server', 'socket server', 'sockets', 'server', size(9, 720, 170)),
      role('grpc-client', 'gRPC client', 'grpc', 'client', size(11, 690, 149)),
      role('grpc-server', 'gRPC server', 'grpc', 'server', size(17, 1_240, 281)),
    ],
    ways: [
      way('sockets-framed', 'framed', 'sockets', ['socket-client', 'socket-server'], 1_030, 232),
      way('grpc-unary', 'unary', 'grpc', ['grpc-client', 'grpc-server'], 1_480, 331),
      way('grpc-converse', 'Converse', 'grpc', ['grpc-client', 'grpc-server'], 1_190, 254),
    ],
    protocol: [
      {
        title: 'The framed dialect',
        transport: 'sockets',
        mode: 'framed',
        sections: ['6'],
        clauses: 31,
        lines: 140,
      },
      {
        title: 'Over gRPC',
        transport: 'grpc',
        mode: null,
        sections: ['8', '9'],
        clauses: 27,
        lines: 120,
      },
    ],
    leaning: [leaningOf('sockets', 0), leaningOf('grpc', 2_300_000)],
    misassigned: [],
  };
}

function codeOf(lines: number, branchesTotal: number) {
  return {
    lines: { code: lines, comment: Math.round(lines / 5), blank: Math.round(lines / 7) },
    statements: Math.round(lines * 0.7),
    typeDeclarations: 4,
    branches: { ...noBranches, if: branchesTotal },
    branchesOutsideFunctions: 0,
    exportedNames: 6,
    reexportedNames: 0,
  };
}

function size(files: number, lines: number, branchesTotal: number): Size {
  return {
    files,
    ...codeOf(lines, branchesTotal),
    branchesTotal,
    cyclomatic: {
      functions: files * 8,
      sum: branchesTotal + files * 8,
      median: 1,
      p90: 4,
      max: 9,
      maxAt: 'packages/a-sample.ts:12 decode',
      above10: 0,
      histogram: [{ cyclomatic: 1, functions: files * 8 }],
    },
    proto: null,
  };
}

function role(
  id: string,
  title: string,
  transport: 'sockets' | 'grpc',
  part: 'client' | 'server',
  total: Size,
): ComplexityReport['roles'][number] {
  return { id, title, transport, part, mode: null, ...total };
}

function way(
  id: string,
  title: string,
  transport: 'sockets' | 'grpc',
  roles: string[],
  lines: number,
  branchesTotal: number,
): Way {
  return { id, title, transport, roles, ...size(14, lines, branchesTotal) };
}

function leaningOf(
  transport: 'sockets' | 'grpc',
  bytes: number,
): ComplexityReport['leaning'][number] {
  const installed = { files: bytes / 10_000, bytes, lines: bytes / 40 };
  const loaded = { files: bytes / 50_000, bytes: bytes / 4, lines: bytes / 160 };
  const name = '@grpc/grpc-js';
  return {
    transport,
    part: 'client',
    entry: `@tandem/${transport}-client`,
    builtIns: [{ name: 'node:net', importedBy: [`@tandem/${transport}-client`] }],
    packages: bytes === 0 ? [] : [{ name, version: '1.14.7', direct: true, installed, loaded }],
    packagesInstalled: bytes === 0 ? 0 : 1,
    packagesLoaded: bytes === 0 ? 0 : 1,
    installed,
    loaded,
  };
}
