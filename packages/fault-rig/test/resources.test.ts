import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectSocketClient } from '@tandem/socket-client';
import { expect, type TestContext, test } from 'vitest';
import { type ResourceTrend, resourceTrends } from '../src/report/resources.ts';
import type { ResourceSample } from '../src/server/sample.ts';
import { type ServerCommand, ServerProcess, tandemServe } from '../src/server/server-process.ts';

const sabotagedServe = fileURLToPath(new URL('fixtures/sabotaged-serve.ts', import.meta.url));

// Nine of the samples come after the warm-up; a trend needs six.
const rounds = 12;

/** Returns what grows in a server that is sampled after each of some rounds of logins. */
async function growing({ onTestFinished }: TestContext, command: ServerCommand): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'tandem-resources-'));
  const server = new ServerProcess(command, directory);
  onTestFinished(async () => {
    server.signal('SIGKILL');
    await server.exited;
    await rm(directory, { recursive: true });
  });
  const ports = await server.listening;
  if (ports === undefined) throw new Error(server.log);
  const samples: ResourceSample[] = [];
  for (let round = 0; round < rounds; round++) {
    await logInAndLeave(ports.socket);
    const sample = await server.sample();
    if (sample !== undefined) samples.push(sample);
  }
  const trends = resourceTrends(samples);
  expect(trends.map(({ resource }) => resource)).toEqual([
    'resident memory',
    'heap',
    'file descriptors',
    'handles',
  ]);
  const grows = ({ flat }: ResourceTrend) => flat === false;
  return trends.filter(grows).map(({ resource }) => resource);
}

async function logInAndLeave(port: number): Promise<void> {
  for (let i = 0; i < 10; i++) {
    const client = await connectSocketClient({ host: '127.0.0.1', port });
    await client.register(`user${i}`);
    await client.login(`user${i}`);
    await client.close();
  }
}

test.concurrent('a server that leaks is detected by its slopes', async (context) => {
  expect(await growing(context, [sabotagedServe, 'leaks'])).toEqual(
    expect.arrayContaining(['heap', 'handles']),
  );
});

test.concurrent('tandem serve is flat', async (context) => {
  expect(await growing(context, tandemServe)).toEqual([]);
});
