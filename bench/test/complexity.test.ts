import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { measureLeaning } from '../src/complexity/leaning/leaning.ts';

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
