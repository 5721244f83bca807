import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { newDirectory } from './data-directory.ts';
import { ServeProgram } from './serve-program.ts';
import { ask, dial } from './serve-wire.ts';

const misbehave = fileURLToPath(new URL('fixtures/misbehave.ts', import.meta.url));

it('logs warnings of the runtime and a fault of its own, ends with 70, and keeps the data', async () => {
  const directory = newDirectory();
  const env = { TANDEM_STORE: 'sqlite', TANDEM_DATA_DIR: directory };
  const serve = await ServeProgram.listening([], {
    ...env,
    NODE_OPTIONS: `--import=${misbehave}`,
  });
  expect(await ask(await dial(serve.port), '\x01alice', 1)).toBe('\x01');
  serve.signal('SIGUSR2');
  expect(await serve.exited).toEqual([70, null]);
  const told = serve.log.filter(({ level }) => level !== 'info');
  expect(told.map(({ level, msg }) => [level, msg])).toEqual([
    ['warn', 'Node.js warns'],
    ['warn', 'Node.js warns'],
    ['fatal', 'the server has a fault, and ends'],
  ]);
  // What the next start looks for: it checks the data as after a crash.
  expect(existsSync(join(directory, 'owner.json'))).toBe(true);
  const next = await ServeProgram.listening([], env);
  expect(await ask(await dial(next.port), '\x01alice', 1)).toBe('\x02');
});

it('writes lines of JSON with names of levels and ISO 8601 times', async () => {
  const serve = await ServeProgram.listening();
  serve.signal('SIGTERM');
  await serve.exited;
  for (const { level, time } of serve.log) {
    expect(level).toBe('info');
    expect(new Date(time).toISOString()).toBe(time);
  }
});
