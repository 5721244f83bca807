import { WireError } from '../dissector.ts';
import { PendingBytes } from '../pending-bytes.ts';

/** The content types of records. (RFC 8446, section 5.1) */
export const ContentType = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
} as const;

/** Type, version, length. (RFC 8446, section 5.1) */
const recordHeaderBytes = 5;

/** The longest payload: plaintext, its type and padding, and what encryption adds. (RFC 8446, section 5.2) */
const payloadBytesMax = 2 ** 14 + 256;

/** A record as it crossed. */
export interface TlsRecord {
  readonly type: number;
  /** It is authenticated together with the payload. */
  readonly header: Buffer;
  readonly payload: Buffer;
}

/** Turns the bytes of one direction into records. */
export class RecordDecoder extends PendingBytes {
  /** The next record; undefined when more bytes are needed. */
  next(): TlsRecord | undefined {
    const header = this.peek(0, recordHeaderBytes);
    if (header === undefined) return undefined;
    const payloadBytes = header.readUInt16BE(3);
    if (payloadBytes > payloadBytesMax)
      throw new WireError(`a TLS record of ${payloadBytes} bytes`);
    const record = this.take(recordHeaderBytes + payloadBytes);
    if (record === undefined) return undefined;
    return {
      type: record.readUInt8(0),
      header: record.subarray(0, recordHeaderBytes),
      payload: record.subarray(recordHeaderBytes),
    };
  }
}
