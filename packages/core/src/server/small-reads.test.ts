import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { acceptedSocket } from '../../test/accepted-socket.ts';
import { smallReadBytesMax, smallReads } from './small-reads.ts';

const both = [
  ['is paused', true],
  ['reads already', false],
] as const;

describe.each(both)('a socket that %s, in this version of Node.js', (_, pauseOnConnect) => {
  it('gets all that is sent, in memory of its own, and hears of the end', async () => {
    const { accepted, client } = await acceptedSocket({ pauseOnConnect });
    const parts: Buffer[] = [];
    expect(smallReads((bytes) => parts.push(bytes))(accepted)).toBe(true);
    let hasData = false;
    accepted.on('data', () => {
      hasData = true;
    });
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
    client.end(sent);
    accepted.resume();
    await once(accepted, 'end');
    expect(Buffer.concat(parts).equals(sent)).toBe(true);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(smallReadBytesMax);
    expect(parts.map(({ buffer }) => buffer.byteLength)).toEqual(parts.map(({ length }) => length));
    expect([hasData, accepted.bytesRead]).toEqual([false, sent.length]);
  });

  it('reads nothing more while it is paused', async () => {
    const { accepted, client } = await acceptedSocket({ pauseOnConnect });
    const parts: Buffer[] = [];
    let came = Promise.withResolvers<void>();
    smallReads<Socket>(function (bytes) {
      parts.push(bytes);
      this.pause();
      came.resolve();
    })(accepted);
    client.end(Buffer.alloc(3 * smallReadBytesMax, 7));
    for (let read = 1; read <= 3; read++) {
      accepted.resume();
      await came.promise;
      came = Promise.withResolvers();
      // Another read would come before this does.
      accepted.write('.');
      await once(client, 'readable');
      client.read();
      expect(parts.length).toBe(read);
    }
  });

  it('can still be written when its client has ended its side', async () => {
    const { accepted, client } = await acceptedSocket({ pauseOnConnect });
    smallReads(() => {})(accepted);
    client.end('goodbye');
    accepted.resume();
    await once(accepted, 'end');
    accepted.end('goodbye to you');
    const [answer] = await once(client, 'data');
    expect(String(answer)).toBe('goodbye to you');
    await once(client, 'close');
  });

  it('hears of a reset', async () => {
    const { accepted, client } = await acceptedSocket({ pauseOnConnect });
    const came = Promise.withResolvers<void>();
    smallReads(() => came.resolve())(accepted);
    const failed = once(accepted, 'error');
    client.write('some');
    accepted.resume();
    await came.promise;
    client.resetAndDestroy();
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
  });
});

it('sockets that read in small parts share one function, which knows each of them', async () => {
  const taken: [Socket, string][] = [];
  const read = smallReads<Socket>(function (bytes) {
    taken.push([this, String(bytes)]);
    this.end();
  });
  const [one, two] = [await acceptedSocket(), await acceptedSocket()];
  for (const [name, { accepted, client }] of Object.entries({ one, two })) {
    read(accepted);
    client.end(name);
    accepted.resume();
    await once(accepted, 'close');
  }
  expect(taken.map(([, text]) => text)).toEqual(['one', 'two']);
  expect(taken.map(([socket]) => socket === one.accepted)).toEqual([true, false]);
  const functions = [one, two].map(({ accepted }) =>
    Object.getOwnPropertySymbols(accepted)
      .filter(({ description }) => description === 'kBufferCb')
      .map((key) => (accepted as unknown as Record<symbol, unknown>)[key]),
  );
  expect(functions[0]).toEqual([expect.any(Function)]);
  expect(functions[0]?.[0]).toBe(functions[1]?.[0]);
});

describe('what is not read in small parts', () => {
  const taken: Buffer[] = [];
  const read = smallReads<Duplex>((bytes) => taken.push(bytes));

  it('is TLS, and another stream', async () => {
    const { accepted } = await acceptedSocket();
    const secured = new TLSSocket(accepted, { isServer: true });
    secured.on('error', () => {});
    expect(read(secured)).toBe(false);
    expect(read(new Duplex({ read() {} }))).toBe(false);
    secured.destroy();
  });

  it('is a socket that is gone', async () => {
    const { accepted } = await acceptedSocket();
    accepted.destroy();
    expect(read(accepted)).toBe(false);
  });

  it('is a socket that was read: it keeps what waits in it', async () => {
    const { accepted, client } = await acceptedSocket();
    client.write('early');
    accepted.read(0);
    await once(accepted, 'readable');
    expect(read(accepted)).toBe(false);
    expect(String(accepted.read())).toBe('early');
    expect(taken).toEqual([]);
  });
});
