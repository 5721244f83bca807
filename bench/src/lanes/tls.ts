import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from '@tandem/command/cache-directory';
import { makeCertificate } from '@tandem/tls/certificate';
import { type ClientTls, TlsTickets } from '@tandem/tls/client';
import { ServerTls } from '@tandem/tls/server';
import type { LaneClient, Target } from './lane.ts';

const beside = fileURLToPath(new URL('../../../node_modules/.cache/bench', import.meta.url));
// In the place of all users, each has a directory.
const directory =
  cacheDirectory(beside, 'tandem-bench') ??
  join(tmpdir(), `tandem-bench-${process.getuid?.() ?? 'user'}`);
const names = ['127.0.0.1', 'localhost'];
const days = 2;
const dayMs = 24 * 3_600_000;

/** The entry of the fairness ledger for every lane over TLS. */
export const tlsSettings =
  'TLSv1.3 with TLS_AES_128_GCM_SHA256 (OpenSSL of Node.js), a certificate with ECDSA on P-256 that the client trusts by itself, none of the client';

/**
 * The file with today's certificate and its key, which servers and clients of the lab share. The first process
 * makes it, and it appears complete, so two processes at once do no harm.
 */
async function certificateFile(): Promise<string> {
  const day = Math.floor(Date.now() / dayMs);
  const file = join(directory, `tls-${day}.pem`);
  if (readCertificate(file) !== undefined) return file;
  const { key, cert } = await makeCertificate({ names, days });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${cert}\n${key}\n`, { mode: 0o600 });
  renameSync(own, file);
  return file;
}

function readCertificate(file: string): string | undefined {
  try {
    return /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(
      readFileSync(file, 'latin1'),
    )?.[0];
  } catch {
    return undefined;
  }
}

/** The TLS of a lane's server, which speaks nothing else. */
export async function laneServerTls(): Promise<ServerTls> {
  const file = await certificateFile();
  return ServerTls.open({
    certFile: file,
    keyFile: file,
    caFile: undefined,
    mode: 'required',
    clientCertificates: 'off',
  });
}

/** The TLS of a lane's client, whose connections all make a whole handshake. */
export async function laneClientTls(): Promise<ClientTls> {
  return { ca: readCertificate(await certificateFile()) };
}

/**
 * Returns a function that connects a lane with the ticket of an earlier connection.
 *
 * @param connect how it connects with this TLS
 */
export function resuming(
  connect: (target: Target, tls: ClientTls) => Promise<LaneClient>,
): (target: Target) => Promise<LaneClient> {
  const tickets = new TlsTickets();
  return async (target) => {
    const isFirst = tickets.last === undefined;
    const client = await connect(target, { ...(await laneClientTls()), tickets });
    if (isFirst || tickets.resumed) return client;
    await client.close();
    throw new Error('the session was not resumed');
  };
}
