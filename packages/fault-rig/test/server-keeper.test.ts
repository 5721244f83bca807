import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type TestContext, test } from 'vitest';
import { canBreakDisk } from '../src/server/broken-disk.ts';
import { ServerKeeper } from '../src/server/server-keeper.ts';
import { type ServerCommand, type ServerPorts, tandemServe } from '../src/server/server-process.ts';

const uncleanServe = fileURLToPath(new URL('fixtures/unclean-serve.ts', import.meta.url));

async function keep({ onTestFinished }: TestContext, command: ServerCommand = tandemServe) {
  const directory = await mkdtemp(join(tmpdir(), 'tandem-keeper-'));
  const troubles: string[] = [];
  const listened: ServerPorts[] = [];
  const keeper = new ServerKeeper(command, join(directory, 'data'), {
    listening: (ports) => listened.push(ports),
    trouble: (what) => troubles.push(what),
  });
  onTestFinished(async () => {
    await keeper.close();
    await rm(directory, { recursive: true });
  });
  return { keeper, troubles, listened };
}

test.concurrent('ends a server in every way and starts it again, and reports no trouble when all goes well', async (context) => {
  const { keeper, troubles, listened } = await keep(context);
  expect(await keeper.start()).toBe(true);
  await keeper.kill();
  expect(keeper.server).toBeUndefined();
  await keeper.startAndKill(50);
  expect(await keeper.start()).toBe(true);
  await keeper.server?.freeze(Promise.resolve());
  await keeper.terminate();
  expect(await keeper.tryToStart()).toBe(true);
  expect(troubles).toEqual([]);
  expect(listened.length).toBe(3);
});

test
  .skipIf(!(await canBreakDisk()))
  .concurrent(
    'makes a server with a broken disk end, even without a request (skipped without prlimit)',
    async (context) => {
      const { keeper, troubles } = await keep(context);
      await keeper.start();
      await keeper.breakDisk();
      expect(keeper.server).toBeUndefined();
      expect(await keeper.start()).toBe(true);
      expect(troubles).toEqual([]);
    },
  );

test.concurrent('reports when a server ends by itself, and when it does not start', async (context) => {
  const { keeper, troubles } = await keep(context);
  await keeper.start();
  const { server } = keeper;
  server?.signal('SIGKILL');
  await server?.exited;
  while (troubles.length === 0) await new Promise(setImmediate);
  expect(troubles).toEqual([expect.stringMatching(/ended by itself with SIGKILL/)]);
  expect(keeper.server).toBeUndefined();
  const other = await keep(context, [...tandemServe, '--no-such-option']);
  expect(await other.keeper.start()).toBe(false);
  expect(other.troubles).toEqual([expect.stringMatching(/did not start:\n.*no-such-option/)]);
});

test.concurrent('reports when a server does not end well at SIGTERM', async (context) => {
  const { keeper, troubles } = await keep(context, [uncleanServe]);
  await keeper.start();
  await keeper.terminate();
  expect(troubles).toEqual([expect.stringMatching(/ended with 3 at SIGTERM:\nout of order/)]);
});
