import { expect } from 'vitest';
import type { Block } from './document.ts';
import { describeExamples } from './examples.ts';
import type { DocumentShell } from './shell.ts';

/** Starts what a unit of systemd starts, stops it as systemd does, and expects that it stops well. */
async function supervise({ lines }: Block, shell: DocumentShell): Promise<void> {
  const line = lines.find((each) => each.startsWith('ExecStart='));
  const { code, errorOutput } = await shell.run(line?.slice('ExecStart='.length) ?? 'false');
  expect(code, errorOutput).toBe(0);
  expect(await shell.stopServer()).toBe(0);
}

describeExamples('docs/OPERATIONS.md', {
  skipped: {
    'pnpm bench load 127.0.0.1:22067 --connections 200 --rate 200 --duration 60':
      'takes a minute; the tests of the lab put load on servers',
    'node_modules/.bin/node packages/cli/bin/tandem.js serve --store memory --log-level warn & server=$!':
      'is a job of CI, whose thresholds are about time',
  },
  before: {
    'pnpm tandem restore': async (shell) => expect(await shell.stopServer()).toBe(0),
  },
  played: { ini: supervise },
});
