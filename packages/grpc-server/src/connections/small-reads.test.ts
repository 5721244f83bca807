import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readInSmallParts } from './small-reads.ts';

const frameBytesMax = 16_393;

/** Returns both ends of a connection; the server's is paused. */
async function connection(): Promise<{ readonly accepted: Socket; readonly client: Socket }> {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [accepted] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    client.destroy();
    accepted.destroy();
    server.close();
  });
  return { accepted, client };
}

describe('a socket that reads in small parts, in this version of Node.js', () => {
  it('gets all that is sent, and hears of the end', async () => {
    const { accepted, client } = await connection();
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
    expect([hasData, accepted.bytesRead]).toEqual([false, sent.length]);
  });

  it('reads nothing more while it is paused', async () => {
    const { accepted, client } = await connection();
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
      // Another read would have come before this answer.
      accepted.write('.');
      await once(client, 'readable');
      client.read();
      expect(parts.length).toBe(read);
    }
  });

  it('is one of TCP: others are as before', () => {
    const other = new Duplex({ read() {} });
    expect(readInSmallParts(other, () => {})).toBe(false);
  });
});
