import { createCipheriv, createHmac } from 'node:crypto';

const hashBytes = 32;
const keyBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;

const applicationData = 23;
const handshake = 22;

/** The KeyUpdate message: its sender writes with new keys from now on, and the receiver need not. [RFC 8446, 4.6.3] */
const keyUpdate = Buffer.of(24, 0, 0, 1, 0);

/**
 * The records of a client of TLS 1.3 with AES-128-GCM, written by hand, since a library decides itself how much
 * is in a record, and when keys are new.
 */
export class TlsRecords {
  #secret: Buffer;
  #key: Buffer;
  #nonce: Buffer;
  #sequence = 0;

  /** @param secret the client's secret for application data, with which nothing was sent yet */
  constructor(secret: Buffer) {
    this.#secret = secret;
    this.#key = expand(secret, 'key', keyBytes);
    this.#nonce = expand(secret, 'iv', nonceBytes);
  }

  /** Returns a record with these bytes. */
  data(bytes: Buffer): Buffer {
    return this.#record(applicationData, bytes);
  }

  /** Returns a record that changes the keys. */
  newKeys(): Buffer {
    const record = this.#record(handshake, keyUpdate);
    this.#secret = expand(this.#secret, 'traffic upd', hashBytes);
    this.#key = expand(this.#secret, 'key', keyBytes);
    this.#nonce = expand(this.#secret, 'iv', nonceBytes);
    this.#sequence = 0;
    return record;
  }

  /** [RFC 8446, 5.2 and 5.3] */
  #record(type: number, bytes: Buffer): Buffer {
    const header = Buffer.of(applicationData, 3, 3, 0, 0);
    header.writeUInt16BE(bytes.length + 1 + tagBytes, 3);
    const nonce = Buffer.from(this.#nonce);
    const at = nonceBytes - 4;
    nonce.writeUInt32BE((nonce.readUInt32BE(at) ^ this.#sequence++) >>> 0, at);
    const cipher = createCipheriv('aes-128-gcm', this.#key, nonce).setAAD(header);
    return Buffer.concat([
      header,
      cipher.update(bytes),
      cipher.update(Buffer.of(type)),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  }
}

/** HKDF-Expand-Label without a context, of at most one hash. [RFC 8446, 7.1] */
function expand(secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.of(0, length, name.length), name, Buffer.of(0, 1)]);
  return createHmac('sha256', secret).update(info).digest().subarray(0, length);
}
