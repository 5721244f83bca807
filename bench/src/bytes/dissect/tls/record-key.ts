import { createDecipheriv, createHmac } from 'node:crypto';
import { WireError } from '../dissector.ts';
import type { TlsRecord } from './record.ts';

interface CipherSuite {
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm';
  readonly hash: 'sha256' | 'sha384';
  readonly keyBytes: number;
}

/** The cipher suites of TLS 1.3 that Node.js prefers. (RFC 8446, appendix B.4) */
const cipherSuites: ReadonlyMap<number, CipherSuite> = new Map([
  [0x1301, { cipher: 'aes-128-gcm', hash: 'sha256', keyBytes: 16 }],
  [0x1302, { cipher: 'aes-256-gcm', hash: 'sha384', keyBytes: 32 }],
]);

const nonceBytes = 12;

/** The length of the authentication tag at the end of a record. */
export const tagBytes = 16;

/** The plaintext of a record. (RFC 8446, section 5.2) */
export interface InnerRecord {
  readonly type: number;
  readonly content: Buffer;
}

/** Decrypts the records of one direction that were encrypted with one secret, in their order. */
export class RecordKey {
  readonly #suite: CipherSuite;
  readonly #key: Buffer;
  readonly #nonce: Buffer;
  #records = 0;

  /** @param suite the number of the cipher suite */
  constructor(suite: number, secret: Buffer) {
    const found = cipherSuites.get(suite);
    if (found === undefined) throw new WireError(`TLS cipher suite ${suite}`);
    this.#suite = found;
    this.#key = expandLabel(found, secret, 'key', found.keyBytes);
    this.#nonce = expandLabel(found, secret, 'iv', nonceBytes);
  }

  /** @throws WireError when another secret encrypted the record, or when it is not the next one */
  open({ header, payload }: TlsRecord): InnerRecord {
    const sealedBytes = payload.length - tagBytes;
    if (sealedBytes < 1) throw new WireError('a sealed TLS record that is too short');
    const decipher = createDecipheriv(this.#suite.cipher, this.#key, this.#nextNonce());
    decipher.setAAD(header);
    decipher.setAuthTag(payload.subarray(sealedBytes));
    const opened = decipher.update(payload.subarray(0, sealedBytes));
    try {
      decipher.final();
    } catch (cause) {
      throw new WireError('a TLS record that its key does not open', { cause });
    }
    return withoutPadding(opened);
  }

  // The record's number, laid over the end of the nonce. (RFC 8446, section 5.3)
  #nextNonce(): Buffer {
    const nonce = Buffer.from(this.#nonce);
    const at = nonceBytes - 4;
    nonce.writeUInt32BE((nonce.readUInt32BE(at) ^ this.#records++) >>> 0, at);
    return nonce;
  }
}

// The type is the last byte that is not zero. (RFC 8446, section 5.4)
function withoutPadding(opened: Buffer): InnerRecord {
  const end = opened.findLastIndex((byte) => byte !== 0);
  if (end < 0) throw new WireError('a TLS record without a type');
  return { type: opened.readUInt8(end), content: opened.subarray(0, end) };
}

/** HKDF-Expand-Label with an empty context, of at most one block. (RFC 8446, section 7.1; RFC 5869) */
function expandLabel({ hash }: CipherSuite, secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.of(0, length, name.length), name, Buffer.of(0)]);
  const block = createHmac(hash, secret).update(info).update(Buffer.of(1)).digest();
  return block.subarray(0, length);
}
