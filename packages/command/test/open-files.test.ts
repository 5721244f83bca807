import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { openFilesMax } from '../src/open-files.ts';

const prlimit = spawnSync('prlimit', ['--version']);

it('knows how many files this process may open', () => {
  expect(openFilesMax()).toBeGreaterThan(60);
});

it.skipIf(prlimit.status !== 0)('knows a limit that was set (skipped without prlimit)', () => {
  const module = new URL('../src/open-files.ts', import.meta.url).href;
  const script = `import { openFilesMax } from ${JSON.stringify(module)}; console.log(openFilesMax());`;
  const node = [process.execPath, '--input-type=module', '-e', script];
  const ran = spawnSync('prlimit', ['--nofile=321', ...node], { encoding: 'utf8' });
  expect(ran.stdout).toBe('321\n');
});
