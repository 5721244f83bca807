import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificate } from '@tandem/tls/certificate';

/** The certificate of a server of the rig. */
export interface ServerCertificate {
  /** Its SHA-256, with which clients check it. */
  readonly fingerprint: string;
  /** The options with which `serve` also speaks TLS. */
  readonly options: readonly string[];
}

/** Writes a certificate and its key to files in a directory. */
export async function writeCertificate(directory: string): Promise<ServerCertificate> {
  const { cert, key, fingerprint } = await makeCertificate({ names: ['localhost'], days: 1 });
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  await writeFile(certFile, cert);
  await writeFile(keyFile, key, { mode: 0o600 });
  const options = ['--tls', 'optional', '--tls-cert', certFile, '--tls-key', keyFile];
  return { fingerprint, options };
}
