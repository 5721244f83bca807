import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { defaultChatLimits } from '@tandem/chat';
import { opSuite, playOpSuite } from '@tandem/conformance/op-suite';
import { defaultGrpcServerLimits } from '@tandem/grpc-server';
import { TcpProxy } from '@tandem/proxy';
import { defaultSocketServerLimits } from '@tandem/socket-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { constantOf } from '../src/citations/constant.ts';
import { laneNames, loadLane } from '../src/lanes/index.ts';
import type { Lane, LaneClient, Workload } from '../src/lanes/lane.ts';
import { netEchoDelayedBy } from '../src/lanes/net/net-echo-delayed.ts';
import { connect, host, serve } from './served-lanes.ts';

// The deepest that a scenario goes.
const depthMax = 256;
const operationsMin = 50;

const all = await Promise.all(laneNames.map(loadLane));
const lanes = all.filter(({ messagesOnly }) => messagesOnly !== true);
// Lanes that have messages alone have tests of their own. Each server of a database takes a second or more to start: postgres-lane.test.ts has one for all.
const quick = lanes.filter(({ hasNodes }) => hasNodes === undefined);
const overWire = quick.filter(({ startServer }) => startServer !== undefined);
const withChat = quick.filter(({ hasChat }) => hasChat);

async function serveThroughProxy(lane: Lane): Promise<TcpProxy> {
  const proxy = await TcpProxy.open(await serve(lane));
  onTestFinished(() => proxy.close());
  return proxy;
}

/** At least 50 operations, as many at a time as the lane takes. */
async function operate(lane: Lane, client: LaneClient, workload: Workload): Promise<number> {
  await client.prepare(workload);
  const operation = client.operation(workload);
  const depth = Math.min(lane.depthMax ?? depthMax, depthMax);
  let operations = 0;
  while (operations < operationsMin) {
    await Promise.all(Array.from({ length: depth }, operation));
    operations += depth;
  }
  return operations;
}

