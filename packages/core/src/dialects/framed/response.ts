import { Status } from '../../rules/codes.ts';
import { hasContent } from '../../rules/outcomes.ts';
import { encodeFrame, headerBytes } from './frame.ts';
import { ReceiveBuffer } from './receive-buffer.ts';

/** A response or a push as the framed dialect carries it. [P-6.3] */
export interface FramedResponse {
  readonly kind: 'response';
  readonly status: Status;
  /** One character a byte; empty for a status that has none. */
  readonly content: string;
}

/** A byte in the place of a status that is none. The bytes after it mean nothing. [P-6.3] */
export interface UnknownStatus {
  readonly kind: 'unknown-status';
  readonly byte: number;
}

/** The most content that one frame carries, in bytes; more travels as pages. [P-6.4] */
export const frameContentBytesMax = 0xffff;

const knownStatuses: ReadonlySet<number> = new Set(Object.values(Status));

/**
 * Encodes a response frame: `status u8`, and for a status that has content `length u16 big-endian` and
 * `content`. [P-6.3]
 *
 * @param content ASCII, at most {@link frameContentBytesMax}; left out for a status without content
 */
export function encodeFramedResponse(status: Status, content = ''): Buffer {
  if (!hasContent(status)) return Buffer.of(status);
  return encodeFrame(status, content);
}

/** Turns a server's bytes, after the version byte, into responses. Does no I/O and never throws. */
export class FramedResponseDecoder {
  readonly #received = new ReceiveBuffer();

  /** Bytes received and not yet decoded; at most 3 + 65,535 once `next` has nothing. */
  get bufferedBytes(): number {
    return this.#received.length;
  }

  /** Adds bytes, those of a chunk from `start` to `end`. The caller gives the chunk away. */
  push(chunk: Buffer, start?: number, end?: number): void {
    this.#received.push(chunk, start, end);
  }

  /** Returns the next response; undefined when more bytes are needed. Not to be called after `unknown-status`. */
  next(): FramedResponse | UnknownStatus | undefined {
    const received = this.#received;
    if (received.length === 0) return this.#wait();
    const byte = received.byteAt(0);
    if (!hasContent(byte)) {
      if (!knownStatuses.has(byte)) return { kind: 'unknown-status', byte };
      received.consume(1);
      return { kind: 'response', status: byte as Status, content: '' };
    }
    if (received.length < headerBytes) return this.#wait();
    const contentBytes = received.u16At(1);
    if (received.length < headerBytes + contentBytes) return this.#wait();
    const content = received.textAt(headerBytes, contentBytes);
    received.consume(headerBytes + contentBytes);
    return { kind: 'response', status: byte as Status, content };
  }

  #wait(): undefined {
    this.#received.keep();
  }
}
