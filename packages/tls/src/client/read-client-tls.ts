import { certificatesIn, privateKeyIn, readPem, TlsFileError } from '../pem-files.ts';
import type { ClientTls } from './client-tls.ts';

/** The TLS that a client is asked for, by files. */
export interface ClientTlsFiles {
  readonly tls?: boolean | undefined;
  readonly tlsCa?: string | undefined;
  readonly tlsFingerprint?: string | undefined;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
}

/**
 * Returns the TLS that is asked for; undefined when none is.
 *
 * @throws TlsFileError that says what is wrong with which file, and what to do
 */
export async function readClientTls(files: ClientTlsFiles): Promise<ClientTls | undefined> {
  const { tls = false, tlsCa, tlsFingerprint, tlsCert, tlsKey } = files;
  const others = [tlsCa, tlsFingerprint, tlsCert, tlsKey];
  if (!tls && others.every((other) => other === undefined)) return undefined;
  const [ca, cert, key] = await Promise.all(
    [tlsCa, tlsCert, tlsKey].map((file) => (file === undefined ? undefined : readPem(file))),
  );
  if (ca !== undefined) certificatesIn(ca, tlsCa as string);
  if (cert !== undefined && key !== undefined) {
    const [certificate] = certificatesIn(cert, tlsCert as string);
    if (!certificate.checkPrivateKey(privateKeyIn(key, tlsKey as string))) {
      throw new TlsFileError(
        `the key in ${tlsKey} does not belong to the certificate in ${tlsCert}; name the key of that certificate`,
      );
    }
  }
  return { ca, fingerprint: tlsFingerprint, cert, key };
}
