import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { type ConnectionOptions, connect } from 'node:tls';
import type { TransportName } from '@tandem/core';
import type { RawConnection } from './raw-connection.ts';
import { TlsRecords } from './tls-records.ts';

const names = { socket: 'tandem/1', grpc: 'h2' } as const;

/** The options of an attacker, which trusts every certificate. */
function optionsFor(transport: TransportName): ConnectionOptions {
  return {
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3',
    ciphers: 'TLS_AES_128_GCM_SHA256',
    ALPNProtocols: [names[transport]],
  };
}

/** Returns the first message of a TLS client. The same message may be sent again and again. */
export async function clientHello(transport: TransportName): Promise<Buffer> {
  const written = Promise.withResolvers<Buffer>();
  const below = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      written.resolve(chunk);
      done();
    },
  });
  const client = connect({ ...optionsFor(transport), socket: below }).on('error', () => {});
  const hello = await written.promise;
  client.destroy();
  return hello;
}

/**
 * Makes a TLS handshake over a connection. Resolves with the writer of its records;
 * with undefined when the connection ends before.
 */
export async function agreeOnTls(
  connection: RawConnection,
  transport: TransportName,
): Promise<TlsRecords | undefined> {
  const below = new Duplex({
    read() {},
    write: (chunk: Buffer, _encoding, done) => void connection.write(chunk).then(() => done()),
  });
  connection.read((bytes) => below.push(bytes));
  const secure = connect({ ...optionsFor(transport), socket: below }).on('error', () => {});
  let secret: Buffer | undefined;
  secure.on('keylog', (line: Buffer) => {
    const [, hex] = /^CLIENT_TRAFFIC_SECRET_0 \S+ (\S+)/.exec(line.toString()) ?? [];
    if (hex !== undefined) secret = Buffer.from(hex, 'hex');
  });
  await Promise.race([once(secure, 'secureConnect'), connection.closed]).catch(() => {});
  return secret === undefined ? undefined : new TlsRecords(secret);
}
