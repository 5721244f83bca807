import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { mainFile } from './chat-program.ts';

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
