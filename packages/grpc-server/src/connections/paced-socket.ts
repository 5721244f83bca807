import { Duplex } from 'node:stream';
import type { DeferredWork, Origin, Scheduler } from '@tandem/chat';
import { inOwnMemory, type MemoryAccount, smallReads } from '@tandem/core/server';

/** The parts of a paced socket. */
export interface PacedSocketOptions {
  readonly scheduler: Pick<Scheduler, 'isFree' | 'charge' | 'defer'>;
  /** The origin whose share of the turns it takes. */
  readonly origin: Origin;
  /** The account that pays for the bytes that wait. */
  readonly account: Pick<MemoryAccount, 'charge' | 'give'>;
  /** Ends the connection, whose headers are longer than any of a call. Called once; nothing is handed over any more. */
  headersTooLong(): void;
}

const prefaceBytes = 24;
const frameHeaderBytes = 9;
const typeOffset = 3;
const flagsOffset = 4;
const empty = Buffer.alloc(0);

// Headers are in frames of these types until one has the flag, and take memory until then. [RFC 9113, 4.3]
const headerFrames = [1, 9];
const endHeadersFlag = 4;

// A call has 8 KB of metadata. HTTP/2 would take up to 128 KB of headers.
const unendedHeaderBytesMax = 16_384;

// What HTTP/2 takes for a frame before anybody else sees it, in units of a turn. [RFC 9113, 6]
const frameUnits: Readonly<Record<number, number>> = {
  /** HEADERS: a stream begins. */
  1: 4,
  /** RST_STREAM: one ends. */
  3: 4,
};
const otherFrameUnits = 1;

// What is handed over before others have their turn.
const unitsPerShare = 16;

// To read at most one frame, and up to 64 KiB into new memory.
const smallReadUnits = 4;
const readUnits = 8;

/**
 * A socket in front of HTTP/2 that reads, and hands over a few frames, when the turn of its connection
 * comes. HTTP/2 by itself decodes all that a read has, before anybody can make a call of it wait.
 *
 * It does not tell HTTP/2 that the client has ended its side. Node would end our side of its wrapper at
 * once, and throws when HTTP/2 writes before that is done. HTTP/2 hears of the close instead.
 *
 * It costs each call and message 13 to 20 µs, so it is for those of whom floods are to be expected.
 */
export class PacedSocket extends Duplex {
  readonly #socket: Duplex;
  readonly #options: PacedSocketOptions;
  readonly #readUnits: number;
  #waiting: Buffer = empty;
  #accountedBytes = 0;
  /** Bytes that are still to come of the frame under way; first of all, of the preface. */
  #frameBytesLeft = prefaceBytes;
  /** The bytes of headers that have not ended. */
  #headerBytes = 0;
  /** True while HTTP/2 takes nothing; it has not asked for anything yet. */
  #blocked = true;
  #turn: DeferredWork | undefined;

  /** @param socket paused, and read by nobody; whoever made it closes it when its client has ended */
  constructor(socket: Duplex, options: PacedSocketOptions) {
    super();
    this.#socket = socket;
    this.#options = options;
    const take = (bytes: Buffer) => this.#take(bytes);
    const isSmall = smallReads(take)(socket);
    this.#readUnits = isSmall ? smallReadUnits : readUnits;
    if (!isSmall) socket.on('data', take);
    socket.on('close', () => this.destroy());
  }

  /** The bytes that were read and not handed over yet. */
  get waitingBytes(): number {
    return this.#waiting.length;
  }

  override _read(): void {
    if (!this.#blocked) return;
    this.#blocked = false;
    this.#goOn();
  }

  // The system usually takes it at once. To say so at once keeps the order: what comes next, an end
  // among it, does not wait behind it.
  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    let taken = false;
    this.#socket.write(bytes, (error) => {
      if (!taken) done(error);
    });
    if (this.#socket.writableLength > 0) return;
    taken = true;
    done();
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#drop();
    this.#socket.destroy();
    done(error);
  }

  #take(bytes: Buffer): void {
    if (this.#tooLong) return;
    this.#waiting = this.#waiting.length === 0 ? bytes : inOwnMemory(this.#waiting, bytes);
    const { scheduler } = this.#options;
    if (!this.#blocked && scheduler.isFree) this.#handOver();
    this.#goOn();
  }

  readonly #work = () => {
    this.#turn = undefined;
    if (this.#hasFrame) {
      this.#handOver();
      this.#goOn();
    } else if (!this.#blocked) {
      this.#options.scheduler.charge(this.#readUnits);
      this.#socket.resume();
    }
  };

  /** Settles whether to wait for a turn, for HTTP/2 to take more, or for more to come. */
  #goOn(): void {
    if (this.destroyed || this.#tooLong) return;
    const { scheduler, origin } = this.#options;
    const waits = this.#hasFrame;
    this.#account(waits ? this.#waiting.length : 0);
    if (!waits && !this.#blocked && scheduler.isFree) {
      this.#socket.resume();
      return;
    }
    this.#socket.pause();
    if (!this.#blocked) this.#turn ??= scheduler.defer(origin, this.#work);
  }

  /** True when a frame has begun that can be handed over, as far as it has come. */
  get #hasFrame(): boolean {
    const { length } = this.#waiting;
    return length >= frameHeaderBytes || (length > 0 && this.#frameBytesLeft > 0);
  }

  #handOver(): void {
    const bytes = this.#waiting;
    let [at, units] = [0, 0];
    while (at < bytes.length) {
      if (this.#frameBytesLeft === 0) {
        if (units >= unitsPerShare || bytes.length - at < frameHeaderBytes) break;
        const payloadBytes = bytes.readUIntBE(at, 3);
        this.#countHeaders(bytes, at, payloadBytes);
        if (this.#tooLong) {
          this.#drop();
          this.#socket.pause();
          this.#options.headersTooLong();
          return;
        }
        this.#frameBytesLeft = frameHeaderBytes + payloadBytes;
        units += frameUnits[bytes[at + typeOffset] as number] ?? otherFrameUnits;
      }
      const taken = Math.min(this.#frameBytesLeft, bytes.length - at);
      this.#frameBytesLeft -= taken;
      at += taken;
    }
    if (at === 0) return;
    const rest = bytes.subarray(at);
    // A view of a few bytes, or of none, would keep the memory of the whole read.
    this.#waiting = rest.length < frameHeaderBytes ? inOwnMemory(rest) : rest;
    this.#options.scheduler.charge(units);
    this.#blocked = !this.push(bytes.subarray(0, at));
  }

  #countHeaders(bytes: Buffer, at: number, payloadBytes: number): void {
    const hasHeaders = headerFrames.includes(bytes[at + typeOffset] as number);
    if (hasHeaders) this.#headerBytes += payloadBytes;
    if (!hasHeaders || bytes.readUInt8(at + flagsOffset) & endHeadersFlag) this.#headerBytes = 0;
  }

  /** True when headers were too long: nothing is handed over any more. */
  get #tooLong(): boolean {
    return this.#headerBytes > unendedHeaderBytesMax;
  }

  /** Drops what waits, and its turn. */
  #drop(): void {
    this.#turn?.cancel();
    this.#waiting = empty;
    this.#account(0);
  }

  /** Has the account pay for so much that waits: what one read brought, of which a part may be handed over. */
  #account(bytes: number): void {
    const { account } = this.#options;
    if (bytes > this.#accountedBytes) account.charge(bytes - this.#accountedBytes);
    else if (bytes < this.#accountedBytes) account.give(this.#accountedBytes - bytes);
    this.#accountedBytes = bytes;
  }
}
