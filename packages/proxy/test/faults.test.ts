import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Direction, DirectionFaults } from '../src/index.ts';
import { type Peer, ProxiedServer } from './fixture.ts';

const directions = ['toServer', 'toClient'] as const;

/** A connection, seen in the direction that the faults are for. */
async function connection(direction: Direction, faults: DirectionFaults) {
  const proxied = await ProxiedServer.start({ faults: { [direction]: faults } });
  const { client, server } = await proxied.connect();
  const ends: readonly [Peer, Peer] =
    direction === 'toServer' ? [client, server] : [server, client];
  return { proxy: proxied.proxy, from: ends[0], to: ends[1] };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

describe.each(directions)('delay %s', (direction) => {
  // A reader that is held up for 30 ms reads both at once.
  const retried = { retry: 3 };
  test(
    'holds bytes and the end for the given time, in order, without merging them',
    retried,
    async () => {
      const { from, to } = await connection(direction, { delayMs: 60 });
      const sentAtMs = performance.now();
      from.socket.write('first');
      await new Promise((resolve) => setTimeout(resolve, 30));
      from.socket.write('second');
      await to.heard(1);
      expect(performance.now() - sentAtMs).toBeGreaterThanOrEqual(60);
      await to.heard(11);
      expect(performance.now() - sentAtMs).toBeGreaterThanOrEqual(90);
      expect(to.reads).toEqual(['first', 'second']);
      const endedAtMs = performance.now();
      from.socket.end();
      await to.end();
      expect(performance.now() - endedAtMs).toBeGreaterThanOrEqual(60);
    },
  );

  test('leaves the other direction alone', async () => {
    const { from, to } = await connection(direction, { delayMs: 1_000_000 });
    from.socket.write('never to arrive');
    to.socket.write('at once');
    expect(await from.heard(7)).toBe('at once');
    expect(to.text).toBe('');
  });

  test('passes the bytes that it holds when it is removed', async () => {
    const { proxy, from, to } = await connection(direction, { delayMs: 1_000_000 });
    from.socket.end('held');
    while (proxy.traffic.sent + proxy.traffic.received < 4) await turns(1);
    proxy.setFaults({});
    expect(await to.end()).toBe('held');
  });
});

describe.each(directions)('rate %s', (direction) => {
  test('passes no more than so many bytes a second, and all of them', async () => {
    const { from, to } = await connection(direction, { bytesPerSecond: 100_000 });
    const bytes = randomBytes(20_000);
    const startedAtMs = performance.now();
    from.socket.end(bytes);
    expect((await to.end()) === bytes.toString('latin1')).toBe(true);
    // 200 ms, less the pieces that may go at once: the first, and those for which a timer was late.
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(170);
  });

  test('goes on at once when the rate is removed', async () => {
    const { proxy, from, to } = await connection(direction, { bytesPerSecond: 1 });
    from.socket.end('one byte a second');
    await to.heard(1);
    proxy.setFaults({});
    await turns(200);
    expect(to.text).toBe('one byte a second');
  });
});

describe.each(directions)('split %s', (direction) => {
  test('cuts chunks into pieces that arrive apart', async () => {
    const { from, to } = await connection(direction, { splitBytes: 3 });
    from.socket.end('abcdefgh');
    expect(await to.end()).toBe('abcdefgh');
    // The receiver may read two pieces at once when it was busy; it never sees a cut at another
    // place.
    expect(to.reads.length).toBeGreaterThan(1);
    let position = 0;
    for (const read of to.reads) {
      expect(position % 3).toBe(0);
      position += read.length;
    }
  });

  test('works together with a delay and a rate', async () => {
    const faults = { splitBytes: 7, delayMs: 5, bytesPerSecond: 200_000 };
    const { from, to } = await connection(direction, faults);
    const bytes = randomBytes(5_000);
    from.socket.end(bytes);
    expect((await to.end()) === bytes.toString('latin1')).toBe(true);
  });
});

describe.each(directions)('stall %s', (direction) => {
  test('passes nothing, not even the end, until it is released', async () => {
    const { proxy, from, to } = await connection(direction, {});
    from.socket.write('before');
    await to.heard(6);
    proxy.setFaults({ [direction]: { stalled: true } });
    from.socket.end(' and after');
    while (proxy.traffic.sent + proxy.traffic.received < 16) await turns(1);
    await turns(20);
    expect(to.text).toBe('before');
    expect(to.socket.readableEnded).toBe(false);
    to.socket.write('passes');
    expect(await from.heard(6)).toBe('passes');
    proxy.setFaults({});
    expect(await to.end()).toBe('before and after');
  });

  test('holds an end that comes alone', async () => {
    const { proxy, from, to } = await connection(direction, { stalled: true });
    from.socket.end();
    to.socket.write('heard, and then some turns');
    await from.heard(26);
    await turns(20);
    expect(to.socket.readableEnded).toBe(false);
    proxy.setFaults({});
    expect(await to.end()).toBe('');
  });
});

describe.each(directions)('half-close %s', (direction) => {
  test('ends the stream after the bytes that have arrived; the other direction goes on', async () => {
    const { proxy, from, to } = await connection(direction, { delayMs: 20 });
    from.socket.write('heard');
    while (proxy.traffic.sent + proxy.traffic.received < 5) await turns(1);
    proxy.halfClose(direction);
    proxy.halfClose(direction);
    from.socket.write('dropped');
    expect(await to.end()).toBe('heard');
    to.socket.end('still here');
    expect(await from.end()).toBe('still here');
    from.socket.end();
    expect(await Promise.all([from.over, to.over])).toEqual(['closed', 'closed']);
    expect(to.text).toBe('heard');
  });
});

describe('ends', () => {
  test('reset is a reset on both sides', async () => {
    const proxied = await ProxiedServer.start();
    const { client, server } = await proxied.connect();
    proxied.proxy.reset();
    const over = await Promise.all([client.over, server.over]);
    expect(over).toEqual(['ECONNRESET', 'ECONNRESET']);
  });

  test('reset resets also in the turn in which a stream was ended', async () => {
    const proxied = await ProxiedServer.start();
    const { client, server } = await proxied.connect();
    client.socket.write('connected');
    await server.heard(9);
    proxied.proxy.halfClose('toServer');
    proxied.proxy.reset();
    expect(await client.over).toBe('ECONNRESET');
    expect(await server.end()).toBe('connected');
    await proxied.proxy.close();
    expect(proxied.proxy.connectionCount).toBe(0);
  });

  test('reset and cut end a connection whose receiver does not read', async () => {
    for (const end of ['reset', 'cut'] as const) {
      const proxied = await ProxiedServer.start();
      const { client, server } = await proxied.connect();
      server.socket.pause();
      client.socket.end(Buffer.alloc(16 * 1024 * 1024));
      while (proxied.proxy.traffic.sent < 1024 * 1024) await turns(1);
      proxied.proxy.halfClose('toServer');
      proxied.proxy[end]();
      await client.over;
      await proxied.proxy.close();
      expect(proxied.proxy.connectionCount).toBe(0);
    }
  });

  test('cut ends the streams on both sides without a reset', async () => {
    const proxied = await ProxiedServer.start();
    const { client, server } = await proxied.connect();
    proxied.proxy.cut();
    expect(await Promise.all([client.end(), server.end()])).toEqual(['', '']);
  });

  test('lose the bytes that are held, and new connections are accepted as before', async () => {
    const proxied = await ProxiedServer.start({ faults: { toServer: { stalled: true } } });
    const lost = await proxied.connect();
    lost.client.socket.write('lost');
    while (proxied.proxy.traffic.sent < 4) await turns(1);
    proxied.proxy.cut();
    await Promise.all([lost.client.end(), lost.server.end()]);
    proxied.proxy.setFaults({});
    const { client, server } = await proxied.connect();
    client.socket.end('hello');
    expect(await server.end()).toBe('hello');
    expect(lost.server.text).toBe('');
  });
});

test('refuses new connections, and keeps those that are open', async () => {
  const proxied = await ProxiedServer.start();
  const { client, server } = await proxied.connect();
  proxied.proxy.setFaults({ refuseConnections: true });
  expect(await proxied.dial().over).toBe('ECONNRESET');
  client.socket.end('still here');
  expect(await server.end()).toBe('still here');
  proxied.proxy.setFaults({});
  await proxied.connect();
});
