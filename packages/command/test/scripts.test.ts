// The scripts of all manifests: each says which line it takes, and begins nothing with another one.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
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

it.each(asked)('%s refuses an option that it does not have', (file) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, '--no-such-option'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^error: unknown option '--no-such-option'\n.*\n$/);
  expect([status, stdout]).toEqual([usageExitCode, '']);
});
