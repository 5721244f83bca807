import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';

/** A file that TLS cannot use. The message says what is wrong with it, and what to do. */
export class TlsFileError extends Error {
  override readonly name = 'TlsFileError';
}

// The certificates of all public authorities take a quarter of it. A device may have no end.
const fileBytesMax = 1024 * 1024;

/**
 * Reads a file.
 *
 * @throws TlsFileError when it cannot be read, or is larger than 1 MiB
 */
export async function readPem(file: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await buffer(createReadStream(file, { end: fileBytesMax }));
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new TlsFileError(`there is no ${file}; check the name`);
    if (code === 'EACCES' || code === 'EPERM') {
      throw new TlsFileError(`this user may not read ${file}; let the user of the server read it`);
    }
    throw new TlsFileError(`${file} cannot be read: ${message}`);
  }
  if (bytes.length > fileBytesMax) {
    throw new TlsFileError(`${file} is larger than 1 MiB; name a file in PEM`);
  }
  return bytes;
}

const begin = '-----BEGIN CERTIFICATE-----';
const whole = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * Returns the certificates of a text in PEM, in their order.
 *
 * @throws TlsFileError when it has none, or one of them is damaged
 */
export function certificatesIn(
  pem: Buffer,
  file: string,
): readonly [X509Certificate, ...X509Certificate[]] {
  const text = pem.toString('latin1');
  const parts = text.match(whole) ?? [];
  const certificates = parts.map((part, at) => {
    try {
      return new X509Certificate(part);
    } catch {
      throw damaged(file, at);
    }
  });
  // One that was cut has a beginning alone.
  if (text.split(begin).length - 1 > parts.length) throw damaged(file, parts.length);
  const [first, ...others] = certificates;
  if (first !== undefined) return [first, ...others];
  throw new TlsFileError(
    `${file} has no certificate in PEM; it should have a part that begins with ${begin}`,
  );
}

/** @param at the place of the certificate in its file, from 0 */
function damaged(file: string, at: number): TlsFileError {
  return new TlsFileError(
    `certificate ${at + 1} in ${file} is damaged; copy the file again, or have another one made`,
  );
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
