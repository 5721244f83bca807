// The scripts of all manifests: each says which line it takes, and begins nothing with another one.
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { usageExitCode } from '../src/usage.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The files of ours that scripts run, from the top of the repository. */
const files = globSync(['package.json', '{packages/*,protos,bench}/package.json'], {
  cwd: root,
}).flatMap((manifest) => {
  const { scripts = {} } = JSON.parse(readFileSync(join(root, manifest), 'utf8')) as {
    readonly scripts?: Readonly<Record<string, string>>;
  };
  const lines = Object.values(scripts).join(' ');
  return [...lines.matchAll(/\bnode (\S+\.[jt]s)/g)].map(([, file = '']) =>
    join(dirname(manifest), file),
  );
});

// `pnpm dev` passes its options on to the server, which refuses them again at each change of a source.
const passesOn = ['scripts/dev.ts'];
const asked = [...new Set(files)].filter((file) => !passesOn.includes(file));

it('are found', () => {
  expect(asked.length).toBeGreaterThan(20);
});

// Each where arguments before it are as they should be. The others take none at such a place, or a number.
const wrong: Readonly<Record<string, readonly string[]>> = {
  'bench/scripts/grpc-options.ts': ['server address 1 0 nosuch'],
  'bench/scripts/observation-cost.ts': ['1 nosuch', '1 grpc-unary nosuch'],
  'bench/scripts/pairs-in-turn.ts': ['1 1 nosuch', '1 1 mosquitto nosuch', '1 1 codec-framed'],
  'bench/scripts/picture.ts': ['/none x.png', 'README.md /none/x.png', 'README.md x.png nosuch'],
  'bench/scripts/warm-windows.ts': ['grpc-unary nosuch', 'codec-framed'],
  'packages/cli/scripts/keep-open.ts': ['1 1 nosuch', '1 nosuch'],
  'scripts/release.ts': ['1.2', '1.2.3 nosuch'],
};

describe.each(asked)('%s', (file) => {
  it.concurrent('refuses an option that it does not have, in a directory that is gone', async () => {
    const { stderr, ...rest } = await run(file, ['--no-such-option'], true);
    expect(stderr).toMatch(/^error: unknown option '--no-such-option'\n.*\n$/);
    expect(rest).toEqual({ code: usageExitCode, stdout: '' });
  });

  it.concurrent.each(['nosuch', ...(wrong[file] ?? [])])('refuses %s', async (line) => {
    const { stderr, ...rest } = await run(file, line.split(' '));
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([stderr, rest]).toEqual([expect.any(String), { code: usageExitCode, stdout: '' }]);
  });
});

it('bench:picture needs the whole path of its picture in a directory that is gone', async () => {
  const page = join(root, 'README.md');
  const { code, stderr } = await run('bench/scripts/picture.ts', [page, 'x.png'], true);
  expect([code, stderr]).toEqual([
    usageExitCode,
    expect.stringMatching(
      /^error: The working directory is gone, so there is no x\.png; .*\n.*\n$/,
    ),
  ]);
});

/** Runs a script from the top of the repository, or from a directory that its shell removes before. */
function run(file: string, args: readonly string[], isGone = false) {
  const away = isGone ? 'd=$(mktemp -d) && cd "$d" && rmdir "$d" && ' : '';
  const line = ['-c', `${away}exec "$@"`, 'sh', process.execPath, join(root, file), ...args];
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile('sh', line, { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}
