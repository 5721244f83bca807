import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** A file that TLS cannot use. The message says what is wrong with it, and what to do. */
export class TlsFileError extends Error {
  override readonly name = 'TlsFileError';
}

/**
 * Reads a file.
 *
 * @throws TlsFileError when it cannot be read
 */
export async function readPem(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new TlsFileError(`there is no ${file}; check the name`);
    if (code === 'EACCES' || code === 'EPERM') {
      throw new TlsFileError(`this user may not read ${file}; let the user of the server read it`);
    }
    throw new TlsFileError(`${file} cannot be read: ${message}`);
  }
}

/**
 * Returns the first certificate of a text in PEM.
 *
 * @throws TlsFileError when it has none
 */
export function certificateIn(pem: Buffer, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new TlsFileError(
      `${file} has no certificate in PEM; it should have a part that begins with -----BEGIN CERTIFICATE-----`,
    );
  }
}

/**
 * Returns the private key of a text in PEM.
 *
 * @throws TlsFileError when it has none, or it is encrypted
 */
export function privateKeyIn(pem: Buffer, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (/PASSPHRASE|BAD_DECRYPT|INTERRUPTED/.test(code) || /passphrase/i.test(message)) {
      throw new TlsFileError(
        `the key in ${file} is encrypted; decrypt it (openssl pkey), and let nobody else read it`,
      );
    }
    throw new TlsFileError(
      `${file} has no private key in PEM; it should have a part that begins with -----BEGIN PRIVATE KEY-----`,
    );
  }
}
