import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** The certificate to make. */
export interface CertificateOptions {
  /** The names and IP addresses by which clients reach the server; at least one. */
  readonly names: readonly string[];
  /** The days for which it is valid, from now on. */
  readonly days: number;
}

/** A private key and its certificate. */
export interface MadeCertificate {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
  /** The SHA-256 of the certificate, as `AB:CD:…`. */
  readonly fingerprint: string;
  readonly validUntil: Date;
}

const dayMs = 24 * 3_600_000;

// A client whose clock is a little behind takes it, too.
const clockToleranceMs = 5 * 60_000;

/** Makes a key (ECDSA, over prime256v1) and a certificate of a server that it signs itself. */
export async function makeCertificate(options: CertificateOptions): Promise<MadeCertificate> {
  // Loaded when it is used: it takes as long as all of TLS.
  const { generate } = await import('selfsigned');
  const now = Date.now();
  const validUntil = new Date(now + options.days * dayMs);
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'Tandem server' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - clockToleranceMs),
    notAfterDate: validUntil,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: options.names.map(altName) },
    ],
  });
  return { key, cert, fingerprint: new X509Certificate(cert).fingerprint256, validUntil };
}

/** Returns a name as certificates have it. */
export function altName(name: string): { type: 7; ip: string } | { type: 2; value: string } {
  return isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name };
}
