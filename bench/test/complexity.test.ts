import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { complexitySchema, measureComplexity, renderComplexity } from '../src/complexity/index.ts';
import { measureLeaning } from '../src/complexity/leaning/leaning.ts';
import { splitGuards } from '../src/complexity/ways.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

describe('the report of this repository', () => {
  it('is plain data of its schema, and what the terminal shows of it agrees', async () => {
    const report = await measureComplexity(repository);
    expect(complexitySchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.misassigned).toEqual([]);

    const lines = new Map(report.roles.map(({ id, lines }) => [id, lines.code]));
    const sum = (...ids: string[]) =>
      ids.reduce((all, id) => all + (lines.get(id) ?? Number.NaN), 0);
    const ways = new Map(report.ways.map((way) => [way.id, way]));
    expect(ways.get('sockets-framed')?.lines.code).toBe(
      sum(
        ...['sockets/client', 'sockets/server', 'sockets/server/framed'],
        ...['sockets/contract', 'sockets/contract/framed'],
      ),
    );
    expect(ways.get('grpc-converse')?.lines.code).toBe(
      sum(
        ...['grpc/client', 'grpc/client/converse', 'grpc/server', 'grpc/server/converse'],
        ...['grpc/guards', 'grpc/contract'],
      ),
    );
    const split = splitGuards(report, 'grpc-converse');
    expect(split?.guards.lines.code).toBe(lines.get('grpc/guards'));
    expect(split?.rest.lines.code).toBe(
      (ways.get('grpc-converse')?.lines.code ?? 0) - (lines.get('grpc/guards') ?? 0),
    );
    expect(splitGuards(report, 'sockets-framed')?.guards.lines.code).toBe(0);
    expect(report.files.map(({ path }) => path)).toContain('protos/messageservice.proto');

    const leaning = report.leaning.map(({ entry, builtIns, packagesLoaded }) => ({
      entry,
      net: builtIns.find(({ name }) => name === 'node:net')?.importedBy[0],
      http2: builtIns.find(({ name }) => name === 'node:http2')?.importedBy,
      leans: packagesLoaded > 0,
    }));
    expect(leaning[0]).toEqual({
      entry: '@tandem/socket-client',
      net: '@tandem/socket-client',
      http2: undefined,
      leans: false,
    });
    expect(leaning[2]).toEqual({
      entry: '@tandem/grpc-client',
      net: '@tandem/grpc-client',
      http2: ['@grpc/grpc-js'],
      leans: true,
    });

    const text = renderComplexity(report);
    expect(text).toMatch(/@grpc\/grpc-js 1\./);
    expect(text).toContain(String(ways.get('grpc-converse')?.lines.code));
    expect(text).not.toMatch(/NOT COUNTED|NaN|undefined/);
    expect(stripVTControlCharacters(text)).toBe(text);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);

    const misassigned = [
      { path: 'protos/a.proto', roles: [] },
      { path: 'protos/b.proto', roles: ['one', 'two'] },
      { path: 'protos/c.sql', roles: ['one'] },
    ];
    expect(
      renderComplexity({ ...report, misassigned })
        .split('\n')
        .slice(0, 3),
    ).toEqual([
      expect.stringContaining('NOT COUNTED: protos/a.proto has no role'),
      expect.stringContaining('NOT COUNTED: protos/b.proto has roles one, two'),
      expect.stringContaining('NOT COUNTED: protos/c.sql has no counter'),
    ]);
  });
});

describe('what a package leans on', () => {
  let root: string;
  const entry = { transport: 'sockets', part: 'client', folder: 'packages/own' } as const;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'leaning-'));
  });

  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
  }

  const manifest = (name: string, version: string, more: object = {}) =>
    JSON.stringify({ name, version, main: 'index.js', ...more });

  it('is what is installed, and of that what is loaded', async () => {
    await write({
      'packages/own/package.json': manifest('@own/client', '0.1.0', {
        type: 'module',
        // First leads to `second` before the core, which is ours, names it.
        dependencies: { first: '1', '@own/core': '*', typed: '1' },
        optionalDependencies: { absent: '1' },
        devDependencies: { missing: '1' },
      }),
      'packages/own/src/index.ts':
        "import 'node:net';\nimport '@own/core';\nimport 'first';\nimport type { T } from 'typed';\n",
      'packages/core/package.json': manifest('@own/core', '0.1.0', {
        type: 'module',
        main: 'index.ts',
        dependencies: { second: '1' },
      }),
      'packages/core/index.ts': "import 'second';\n",
      'packages/own/node_modules/first/package.json': manifest('first', '1.2.3', {
        dependencies: { nested: '1' },
        peerDependencies: { second: '1', nowhere: '1' },
      }),
      'packages/own/node_modules/first/index.js':
        "// first\n\nrequire('http2');\nrequire('nested');\nrequire('./data.json');\n",
      'packages/own/node_modules/first/data.json': '{}',
      'packages/own/node_modules/first/unused.mjs': 'later();\n',
      'packages/own/node_modules/first/node_modules/nested/package.json': manifest(
        'nested',
        '2.0.0',
      ),
      'packages/own/node_modules/first/node_modules/nested/index.js': "require('net');\n",
      'packages/own/node_modules/typed/package.json': manifest('typed', '1.0.0'),
      'packages/own/node_modules/typed/index.js': 'run();\n',
      'node_modules/second/package.json': manifest('second', '3.0.0'),
      'node_modules/second/index.js': '"é";\n',
    });
    await mkdir(join(root, 'packages/own/node_modules/@own'));
    await symlink(join(root, 'packages/core'), join(root, 'packages/own/node_modules/@own/core'));

    const { packages, builtIns, ...rest } = await measureLeaning(root, entry);
    const none = { files: 0, bytes: 0, lines: 0 };
    expect(packages).toEqual([
      {
        name: 'first',
        version: '1.2.3',
        direct: true,
        installed: { files: 2, bytes: 80, lines: 5 },
        loaded: { files: 1, bytes: 71, lines: 4 },
      },
      {
        name: 'nested',
        version: '2.0.0',
        direct: false,
        installed: { files: 1, bytes: 16, lines: 1 },
        loaded: { files: 1, bytes: 16, lines: 1 },
      },
      {
        name: 'second',
        version: '3.0.0',
        direct: true,
        installed: { files: 1, bytes: 6, lines: 1 },
        loaded: { files: 1, bytes: 6, lines: 1 },
      },
      {
        name: 'typed',
        version: '1.0.0',
        direct: true,
        installed: { files: 1, bytes: 7, lines: 1 },
        loaded: none,
      },
    ]);
    expect(builtIns).toEqual([
      { name: 'node:http2', importedBy: ['first'] },
      { name: 'node:net', importedBy: ['@own/client', 'nested'] },
    ]);
    expect(rest).toEqual({
      transport: 'sockets',
      part: 'client',
      entry: '@own/client',
      packagesInstalled: 4,
      packagesLoaded: 3,
      installed: { files: 5, bytes: 109, lines: 8 },
      loaded: { files: 3, bytes: 93, lines: 6 },
    });
  });

  it('cannot be said when it is not installed', async () => {
    await write({
      'packages/own/package.json': manifest('@own/client', '0.1.0', {
        dependencies: { gone: '1' },
      }),
      'packages/own/src/index.ts': 'export {};\n',
    });
    await expect(measureLeaning(root, entry)).rejects.toThrow(
      '@own/client needs gone, which is not installed',
    );
  });
});
