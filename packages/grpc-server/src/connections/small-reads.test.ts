import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { acceptedSocket } from '../../test/accepted-socket.ts';
import { readInSmallParts } from './small-reads.ts';

const frameBytesMax = 16_393;

describe('a socket that reads in small parts, in this version of Node.js', () => {
  it('gets all that is sent, in memory of its own, and hears of the end', async () => {
    const { accepted, client } = await acceptedSocket();
    const parts: Buffer[] = [];
    let hasData = false;
    accepted.on('data', () => {
      hasData = true;
    });
    accepted.pause();
    expect(readInSmallParts(accepted, (bytes) => parts.push(bytes))).toBe(true);
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
    client.end(sent);
    accepted.resume();
    await once(accepted, 'end');
    expect(Buffer.concat(parts).equals(sent)).toBe(true);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(frameBytesMax);
    expect(parts.map(({ buffer }) => buffer.byteLength)).toEqual(parts.map(({ length }) => length));
    expect([hasData, accepted.bytesRead]).toEqual([false, sent.length]);
  });

  it('reads nothing more while it is paused', async () => {
    const { accepted, client } = await acceptedSocket();
    const parts: Buffer[] = [];
    let came = Promise.withResolvers<void>();
    readInSmallParts(accepted, (bytes) => {
      parts.push(bytes);
      accepted.pause();
      came.resolve();
    });
    client.end(Buffer.alloc(3 * frameBytesMax, 7));
    for (let read = 1; read <= 3; read++) {
      came = Promise.withResolvers();
      accepted.resume();
      await came.promise;
      // Another read would come before this does.
      accepted.write('.');
      await once(client, 'readable');
      client.read();
      expect(parts.length).toBe(read);
    }
  });
});

describe('what is not read in small parts', () => {
  const taken: Buffer[] = [];
  const take = (bytes: Buffer) => taken.push(bytes);

  it('is TLS, and another stream', async () => {
    const { accepted } = await acceptedSocket();
    const secured = new TLSSocket(accepted, { isServer: true });
    secured.on('error', () => {});
    expect(readInSmallParts(secured, take)).toBe(false);
    expect(readInSmallParts(new Duplex({ read() {} }), take)).toBe(false);
    secured.destroy();
  });

  it('is a socket that is gone', async () => {
    const { accepted } = await acceptedSocket();
    accepted.destroy();
    expect(readInSmallParts(accepted, take)).toBe(false);
  });

  it('is a socket that was read: it keeps what waits in it', async () => {
    const { accepted, client } = await acceptedSocket();
    client.write('early');
    accepted.read(0);
    await once(accepted, 'readable');
    expect(readInSmallParts(accepted, take)).toBe(false);
    expect(String(accepted.read())).toBe('early');
    expect(taken).toEqual([]);
  });
});
