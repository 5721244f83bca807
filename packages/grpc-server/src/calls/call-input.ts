import type { ServerHttp2Stream } from 'node:http2';
import { Readable } from 'node:stream';
import { inOwnMemory, type MemoryAccount } from '@tandem/core/server';
import { shortLived } from './let-go.ts';

/** The flag of a gRPC message and its length, in bytes. */
const prefixBytes = 5;

// grpc-js unpacks all messages of what it is given at once, and keeps them: of 16 KiB, thousands.
const pieceBytes = 1_024;

// A piece this much shorter than the memory that it lies in is copied out of it.
const spareBytesMax = 16_384;

// The memory of a piece that waits, besides its bytes, roughly: a message of no bytes is a piece, too.
const pieceOverheadBytes = 256;

// What waits up to here is part of the memory of the call. More is paid for in steps.
const bytesFree = 8 * 1024;
const bytesPerStep = 16 * 1024;

/** The connection of a call. */
interface InputOwner {
  /** Pays for what waits. */
  readonly account: Pick<MemoryAccount, 'charge' | 'give'>;
  /** Counts bytes of messages, which are of use. */
  messageBytesCame(bytes: number): void;
  /** Counts a part of a message that is not whole. */
  partCame(): void;
}

/**
 * Stands between HTTP/2 and grpc-js on the stream of a call, and bounds the memory that what comes on it takes.
 *
 * A message goes on when it is whole: grpc-js keeps each part of it in a buffer of its own, and a part may be
 * one byte. Whole messages that are not read yet wait in the stream, up to the window of HTTP/2, and the account
 * of the connection pays for them.
 */
export class CallInput {
  readonly #stream: ServerHttp2Stream;
  readonly #owner: InputOwner;
  readonly #messageBytesMax: number;
  /** The message that has begun, with room for what is known of its length. */
  #begun: Buffer | undefined;
  #begunBytes = 0;
  /** True when a message is too long, for which grpc-js ends the call: nothing is kept any more. */
  #passes = false;
  #waitingBytes = 0;
  #paidBytes = bytesFree;

  /** @param messageBytesMax the longest message that grpc-js takes */
  constructor(stream: ServerHttp2Stream, owner: InputOwner, messageBytesMax: number) {
    this.#stream = stream;
    this.#owner = owner;
    this.#messageBytesMax = messageBytesMax;
    stream.push = shortLived((chunk: Buffer | null) =>
      chunk === null ? this.#end() : this.#take(chunk),
    );
  }

  /** Gives back what nothing waits for any more. To be called now and then. */
  look(): void {
    if (this.#stream.readableLength === 0) this.close();
  }

  /** Gives back all memory: the stream has closed, or nothing waits. */
  close(): void {
    this.#waitingBytes = 0;
    this.#pay(bytesFree);
  }

  #end(): boolean {
    // A message that is not whole is none, but grpc-js is to see that it had begun.
    if (this.#begunBytes > 0) this.#give(this.#begun?.subarray(0, this.#begunBytes) as Buffer);
    return Readable.prototype.push.call(this.#stream, null);
  }

  #take(chunk: Buffer): boolean {
    this.#owner.messageBytesCame(chunk.length);
    let wantsMore = true;
    for (let at = 0; at < chunk.length; ) {
      const end = this.#endOfWhole(chunk, at);
      if (end > at) {
        wantsMore = this.#give(chunk.subarray(at, end));
        at = end;
      } else {
        at += this.#keep(chunk, at);
        if (this.#isWhole()) wantsMore = this.#giveBegun();
      }
    }
    if (this.#begunBytes > 0) this.#owner.partCame();
    return wantsMore;
  }

  /** Returns the end of the whole messages that begin here; the beginning itself where there is none. */
  #endOfWhole(chunk: Buffer, at: number): number {
    if (this.#passes) return chunk.length;
    if (this.#begun !== undefined) return at;
    while (at + prefixBytes <= chunk.length) {
      const end = at + prefixBytes + chunk.readUInt32BE(at + 1);
      if (end > chunk.length) break;
      at = end;
    }
    return at;
  }

  /** Keeps what belongs to the message that has begun. Returns the number of its bytes. */
  #keep(chunk: Buffer, at: number): number {
    this.#begun ??= Buffer.allocUnsafeSlow(prefixBytes);
    const taken = chunk.copy(this.#begun, this.#begunBytes, at);
    this.#begunBytes += taken;
    return taken;
  }

  /** Tells whether the message that has begun is whole. Makes room for it once its length is known. */
  #isWhole(): boolean {
    const begun = this.#begun as Buffer;
    if (this.#begunBytes < begun.length) return false;
    if (begun.length > prefixBytes) return true;
    const messageBytes = begun.readUInt32BE(1);
    this.#passes = messageBytes > this.#messageBytesMax;
    if (messageBytes === 0 || this.#passes) return true;
    this.#begun = Buffer.allocUnsafeSlow(prefixBytes + messageBytes);
    begun.copy(this.#begun);
    return false;
  }

  #giveBegun(): boolean {
    const message = this.#begun as Buffer;
    this.#begun = undefined;
    this.#begunBytes = 0;
    return this.#give(message);
  }

  /** Gives the stream some bytes in pieces, of which it is paused behind any. */
  #give(bytes: Buffer): boolean {
    const stream = this.#stream;
    if (stream.readableLength === 0) this.#waitingBytes = 0;
    const isSpare = bytes.buffer.byteLength - bytes.length > spareBytesMax;
    const chunk = isSpare ? copyOf(bytes, stream.readableFlowing !== true) : bytes;
    let wantsMore = true;
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      const piece = chunk.subarray(at, at + pieceBytes);
      wantsMore = Readable.prototype.push.call(stream, piece);
      if (stream.readableLength > 0) this.#waitingBytes += piece.length + pieceOverheadBytes;
    }
    if (this.#waitingBytes > this.#paidBytes) this.#pay(this.#waitingBytes + bytesPerStep);
    return wantsMore;
  }

  #pay(bytes: number): void {
    const more = bytes - this.#paidBytes;
    this.#paidBytes = bytes;
    if (more > 0) this.#owner.account.charge(more);
    else if (more < 0) this.#owner.account.give(-more);
  }
}

/** Copies bytes; into memory of their own if they wait, so that they keep nothing else alive. */
function copyOf(bytes: Buffer, waits: boolean): Buffer {
  return waits ? inOwnMemory(bytes) : Buffer.from(bytes);
}
