import { type Account, type Dissector, WireError } from '../dissector.ts';
import { HandshakeDecoder, type HandshakeMessage, HandshakeType } from './handshake.ts';
import { ContentType, RecordDecoder, recordHeaderBytes, type TlsRecord } from './record.ts';
import type { RecordKey } from './record-key.ts';

/** Which secret seals records: that of the handshake, and after it that of the data. */
export type Epoch = 'handshake' | 'data';

/** What one direction needs of the connection. */
export interface TlsDirectionListener {
  /** A message of the handshake that is not sealed. */
  hello(message: HandshakeMessage): void;
  /** The key of an epoch of this direction. */
  key(epoch: Epoch): RecordKey;
}

/**
 * One direction of a TLS 1.3 connection: which of its bytes are the handshake's, which protect data,
 * and the data itself, for another dissector. (RFC 8446)
 */
export class TlsDirection implements Dissector {
  readonly #records = new RecordDecoder();
  readonly #handshake = new HandshakeDecoder();
  readonly #account: Account;
  readonly #plain: Dissector;
  readonly #listener: TlsDirectionListener;
  #epoch: Epoch = 'handshake';
  #key: RecordKey | undefined;

  constructor(account: Account, plain: Dissector, listener: TlsDirectionListener) {
    this.#account = account;
    this.#plain = plain;
    this.#listener = listener;
  }

  get pendingBytes(): number {
    return this.#records.pendingBytes + this.#plain.pendingBytes;
  }

  push(chunk: Uint8Array): void {
    this.#records.push(chunk);
    for (let record = this.#records.next(); record !== undefined; record = this.#records.next()) {
      this.#take(record);
    }
  }

  #take(record: TlsRecord): void {
    const recordBytes = recordHeaderBytes + record.payload.length;
    switch (record.type) {
      // It says nothing in 1.3: it is there for middleboxes. (RFC 8446, appendix D.4)
      case ContentType.changeCipherSpec:
        this.#account('tlsHandshake', recordBytes);
        break;
      case ContentType.handshake:
        this.#account('tlsHandshake', recordBytes);
        this.#takeHandshake(record.payload, (message) => this.#listener.hello(message));
        break;
      case ContentType.alert:
        this.#account('tlsRecords', recordBytes);
        break;
      case ContentType.applicationData:
        this.#takeSealed(record, recordBytes);
        break;
      default:
        throw new WireError(`a TLS record of type ${record.type}`);
    }
  }

  #takeSealed(record: TlsRecord, recordBytes: number): void {
    this.#key ??= this.#listener.key(this.#epoch);
    const { type, content } = this.#key.open(record);
    switch (type) {
      case ContentType.handshake:
        this.#account('tlsHandshake', recordBytes);
        this.#takeHandshake(content, (message) => this.#takeMessage(message));
        break;
      case ContentType.alert:
        this.#account('tlsRecords', recordBytes);
        break;
      case ContentType.applicationData:
        this.#account('tlsRecords', recordBytes - content.length);
        this.#plain.push(content);
        break;
      default:
        throw new WireError(`a sealed TLS record of type ${type}`);
    }
  }

  #takeHandshake(content: Buffer, take: (message: HandshakeMessage) => void): void {
    this.#handshake.push(content);
    for (let next = this.#handshake.next(); next !== undefined; next = this.#handshake.next()) {
      take(next);
    }
  }

  #takeMessage({ type }: HandshakeMessage): void {
    if (type === HandshakeType.keyUpdate) throw new WireError('a TLS key update');
    if (type !== HandshakeType.finished) return;
    this.#epoch = 'data';
    this.#key = undefined;
  }
}