describe('the table of lanes', () => {
  test('names what is loaded', () => {
    expect(all.map(({ name }) => name)).toEqual(laneNames);
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
  });

  test.each(['', 'sockets', 'toString'])(
    'has no lane %j, and names those that there are',
    async (name) => {
      await expect(loadLane(name)).rejects.toThrow(
        `there is no lane ${name}; there are in-process, codec-framed, codec-protobuf, net-echo,`,
      );
    },
  );

  test('compares lanes with lanes that there are, not with themselves', () => {
    for (const { name, baselines } of all) {
      expect(laneNames).toEqual(expect.arrayContaining([...baselines]));
      expect(baselines).not.toContain(name);
    }
  });

  test.each(all)('can show $name in a column, and says each of its settings', (lane) => {
    expect(lane.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(lane.title.length).toBeLessThanOrEqual(28);
    expect(lane.description).toMatch(/\.$/);
    expect(Object.keys(lane.settings)).toHaveLength(11);
    for (const setting of Object.values(lane.settings)) expect(setting).not.toBe('');
  });

  test.each([
    ['net-echo', false],
    ['sockets-seed', false],
    ['sockets-framed', false],
    ['http2-echo', false],
    ['grpc-echo', true],
  ])('loads with %s no more than it needs: grpc-js is there: %s', async (name, expected) => {
    const index = fileURLToPath(new URL('../src/lanes/index.ts', import.meta.url));
    const script = `
      const { loadLane } = await import(${JSON.stringify(index)});
      await loadLane(${JSON.stringify(name)});
      const { Module } = await import('node:module');
      console.log(Object.keys(Module._cache).some((path) => path.includes('grpc-js')));
    `;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect((await run).stdout).toBe(`${expected}\n`);
  });
});

describe.each(quick)('$name', (lane) => {
  test('operates at its depth: searches, and sends of the shortest and the longest body', async () => {
    const client = await connect(lane, await serve(lane));
    const workloads: readonly Workload[] = [
      { kind: 'search' },
      { kind: 'send', body: 'x' },
      { kind: 'send', body: 'x'.repeat(262) },
    ];
    for (const workload of workloads) {
      expect(await operate(lane, client, workload)).toBeGreaterThanOrEqual(operationsMin);
    }
  });

  test('prepares a search once for all its clients, and a send for each, any number of times', async () => {
    const target = await serve(lane);
    const [one, other] = [await connect(lane, target), await connect(lane, target)];
    const send = { kind: 'send', body: 'hi' } as const;
    await one.prepare({ kind: 'search' });
    await other.operation({ kind: 'search' })();
    for (const client of [one, other, one]) await client.prepare(send);
    await one.prepare({ kind: 'search' });
    for (const client of [one, other]) await client.operation(send)();
  });

  test('says whether there is a chat behind it', async () => {
    const client = await connect(lane, await serve(lane));
    expect(client.chat !== undefined).toBe(lane.hasChat === true);
  });

  test('may be closed twice, and operates no more', async () => {
    const client = await lane.connect(await serve(lane));
    await client.prepare({ kind: 'send', body: 'hi' });
    await Promise.all([client.close(), client.close()]);
    await client.close();
    if (lane.wire !== 'none')
      await expect(client.operation({ kind: 'search' })()).rejects.toThrow();
    if (lane.hasChat) await expect(client.chat?.search('alice')).rejects.toThrow();
  });
});

describe.each(overWire)('the connections of $name', (lane) => {
  test('are of one client each', async () => {
    const proxy = await serveThroughProxy(lane);
    for (const expected of [1, 2, 3]) {
      const client = await connect(lane, proxy);
      await client.prepare({ kind: 'search' });
      await client.operation({ kind: 'search' })();
      expect(proxy.connectionCount).toBe(expected);
    }
  });

  test('reject what is under way when they break, and what is asked after that', async () => {
    const proxy = await serveThroughProxy(lane);
    const client = await connect(lane, proxy);
    await client.prepare({ kind: 'search' });
    const operation = client.operation({ kind: 'search' });
    await operation();
    proxy.setFaults({ toClient: { stalled: true }, refuseConnections: true });
    const underWay = Promise.allSettled(Array.from({ length: 3 }, operation));
    proxy.reset();
    for (const { status } of await underWay) expect(status).toBe('rejected');
    await expect(operation()).rejects.toThrow();
  });

  test('reject when the server is closed', async () => {
    const server = await lane.startServer?.();
    const client = await connect(lane, { host, port: server?.port ?? 0 });
    const workload = { kind: 'send', body: 'hi' } as const;
    await client.prepare(workload);
    const operation = client.operation(workload);
    await operation();
    await Promise.all([server?.close(), server?.close()]);
    await expect(operation()).rejects.toThrow();
  });

  test('reject to be made when nobody listens', async () => {
    const server = await lane.startServer?.();
    const port = server?.port ?? 0;
    await server?.close();
    await expect(lane.connect({ host, port })).rejects.toThrow();
  });
});

describe.each(withChat)('the chat of $name', (lane) => {
  test('has the outcomes of the op suite', async () => {
    const { chat } = await connect(lane, await serve(lane));
    const outcomes = chat === undefined ? [] : await playOpSuite(chat);
    expect(outcomes).toEqual(opSuite.filter(({ operation }) => operation !== 'unknown'));
  });

  test('is empty for a server of its own', async () => {
    for (let i = 0; i < 2; i++) {
      const server = await lane.startServer?.();
      const client = await lane.connect({ host, port: server?.port ?? 0 });
      expect(await client.chat?.register('foo')).toEqual({ status: 1 });
      await client.close();
      await server?.close();
    }
  });

  test('shows when nobody takes what is sent any more', async () => {
    const client = await connect(lane, await serve(lane));
    const workload = { kind: 'send', body: 'hi' } as const;
    await expect(client.operation(workload)()).rejects.toThrow();
    await client.prepare(workload);
    await client.operation(workload)();
    await client.chat?.logout();
    await expect(client.operation(workload)()).rejects.toThrow('status 120');
  });
});

describe('the servers as `tandem serve` has them', () => {
  const connections = 10_000;

  test('admit what the lab asks of them', () => {
    const [sockets, grpc, chat] = [
      defaultSocketServerLimits,
      defaultGrpcServerLimits,
      defaultChatLimits,
    ];
    for (const limits of [sockets, grpc]) {
      expect(limits.connectionsMax).toBeGreaterThan(connections);
      expect(limits.connectionsPerAddressMax).toBeGreaterThan(connections);
    }
    // A Subscribe stream and acknowledgements beside them.
    expect(grpc.streamsPerConnectionMax).toBeGreaterThan(depthMax + 2);
    expect(chat.searchesWaitingMax).toBeGreaterThan(depthMax);
    expect(chat.accountsMax).toBeGreaterThan(2 * connections);
  });

  test('have the limits that the fairness ledger names', async () => {
    const { settings: sockets } = await loadLane('sockets-framed');
    expect(sockets.otherOptions).toContain('server: 20000 connections');
    for (const [words, limit] of [
      ['requests of a connection a turn', constantOf('chat', 'requestsPerTurnMax')],
      ['responses owed', constantOf('chat', 'responsesOwedMax')],
    ] as const) {
      expect(sockets.otherOptions).toContain(`${limit?.toLocaleString('en')} ${words}`);
    }
    expect(sockets.windows).toContain('256 messages or 64 KiB');
    const { settings: grpc } = await loadLane('grpc-unary');
    expect(grpc.otherOptions).toContain('1000 concurrent streams');
    expect(grpc.keepalive).toContain('PING after 30 s, answered within 10 s');
    expect(grpc.windows).toContain('messages up to 4 KiB to the server');
  });
});

describe('the delayed echo', () => {
  test('works for as long as it says', async () => {
    const delayMs = 30;
    const lane = netEchoDelayedBy(delayMs * 1_000);
    const operation = (await connect(lane, await serve(lane))).operation({ kind: 'search' });
    for (let i = 0; i < 3; i++) {
      const startedAt = performance.now();
      await operation();
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(delayMs);
    }
  });

  test('says how long that is', async () => {
    const { injectedUs, title, description, settings } = await loadLane('net-echo-delayed');
    expect(injectedUs).toBe(50);
    for (const text of [title, description, settings.otherOptions]) expect(text).toContain('50 µs');
  });
});
