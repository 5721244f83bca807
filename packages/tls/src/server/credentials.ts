import type { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { certificateIn, privateKeyIn, readPem, TlsFileError } from '../pem-files.ts';
import { tlsPolicy } from '../policy.ts';

/** The files that a server's TLS is made of, in PEM. */
export interface TlsFiles {
  /** The server's certificate, and behind it those of the authorities between it and the root. */
  readonly certFile: string;
  /** The private key of the certificate, not encrypted. */
  readonly keyFile: string;
  /** The certificates of the authorities whose client certificates are taken; undefined for none. */
  readonly caFile: string | undefined;
}

/** The contents of the files, checked. */
export interface Credentials {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer | undefined;
  /** The server's own certificate. */
  readonly certificate: X509Certificate;
}

/**
 * Reads and checks the files: each is what it should be, and the key belongs to the certificate.
 *
 * @throws TlsFileError
 */
export async function readCredentials(files: TlsFiles): Promise<Credentials> {
  const { certFile, keyFile, caFile } = files;
  const [cert, key, ca] = await Promise.all([
    readPem(certFile),
    readPem(keyFile),
    caFile === undefined ? undefined : readPem(caFile),
  ]);
  const certificate = certificateIn(cert, certFile);
  if (ca !== undefined) certificateIn(ca, caFile as string);
  if (!certificate.checkPrivateKey(privateKeyIn(key, keyFile))) {
    throw new TlsFileError(
      `the key in ${keyFile} does not belong to the certificate in ${certFile}; name the key of that certificate, and let the server's own certificate be the first in its file`,
    );
  }
  tryOut({ cert, key, ca }, certFile);
  return { cert, key, ca, certificate };
}

/** OpenSSL has rules of its own, for one that a key is not too short. */
function tryOut(parts: Pick<Credentials, 'cert' | 'key' | 'ca'>, certFile: string): void {
  const { ca, ...own } = parts;
  try {
    createSecureContext({ ...own, ...(ca === undefined ? {} : { ca }), ...tlsPolicy });
  } catch (error) {
    const { message } = error as Error;
    throw new TlsFileError(
      `the certificate in ${certFile} cannot be used (${message}); have another one made`,
    );
  }
}
