import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { devDependencies, scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const needed = Number.parseInt(devDependencies.node, 10);

/** The file that starts each command of the repository for people, by the command's name. */
const entries = Object.entries(scripts as Record<string, string>).flatMap(([name, script]) => {
  const file = /^node (\S+\/bin\/(\S+)\.js)$/.exec(script);
  return file?.[2] === name ? [[name, join(root, file[1] as string)] as const] : [];
});

/** The older versions of Node.js that this machine has. */
const older = (process.env.PATH ?? '')
  .split(delimiter)
  .map((directory) => join(directory, 'node'))
  .filter((file) => existsSync(file))
  .filter((file) => majorOf(file) < needed)
  .map((file) => realpathSync(file));

function majorOf(node: string): number {
  return Number.parseInt(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.slice(1), 10);
}

/** Returns the output and exit code of an entry; options may change the version that it sees. */
function start(node: string, entry: string, ...options: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(node, [...options, entry, '--version'], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

it('is about every command', () => {
  expect(entries.map(([name]) => name)).toEqual(
    expect.arrayContaining(['tandem', 'bench', 'soak', 'attack']),
  );
});

describe.each(entries)('%s', (name, entry) => {
  const refusal = (node: string, version: string) => ({
    status: 1,
    stdout: '',
    stderr:
      `${name} needs Node.js ${needed} or newer, and ${node} is ${version}: ` +
      `start it by "npx -y pnpm@12 ${name}", which brings one, or by node_modules/.bin/node of this repository\n`,
  });

  it('says in one line which Node.js it needs', () => {
    const version = `v${needed - 1}.11.1`;
    const older = `Object.defineProperty(process, 'version', { value: '${version}' })`;
    const told = start(process.execPath, entry, '--import', `data:text/javascript,${older}`);
    expect(told).toEqual(refusal(process.execPath, version));
  });

  it.runIf(older.length > 0)('says so on an older one (skipped where the machine has none)', () => {
    for (const node of new Set(older)) {
      const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
      expect(start(node, entry)).toEqual(refusal(node, stdout.trim()));
    }
  });
});
