import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { root } from '../root.ts';
import { assignFiles, rolesOf } from './assignment.ts';
import { type Role, roles, type Transport } from './roles.ts';

const idsOf = (path: string) => rolesOf(path, roles).map(({ id }) => id);

describe('the roles', () => {
  it('claim every file of the packages, each once', async () => {
    const { files, misassigned } = await assignFiles(root, roles);
    expect(misassigned).toEqual([]);
    expect(files.length).toBeGreaterThan(150);
  });

  it('have files, each of them', async () => {
    const { files } = await assignFiles(root, roles);
    const used = new Set(files.map(({ role }) => role.id));
    expect(roles.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([]);
  });

  it('have ids of their own', () => {
    expect(new Set(roles.map(({ id }) => id)).size).toBe(roles.length);
  });

  it.each([
    ['packages/socket-client/src/exchange.ts', ['sockets/client']],
    ['packages/socket-server/src/new-file.ts', ['sockets/server']],
    ['packages/grpc-server/src/connections/call-gate.ts', ['grpc/guards']],
    ['packages/grpc-server/src/connections/connections.ts', ['grpc/server']],
    ['packages/core/src/server/memory-budget.ts', ['both/guards']],
    ['packages/core/src/server/log.ts', ['both/contract']],
    ['packages/socket-server/src/seed-wire.ts', ['sockets/server/seed']],
    ['packages/core/src/dialects/framed/request.ts', ['sockets/contract/framed']],
    ['packages/core/src/dialects/framed/request.test.ts', ['both/tests']],
    ['packages/core/src/new-folder/new-file.ts', ['both/contract']],
    ['packages/grpc-client/src/unary/call.ts', ['grpc/client/unary']],
    ['packages/grpc-client/test/new-file.ts', ['grpc/tests']],
    ['protos/messageservice.proto', ['grpc/contract']],
    ['protos/src/generated/Message.ts', ['grpc/generated']],
    ['protos/compatibility/2023.proto', ['grpc/tools']],
    ['protos/other.proto', []],
    ['packages/socket-server/scripts/new-file.ts', []],
  ])('%s is %j', (path, expected) => {
    expect(idsOf(path)).toEqual(expected);
  });

  // Otherwise code that moves to a shared package would make its one transport look small.
  it('call nothing shared that only one transport needs', async () => {
    const { files } = await assignFiles(root, roles);
    const shared = files.filter(({ path, role }) => role.transport === 'both' && isCode(path));
    const users = await transportsThatNeed(files.filter(({ path }) => isCode(path)));
    const wrong = shared.filter(({ path }) => users(path).size === 1).map(({ path }) => path);
    expect(wrong).toEqual([]);
    expect(users('packages/core/src/dialects/framed/receive-buffer.ts')).toEqual(
      new Set(['sockets']),
    );
  });
});

describe('assignFiles', () => {
  it('leaves out files that are not source, and names those without a role', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'roles-'));
    const paths = [
      ...['protos/a.ts', 'protos/deep/a.ts', 'protos/deep/er/a.ts', 'protos/b.ts', 'protos/c.ts'],
      ...[
        'protos/a.sql',
        'protos/package.json',
        'protos/node_modules/d.ts',
        'protos/.cache/e.ts',
        'elsewhere/f.ts',
      ],
    ];
    for (const path of paths) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), '');
    }
    const role = (id: string, ...folders: string[]): Role => ({
      id,
      title: id,
      transport: 'grpc',
      part: 'contract',
      folders,
    });
    const two = [
      role('first', 'protos/deep', 'protos/a.ts', 'protos/a.sql', 'protos/b.ts'),
      role('second', 'protos/deep/er', 'protos/b.ts'),
    ];
    const { files, misassigned } = await assignFiles(folder, two);
    await rm(folder, { recursive: true });

    expect(files.map(({ path, role }) => [path, role.id])).toEqual([
      ['protos/a.ts', 'first'],
      ['protos/deep/a.ts', 'first'],
      ['protos/deep/er/a.ts', 'second'],
    ]);
    expect(misassigned).toEqual([
      // There is no counter for it.
      { path: 'protos/a.sql', roles: ['first'] },
      { path: 'protos/b.ts', roles: ['first', 'second'] },
      { path: 'protos/c.ts', roles: [] },
    ]);
  });
});

type Files = Awaited<ReturnType<typeof assignFiles>>['files'];

function isCode(path: string): boolean {
  return /\/src\/.*(?<!\.test)\.ts$/.test(path);
}

/** Follows the imports of each transport's files, through `index.ts` name by name. */
async function transportsThatNeed(files: Files): Promise<(path: string) => ReadonlySet<Transport>> {
  const modules = new Map<string, Module>();
  for (const { path } of files) modules.set(path, await readModule(path));
  const transports = new Map(files.map(({ path, role }) => [path, role.transport]));
  const users = new Map<string, Set<Transport>>();
  const reach = (path: string, transport: Transport) => {
    const known = users.get(path) ?? new Set();
    // A constant from the other transport's file does not need all that this file imports.
    const borrowed = ![transport, 'both'].includes(transports.get(path) ?? 'both');
    if (known.has(transport) || borrowed) return;
    users.set(path, known.add(transport));
    for (const { from, name } of modules.get(path)?.imports ?? []) {
      const index = indexes[from];
      const target = index === undefined ? from : modules.get(index)?.passedOn.get(name);
      if (target !== undefined) reach(target, transport);
    }
  };
  for (const { path, role } of files) {
    if (role.transport !== 'both' && !path.endsWith('/index.ts')) reach(path, role.transport);
  }
  return (path) => users.get(path) ?? new Set<Transport>();
}

const indexes: Readonly<Record<string, string>> = {
  '@tandem/core': 'packages/core/src/index.ts',
  '@tandem/chat': 'packages/chat/src/index.ts',
  '@tandem/identity': 'packages/identity/src/index.ts',
  '@tandem/tls/server': 'packages/tls/src/server/index.ts',
  '@tandem/tls/client': 'packages/tls/src/client/index.ts',
};

interface Module {
  /** The imports: a path from the root or the name of a package, and the name in it. */
  readonly imports: readonly { readonly from: string; readonly name: string }[];
  /** The file that an exported name comes from. */
  readonly passedOn: ReadonlyMap<string, string>;
}

async function readModule(path: string): Promise<Module> {
  const { module } = parseSync(path, await readFile(join(root, path), 'utf8'));
  const fileOf = (request: string) =>
    request.startsWith('.') ? join(dirname(path), request) : request;
  return {
    imports: module.staticImports.flatMap(({ moduleRequest, entries }) =>
      entries.map(({ importName }) => ({
        from: fileOf(moduleRequest.value),
        name: importName.name ?? '',
      })),
    ),
    passedOn: new Map(
      module.staticExports.flatMap(({ entries }) =>
        entries.map(({ exportName, moduleRequest }) => [
          exportName.name ?? '',
          fileOf(moduleRequest?.value ?? ''),
        ]),
      ),
    ),
  };
}
