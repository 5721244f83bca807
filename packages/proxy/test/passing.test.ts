import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ArrivedChunk, TcpProxy } from '../src/index.ts';
import { Peer, ProxiedServer } from './fixture.ts';

describe('a proxy without faults', () => {
  test('passes bytes both ways, and ends each direction by itself', async () => {
    const { client, server } = await (await ProxiedServer.start()).connect();
    client.socket.end('question');
    expect(await server.end()).toBe('question');
    server.socket.write('answer to one that ');
    server.socket.end('has said all');
    expect(await client.end()).toBe('answer to one that has said all');
    expect(await Promise.all([client.over, server.over])).toEqual(['closed', 'closed']);
  });

  test('tells an observer the connection, direction, time and bytes of each chunk', async () => {
    const seen: ArrivedChunk[] = [];
    const proxied = await ProxiedServer.start({ onBytes: (chunk) => seen.push(chunk) });
    const before = performance.now();
    const first = await proxied.connect();
    const second = await proxied.connect();
    second.client.socket.write('ab');
    await second.server.heard(2);
    first.server.socket.write('cde');
    await first.client.heard(3);
    expect(seen.map(({ atMs, ...chunk }) => ({ ...chunk, bytes: String(chunk.bytes) }))).toEqual([
      { connection: 1, direction: 'toServer', bytes: 'ab' },
      { connection: 0, direction: 'toClient', bytes: 'cde' },
    ]);
    const times = [before, ...seen.map(({ atMs }) => atMs), performance.now()];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(proxied.proxy.traffic).toEqual({ sent: 2, received: 3 });
  });

  test('knows for how long nothing has crossed', async () => {
    const proxied = await ProxiedServer.start();
    const { client, server } = await proxied.connect();
    client.socket.write('a');
    await server.heard(1);
    const quietMs = proxied.proxy.quietMs;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(proxied.proxy.quietMs).toBeGreaterThan(quietMs);
    const before = performance.now();
    client.socket.write('b');
    await server.heard(2);
    expect(proxied.proxy.quietMs).toBeLessThanOrEqual(performance.now() - before);
  });

  test('counts the connections that are open', async () => {
    const proxied = await ProxiedServer.start();
    const { client, server } = await proxied.connect();
    await proxied.connect();
    expect(proxied.proxy.connectionCount).toBe(2);
    client.socket.end();
    server.socket.end();
    await Promise.all([client.over, server.over]);
    while (proxied.proxy.connectionCount > 1) await new Promise(setImmediate);
  });

  test('passes a reset on, from either side', async () => {
    const proxied = await ProxiedServer.start();
    const one = await proxied.connect();
    one.client.socket.resetAndDestroy();
    expect(await one.server.over).toBe('ECONNRESET');
    const other = await proxied.connect();
    other.server.socket.resetAndDestroy();
    expect(await other.client.over).toBe('ECONNRESET');
  });

  test('resets a client whose server does not listen', async () => {
    const proxied = await ProxiedServer.start();
    proxied.stopListening();
    expect(await proxied.dial().over).toBe('ECONNRESET');
  });
});

test('connects new clients to another server, and keeps the open connections', async () => {
  const [first, second] = [await ProxiedServer.start(), await ProxiedServer.start()];
  const open = await first.connect();
  first.proxy.setTarget(second.proxy.host, second.proxy.port);
  const moved = await second.connect(() => first.dial());
  moved.client.socket.end('there');
  open.client.socket.end('here');
  expect(await Promise.all([moved.server.end(), open.server.end()])).toEqual(['there', 'here']);
});

