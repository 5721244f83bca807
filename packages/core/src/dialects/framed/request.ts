import { Operation } from '../../rules/codes.ts';
import { messageCharsMax, queryCharsMax, usernameCharsMax } from '../../rules/limits.ts';
import { encodeFrame, headerBytes } from './frame.ts';
import { ReceiveBuffer } from './receive-buffer.ts';

/** The first byte of a framed connection, both ways: high bit set, version 1. [P-6.1] */
export const framedVersion = 0x81;

/** Tells if a connection's first byte announces the framed dialect, of any version. [P-6.1] */
export function isFramedVersion(firstByte: number): boolean {
  return firstByte >= 0x80;
}

/** A request as the framed dialect carries it; the content is not yet validated. [P-6.2] */
export interface FramedRequest {
  readonly kind: 'request';
  /** Any byte: whether it names an operation is for the server to say. */
  readonly operation: number;
  /** One character a byte. */
  readonly content: string;
}

/** A request longer than its operation can need. Nothing after it can be trusted. [P-6.5] */
export interface OversizedRequest {
  readonly kind: 'oversized';
  readonly operation: number;
  /** The length that its header announced, in bytes. */
  readonly contentBytes: number;
}

/** The longest content that any request can need: `sender|recipient|body`. [P-6.5] */
export const requestContentBytesMax = 2 * usernameCharsMax + 2 + messageCharsMax;

/** The longest request frame, in bytes; a decoder never waits for more. [P-6.5] */
export const requestFrameBytesMax = headerBytes + requestContentBytesMax;

// As many digits as the largest count that a number holds exactly, 2^53 - 1.
const acknowledgeDigitsMax = 16;

const contentBytesLimits: Readonly<Record<number, number>> = {
  [Operation.register]: usernameCharsMax,
  [Operation.login]: usernameCharsMax,
  [Operation.search]: queryCharsMax,
  [Operation.send]: requestContentBytesMax,
  [Operation.logout]: usernameCharsMax,
  [Operation.delete]: usernameCharsMax,
  [Operation.acknowledge]: acknowledgeDigitsMax,
  [Operation.loginWithSecret]: requestContentBytesMax,
  [Operation.registerWithSecret]: requestContentBytesMax,
  [Operation.resume]: requestContentBytesMax,
  [Operation.changeSecret]: requestContentBytesMax,
  [Operation.block]: requestContentBytesMax,
  [Operation.unblock]: requestContentBytesMax,
} satisfies Record<Operation, number>;

/** Returns the longest content that an operation can need, in bytes. An unknown one may be as long as any. [P-6.5] */
export function requestContentBytesLimit(operation: number): number {
  return contentBytesLimits[operation] ?? requestContentBytesMax;
}

/**
 * Encodes a request frame: `op u8`, `length u16 big-endian`, `content`. [P-6.2]
 *
 * @param content ASCII, and no longer than its operation can need: the caller has validated it
 */
export function encodeFramedRequest(operation: Operation, content: string): Buffer {
  return encodeFrame(operation, content);
}

/** Turns a client's bytes, after the version byte, into requests. Does no I/O and never throws. */
export class FramedRequestDecoder {
  readonly #received = new ReceiveBuffer();

  /** Bytes received and not yet decoded; less than {@link requestFrameBytesMax} once `next` has nothing. */
  get bufferedBytes(): number {
    return this.#received.length;
  }

  /** The memory that holds them, in bytes. */
  get capacityBytes(): number {
    return this.#received.capacity;
  }

  /** Adds bytes, those of a chunk from `start` to `end`. The caller gives the chunk away. */
  push(chunk: Buffer, start?: number, end?: number): void {
    this.#received.push(chunk, start, end);
  }

  /** Returns the next request; undefined when more bytes are needed. Not to be called after `oversized`. */
  next(): FramedRequest | OversizedRequest | undefined {
    const received = this.#received;
    if (received.length < headerBytes) return this.#wait();
    const operation = received.byteAt(0);
    const contentBytes = received.u16At(1);
    if (contentBytes > requestContentBytesLimit(operation)) {
      return { kind: 'oversized', operation, contentBytes };
    }
    if (received.length < headerBytes + contentBytes) return this.#wait();
    const content = received.textAt(headerBytes, contentBytes);
    received.consume(headerBytes + contentBytes);
    return { kind: 'request', operation, content };
  }

  #wait(): undefined {
    this.#received.keep();
  }
}
