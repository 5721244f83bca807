import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { generate } from 'selfsigned';
import type { KeyLog } from './key-log.ts';

/** The address at which something listens. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** One end of a tunnel. */
export interface TunnelEnd extends Place {
  close(): Promise<void>;
}

/** A server's key and its certificate, in PEM. */
export interface Credentials {
  readonly key: string;
  readonly cert: string;
}

/** Makes a key (RSA, 2,048 bits) and a certificate that it signs itself. */
export async function makeCredentials(): Promise<Credentials> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'rsa',
    keySize: 2048,
    algorithm: 'sha256',
  });
  return { key, cert };
}

/**
 * Opens the end of a tunnel for clients without TLS; their bytes leave over TLS 1.3.
 *
 * A record has the bytes of one read from the client, at most 16 KiB. So one write of a client is
 * one record, as it is when the client uses TLS itself.
 */
export function openEntrance(exit: Place, { cert }: Credentials): Promise<TunnelEnd> {
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const { host, port } = exit;
    const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
    const options = { ca: cert, servername: 'localhost', minVersion: 'TLSv1.3' } as const;
    const tunnel = connectTls({ ...options, socket });
    join(client, tunnel);
  });
  return listen(server, exit.host);
}

/** Opens the other end, where TLS ends; the server without TLS gets the client's bytes. */
export function openExit(
  server: Place,
  credentials: Credentials,
  keyLog: KeyLog,
): Promise<TunnelEnd> {
  const options = { ...credentials, minVersion: 'TLSv1.3', allowHalfOpen: true } as const;
  const exit = createTlsServer({ ...options, noDelay: true }, (tunnel) => {
    join(tunnel, connect({ ...server, noDelay: true, allowHalfOpen: true }));
  });
  exit.on('keylog', (line) => keyLog.add(line));
  return listen(exit, server.host);
}

// A failure of one side ends the other, so the client sees it.
function join(one: Duplex, other: Duplex): void {
  pipeline(one, other, () => {});
  pipeline(other, one, () => {});
}

async function listen(server: Server, host: string): Promise<TunnelEnd> {
  const sockets = new Set<Duplex>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    host,
    port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