test('connects clients to a Unix socket, and closes it when they are reset', async () => {
  const proxied = await ProxiedServer.start();
  const directory = mkdtempSync(join(tmpdir(), 'tandem-proxy-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'socket');
  const server = createServer().listen(path);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  proxied.proxy.setTarget(proxied.proxy.host, path);
  const taken = once(server, 'connection');
  const client = proxied.dial();
  const peer = new Peer(((await taken) as [Socket])[0]);
  client.socket.write('there');
  expect(String((await once(peer.socket, 'data'))[0])).toBe('there');
  proxied.proxy.reset();
  expect(await client.over).toBe('ECONNRESET');
  await peer.over;
});

describe('a proxy whose receiver does not read', () => {
  test.each(['toServer', 'toClient'] as const)(
    'stops reading, so that its sender is held back, and loses nothing: %s',
    async (direction) => {
      const bufferedBytesMax = 100_000;
      let arrived = 0;
      const proxied = await ProxiedServer.start({
        bufferedBytesMax,
        onBytes: ({ bytes }) => {
          arrived += bytes.length;
        },
        faults: { [direction]: { stalled: true } },
      });
      const ends = await proxied.connect();
      const [from, to] =
        direction === 'toServer' ? [ends.client, ends.server] : [ends.server, ends.client];
      const bytes = randomBytes(16 * 1024 * 1024);
      from.socket.end(bytes);
      while (arrived < bufferedBytesMax) await new Promise(setImmediate);
      // In these turns, a proxy that goes on reading would read megabytes.
      for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
      expect(arrived).toBeLessThanOrEqual(bufferedBytesMax + 64 * 1024);
      proxied.proxy.setFaults({});
      expect((await to.end()) === bytes.toString('latin1')).toBe(true);
    },
  );

  test('holds back many small chunks as it does a few large ones', async () => {
    let chunks = 0;
    const proxied = await ProxiedServer.start({
      bufferedBytesMax: 10_000,
      onBytes: () => {
        chunks++;
      },
      faults: { toServer: { stalled: true } },
    });
    const { client } = await proxied.connect();
    for (let i = 0; i < 1_000; i++) {
      client.socket.write('a');
      await new Promise(setImmediate);
    }
    expect(chunks).toBeLessThan(100);
  });

  test('also counts the bytes that wait in the other socket', async () => {
    let arrived = 0;
    const proxied = await ProxiedServer.start({
      bufferedBytesMax: 100_000,
      onBytes: ({ bytes }) => {
        arrived += bytes.length;
      },
    });
    const { client, server } = await proxied.connect();
    server.socket.pause();
    const bytes = randomBytes(32 * 1024 * 1024);
    client.socket.end(bytes);
    // The kernel's buffers take some of it; when they are full, nothing arrives any more.
    for (let last = -1; last !== arrived; ) {
      last = arrived;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(arrived).toBeLessThan(bytes.length);
    server.socket.resume();
    expect((await server.end()) === bytes.toString('latin1')).toBe(true);
  });
});

describe('closing a proxy', () => {
  test('cuts open connections, accepts no more, and may be repeated', async () => {
    const proxied = await ProxiedServer.start();
    const { client, server } = await proxied.connect();
    const { proxy } = proxied;
    await Promise.all([proxy.close(), proxy.close()]);
    await proxy.close();
    expect(await Promise.all([client.end(), server.end()])).toEqual(['', '']);
    expect(await proxied.dial().over).toBe('ECONNREFUSED');
    expect(proxy.connectionCount).toBe(0);
  });

  test('leaves nothing behind that keeps a process running', async () => {
    const proxied = await ProxiedServer.start({ faults: { toServer: { delayMs: 1_000_000 } } });
    const { client } = await proxied.connect();
    client.socket.write('never to arrive');
    while (proxied.proxy.traffic.sent === 0) await new Promise(setImmediate);
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
    const held = timers().length;
    await proxied.proxy.close();
    expect(timers().length).toBe(held - 1);
  });
});

test('reports when it cannot listen, and options beyond their bounds', async () => {
  const port = 1;
  await expect(TcpProxy.open({ host: '192.0.2.1', port })).rejects.toThrow('EADDRNOTAVAIL');
  const host = '127.0.0.1';
  await expect(TcpProxy.open({ host, port, bufferedBytesMax: 0 })).rejects.toThrow(RangeError);
  for (const toClient of [{ delayMs: -1 }, { bytesPerSecond: 0 }, { splitBytes: 1.5 }]) {
    await expect(TcpProxy.open({ host, port, faults: { toClient } })).rejects.toThrow(RangeError);
    const { proxy } = await ProxiedServer.start();
    expect(() => proxy.setFaults({ toClient })).toThrow(RangeError);
    expect(proxy.faults).toEqual({});
  }
});

test('listens at the address of its server, also with IPv6', async () => {
  const proxy = await TcpProxy.open({ host: '::1', port: 1 });
  expect(proxy.host).toBe('::1');
  await proxy.close();
});
