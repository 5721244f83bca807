import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { serveArguments } from './chat-program.ts';
import { ask, dial } from './serve-wire.ts';

const warnMuch = fileURLToPath(new URL('fixtures/warn-much.ts', import.meta.url));

it('serves while nobody reads its log, and says then how much was lost', async () => {
  const args = ['--import', warnMuch, ...serveArguments, '--log-level', 'warn'];
  const serve = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void serve.kill('SIGKILL'));
  serve.stdout.setEncoding('utf8');
  let output = '';
  while (!output.includes('Ctrl-C')) output += (await once(serve.stdout, 'data'))[0];
  const port = Number(/:(\d+)\n/.exec(output)?.[1]);

  serve.kill('SIGUSR2');
  // Each is answered in turns of their own, while the log is written and after it.
  for (let i = 0; i < 10; i++) expect(await ask(await dial(port), '\x81', 1)).toBe('\x81');

  let log = '';
  const told = Promise.withResolvers<void>();
  serve.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    if (/lines were lost/.test(log)) told.resolve();
  });
  await told.promise;
  serve.kill('SIGTERM');
  expect(await once(serve, 'close')).toEqual([0, null]);
  const lines = log
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  // A server may have warned of something else before: of a machine that allows few open files.
  const warnings = lines.filter(({ err }) => /^X\d+$/.test(err?.code));
  const lost = lines.flatMap(({ lines: count }) => count ?? []);
  expect(lost[0]).toBeGreaterThan(0);
  expect(lost.reduce((sum, count) => sum + count, warnings.length)).toBe(3_000);
});
