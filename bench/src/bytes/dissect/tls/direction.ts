import type { Layer } from '../../layers.ts';
import type { Annotator } from '../annotator.ts';
import { type Dissector, WireError } from '../dissector.ts';
import {
  annotateHandshake,
  HandshakeDecoder,
  type HandshakeMessage,
  HandshakeType,
} from './handshake.ts';
import { ContentType, RecordDecoder, type TlsRecord } from './record.ts';
import { type RecordKey, tagBytes } from './record-key.ts';

/** The secret that encrypts records: first the handshake's, then the data's. */
export type Epoch = 'handshake' | 'data';

/** The part of the connection that one direction uses. */
export interface TlsDirectionListener {
  /** A message of the handshake that is not encrypted. */
  hello(message: HandshakeMessage): void;
  /** The key of an epoch of this direction. */
  key(epoch: Epoch): RecordKey;
}

/** The stream that records carry: its dissector and its annotator. */
interface Carried {
  readonly dissector: Dissector;
  readonly annotator: Annotator;
}

/**
 * One direction of a TLS 1.3 connection: which of its bytes are the handshake's, which protect data,
 * and the data itself, for another dissector. (RFC 8446)
 */
export class TlsDirection implements Dissector {
  readonly #records = new RecordDecoder();
  readonly #handshake = new HandshakeDecoder();
  readonly #annotator: Annotator;
  /** The bytes of handshake messages, which records may cut. */
  readonly #handshakeAnnotator: Annotator;
  readonly #plain: Carried;
  readonly #listener: TlsDirectionListener;
  #epoch: Epoch = 'handshake';
  #key: RecordKey | undefined;

  constructor(annotator: Annotator, plain: Carried, listener: TlsDirectionListener) {
    this.#annotator = annotator;
    this.#handshakeAnnotator = annotator.carried();
    this.#plain = plain;
    this.#listener = listener;
  }

  get pendingBytes(): number {
    return this.#records.length + this.#handshake.length + this.#plain.dissector.pendingBytes;
  }

  push(chunk: Uint8Array): void {
    this.#records.push(chunk);
    for (let record = this.#records.next(); record !== undefined; record = this.#records.next()) {
      this.#take(record);
    }
  }

  #take(record: TlsRecord): void {
    switch (record.type) {
      // It has no meaning in 1.3; it is there for middleboxes. (RFC 8446, appendix D.4)
      case ContentType.changeCipherSpec:
        this.#annotate(record, 'tlsHandshake', 'ChangeCipherSpec', (layer) =>
          this.#annotator.add(layer, record.payload.length, 'says nothing: for middleboxes'),
        );
        break;
      case ContentType.handshake:
        this.#annotate(record, 'tlsHandshake', 'handshake', () =>
          this.#takeHandshake(record.payload, (message) => this.#listener.hello(message)),
        );
        break;
      case ContentType.alert:
        this.#annotate(record, 'tlsRecords', 'alert', (layer) =>
          this.#annotator.add(layer, record.payload.length, 'alert'),
        );
        break;
      case ContentType.applicationData:
        this.#takeSealed(record);
        break;
      default:
        throw new WireError(`a TLS record of type ${record.type}`);
    }
  }

  #takeSealed(record: TlsRecord): void {
    this.#key ??= this.#listener.key(this.#epoch);
    const { type, content } = this.#key.open(record);
    const sealed = (layer: Layer, what: string, take: (layer: Layer) => void) =>
      this.#annotate(record, layer, `sealed ${what}`, () => {
        take(layer);
        const paddingBytes = record.payload.length - content.length - tagBytes;
        this.#annotator.add(layer, paddingBytes, `type of what is sealed: ${what}`);
        this.#annotator.add(layer, tagBytes, 'tag that authenticates the record');
      });
    switch (type) {
      case ContentType.handshake:
        sealed('tlsHandshake', 'handshake', () =>
          this.#takeHandshake(content, (message) => this.#takeMessage(message)),
        );
        break;
      case ContentType.alert:
        sealed('tlsRecords', 'alert', (layer) =>
          this.#annotator.add(layer, content.length, alertWords(content)),
        );
        break;
      case ContentType.applicationData:
        sealed('tlsRecords', 'data', () => {
          this.#annotator.carry(content.length, this.#plain.annotator);
          this.#plain.dissector.push(content);
        });
        break;
      default:
        throw new WireError(`a sealed TLS record of type ${type}`);
    }
  }

  /** Annotates a record's header; `annotatePayload` does the rest. (RFC 8446, section 5.1) */
  #annotate(
    { type, payload }: TlsRecord,
    layer: Layer,
    what: string,
    annotatePayload: (layer: Layer) => void,
  ): void {
    this.#annotator.within({ title: `TLS record: ${what}`, clause: 'RFC 8446, 5.1' }, () => {
      this.#annotator.add(layer, 1, `type ${type}`);
      this.#annotator.add(layer, 2, 'version, always that of 1.2');
      this.#annotator.add(layer, 2, `length ${payload.length}`);
      annotatePayload(layer);
    });
  }

  #takeHandshake(content: Buffer, take: (message: HandshakeMessage) => void): void {
    this.#annotator.carry(content.length, this.#handshakeAnnotator);
    this.#handshake.push(content);
    for (let next = this.#handshake.next(); next !== undefined; next = this.#handshake.next()) {
      annotateHandshake(next, this.#handshakeAnnotator);
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

function alertWords(content: Buffer): string {
  return content[1] === 0 ? 'alert close_notify: the end' : `alert ${content[1]}`;
}
