import type { X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { duplexPair } from 'node:stream';
import { connect, createSecureContext, TLSSocket } from 'node:tls';
import { certificatesIn, privateKeyIn, readPem, TlsFileError } from '../pem-files.ts';
import { tlsPolicy } from '../policy.ts';

/** The files that a server's TLS is made of, in PEM. */
export interface TlsFiles {
  /** The server's certificate, and behind it those of the authorities between it and the root. */
  readonly certFile: string;
  /** The private key of the certificate, not encrypted. */
  readonly keyFile: string;
  /** The certificates of the authorities whose client certificates the server accepts; undefined for none. */
  readonly caFile: string | undefined;
}

/** The contents of the files, checked. */
export interface Credentials {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: Buffer;
  /** PEM. */
  readonly ca: string | undefined;
  /** The server's own certificate. */
  readonly certificate: X509Certificate;
  /** The certificates behind it in its file. */
  readonly issuers: readonly X509Certificate[];
  /** The authorities whose client certificates the server accepts. */
  readonly authorities: readonly X509Certificate[];
  /** Sentences about what is odd and can be used all the same. */
  readonly notices: readonly string[];
}

/**
 * Reads and checks the files: each is what it should be, the key belongs to the certificate, and a client
 * can agree on TLS with them.
 *
 * @throws TlsFileError
 */
export async function readCredentials(files: TlsFiles): Promise<Credentials> {
  const { certFile, keyFile, caFile } = files;
  for (const file of [certFile, keyFile, caFile]) await refuseWhatIsNoFile(file);
  const [certs, key, cas] = await Promise.all([
    readPem(certFile),
    readPem(keyFile),
    caFile === undefined ? undefined : readPem(caFile),
  ]);
  const [certificate, ...issuers] = certificatesIn(certs, certFile);
  const authorities = cas === undefined ? [] : certificatesIn(cas, caFile as string);
  // Each on lines of its own: files are put together that do not end with a line.
  const cert = [certificate, ...issuers].join('');
  const ca = cas === undefined ? undefined : authorities.join('');
  if (!certificate.checkPrivateKey(privateKeyIn(key, keyFile))) {
    throw new TlsFileError(
      `the key in ${keyFile} does not belong to the certificate in ${certFile}; name the key of that certificate, and let the server's own certificate be the first in its file`,
    );
  }
  if (!isOfServer(certificate)) {
    throw new TlsFileError(
      `the certificate in ${certFile} is not for servers (extended key usage), so clients refuse it; have one made for a server`,
    );
  }
  await tryOut({ cert, key, ca }, certFile);
  const notices = [
    ...noticeOfOrder([certificate, ...issuers], certFile),
    ...noticeOfAuthorities(authorities, caFile),
    ...(await noticeOfAccess(keyFile)),
  ];
  return { cert, key, ca, certificate, issuers, authorities, notices };
}

/** The server reads its files again and again, and does not wait for who writes into a pipe. */
async function refuseWhatIsNoFile(file: string | undefined): Promise<void> {
  // Whoever reads it says why it cannot be read.
  const stats = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (stats === undefined || stats.isFile()) return;
  throw new TlsFileError(
    `${file} is not a regular file, which the server could read again when it changes; name one`,
  );
}

// Extended key usages. [RFC 5280, 4.2.1.12]
const serverUsages: readonly string[] = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];

/** Tells if a certificate may be one of a server: it says so, or says nothing. */
function isOfServer({ keyUsage }: X509Certificate): boolean {
  // The types leave out that it may be missing.
  const usages = keyUsage as readonly string[] | undefined;
  return usages === undefined || usages.some((usage) => serverUsages.includes(usage));
}

/**
 * Agrees on TLS with itself. OpenSSL has rules of its own, for one that a key is not too short, and it
 * takes keys of kinds that no client takes.
 */
async function tryOut(
  { ca, ...own }: Pick<Credentials, 'cert' | 'key' | 'ca'>,
  certFile: string,
): Promise<void> {
  try {
    const options = { ...own, ...(ca === undefined ? {} : { ca }), ...tlsPolicy };
    await agree(createSecureContext(options));
  } catch (error) {
    const { message } = error as Error;
    throw new TlsFileError(
      `the certificate in ${certFile} cannot be used (${message}); have another one made`,
    );
  }
}

/** Agrees on TLS in memory. Rejects with the error of the side that sees one first. */
async function agree(secureContext: ReturnType<typeof createSecureContext>): Promise<void> {
  const [here, there] = duplexPair();
  const server = new TLSSocket(here, { isServer: true, secureContext });
  const client = connect({ ...tlsPolicy, socket: there, rejectUnauthorized: false });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  client.once('secureConnect', resolve);
  for (const side of [server, client]) {
    side.on('error', reject);
    side.once('close', () => reject(new Error('TLS was not agreed on')));
  }
  try {
    await promise;
  } finally {
    client.destroy();
    server.destroy();
  }
}

function noticeOfOrder(chain: readonly X509Certificate[], certFile: string): string[] {
  const wrong = chain.findIndex((issuer, at) => at > 0 && !chain[at - 1]?.checkIssued(issuer));
  if (wrong < 0) return [];
  return [
    `certificate ${wrong + 1} in ${certFile} is not that of the signer of the one before it, so some clients will not trust this server: put the certificates in order, each before that of its signer`,
  ];
}

function noticeOfAuthorities(
  authorities: readonly X509Certificate[],
  caFile: string | undefined,
): string[] {
  if (authorities.length === 0) return [];
  // A certificate that signs itself stands for itself alone.
  if (authorities.some((authority) => authority.ca || authority.checkIssued(authority))) return [];
  return [
    `no certificate in ${caFile} is that of an authority, so the server would accept no certificate of a client: name the file of the authority`,
  ];
}

// A group that may read keys is usual.
const othersReadOrWrite = 0o006;

async function noticeOfAccess(keyFile: string): Promise<string[]> {
  // It may be gone by now.
  const { mode } = await stat(keyFile).catch(() => ({ mode: 0 }));
  if ((mode & othersReadOrWrite) === 0) return [];
  return [`any user of this machine may use the key in ${keyFile}: chmod o= ${keyFile}`];
}
