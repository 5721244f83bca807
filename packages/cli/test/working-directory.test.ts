import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mainFile } from './chat-program.ts';

describe('tandem in a directory that has been removed', () => {
  it.each([
    ['--version', 0, /^[0-9.]+\n$/],
    ['--help', 0, /^Usage: tandem/],
    ['serve --help', 0, /default: \.tandem/],
    // With a secret, which is hashed in a thread.
    ['demo', 0, /bob takes a secret +status 64/],
    ['chat --port 1', 1, /^cannot connect to .*\n$/],
    ['backup /none/b.db --data-dir /none', 1, /^There is no .*\n$/],
    ['serve', 1, /^The working directory is gone, so there is no \.tandem; .*\n$/],
    ['backup here.db --data-dir /none', 1, /^The working directory is gone, .* here\.db; .*\n$/],
    ['restore /none/b.db --data-dir here', 1, /^The working directory is gone, .* here; .*\n$/],
  ])('answers %s', async (line, code, said) => {
    expect(await runThere(line)).toEqual([code, expect.stringMatching(said)]);
  });
});

// As in a container that is run with a number of its own.
const asNobodyKnown = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups'];
const runs = (words: readonly string[]) =>
  spawnSync('env', ['-u', 'HOME', '-u', 'XDG_CONFIG_HOME', ...asNobodyKnown, ...words], {
    encoding: 'utf8',
  });

it.skipIf(runs([process.execPath, '--version', mainFile]).status !== 0)(
  'tandem works for a user whom the system does not know (skipped where there can be none)',
  () => {
    for (const [line, code, said] of [
      ['chat --port 1', 1, /^cannot connect to .*\n$/],
      ['send ann bob hi --port 1', 1, /^cannot connect to .*\n$/],
      ['admin stats --data-dir /none', 1, /^No server takes commands at .*\n$/],
      ['serve --print-config', 0, /^transport +all/],
    ] as const) {
      const { status, stdout, stderr } = runs([process.execPath, mainFile, ...line.split(' ')]);
      expect([line, status, stdout + stderr]).toEqual([line, code, expect.stringMatching(said)]);
    }
  },
);

/** Runs `tandem` with these words in a directory that its shell removes before. */
function runThere(line: string): Promise<[code: number, said: string]> {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-gone-'));
  const script = 'cd "$1" && rmdir "$1" && shift && exec "$@"';
  const command = [process.execPath, mainFile, ...line.split(' ')];
  return new Promise((resolve) => {
    execFile('sh', ['-c', script, 'sh', directory, ...command], (error, stdout, stderr) => {
      resolve([Number(error?.code ?? 0), stdout + stderr]);
    });
  });
}
