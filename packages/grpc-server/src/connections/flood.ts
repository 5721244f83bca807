import type { Socket } from 'node:net';
import { type TurnCount, TurnShare } from '../calls/turn-count.ts';

// The bytes besides calls and messages that a connection may send in a second, and at once. The response
// to a PING has 17, and a WINDOW_UPDATE has 13.
const uselessBytesPerSecond = 64 * 1024;
const uselessBytesBurst = 192 * 1024;

// The same at once while the event loop is busy: less than two reads of a flood, and more than a window of messages
// for streams that have just ended.
const uselessBytesBusyBurst = 112 * 1024;

// The parts of messages that a connection may send in a turn of the event loop, and in a turn in which all
// connections together have sent more than many. Clients send a message whole, or in a few parts if it is long.
const partsPerTurn = 128;
const partsPerCrowdedTurn = 16;
const partsOfAllPerTurn = 1_024;

// The most that Node.js reads at once.
const readBytesMax = 64 * 1024;

// HTTP/2 takes so much of headers that do not end: a frame of HEADERS and eight of CONTINUATION.
const headerBytesMax = 9 * 16 * 1024;

// Headers that have not ended are forgotten at this pace: a connection that answers no PING is cut before they all
// are. Other frames come more slowly on a connection on which nothing else happens.
const forgottenBytesPerSecond = 1_024;

// Calls come before their messages. The bytes of messages that are still to come count up to here.
const creditBytesMax = 1024 * 1024;

/**
 * Measures the bytes of a connection that are neither calls nor messages. HTTP/2 has frames that cost the
 * server time and ask for nothing. nghttp2 counts some of them, but not all, such as WINDOW_UPDATE.
 */
export class FloodMeter {
  readonly #socket: Pick<Socket, 'bytesRead'>;
  readonly #parts: TurnShare;
  /** The bytes that were read when something useful last came, and before the read that it came with. */
  #readThrough = 0;
  #readBefore = 0;
  #unfinishedBytes = 0;
  #bytesRead = 0;
  #usefulBytes = 0;
  #uselessBytes = 0;
  #lookedAtMs = performance.now();

  /** @param partsOfAll the parts of messages of all connections of the server */
  constructor(socket: Pick<Socket, 'bytesRead'>, partsOfAll: TurnCount) {
    this.#socket = socket;
    this.#parts = new TurnShare(partsOfAll);
  }

  /** The bytes of headers without an end that HTTP/2 may hold, as of the last look. */
  get unfinishedBytes(): number {
    return this.#unfinishedBytes;
  }

  /** Counts a part of a message that is not whole. Returns true when it is one too many. */
  part(): boolean {
    const { own, ofAll } = this.#parts.add();
    return own > (ofAll > partsOfAllPerTurn ? partsPerCrowdedTurn : partsPerTurn);
  }

  /** Counts bytes as useful that came before, or will come. */
  credit(bytes: number): void {
    this.#usefulBytes += bytes;
  }

  /** Counts bytes as useful: those of a call or a message, which has come now. */
  useful(bytes: number): void {
    this.credit(bytes);
    const { bytesRead } = this.#socket;
    if (bytesRead === this.#readThrough) return;
    this.#readBefore = this.#readThrough;
    this.#readThrough = bytesRead;
  }

  /** Tells whether too many bytes were of no use. To be called now and then. @param busy true when there is less time for them */
  tooMuch(nowMs: number, busy = false): boolean {
    const { bytesRead } = this.#socket;
    const useless = bytesRead - this.#bytesRead - this.#usefulBytes;
    const seconds = (nowMs - this.#lookedAtMs) / 1_000;
    this.#lookForHeaders(bytesRead, seconds);
    const allowed = seconds * uselessBytesPerSecond;
    this.#uselessBytes += useless;
    if (this.#uselessBytes > 0) this.#uselessBytes = Math.max(0, this.#uselessBytes - allowed);
    this.#uselessBytes = Math.max(this.#uselessBytes, -creditBytesMax);
    this.#bytesRead = bytesRead;
    this.#usefulBytes = 0;
    this.#lookedAtMs = nowMs;
    return this.#uselessBytes > (busy ? uselessBytesBusyBurst : uselessBytesBurst);
  }

  // Whoever hears of a call or a message knows that no headers are under way before it. What was read with it, and
  // comes behind it, may be headers.
  #lookForHeaders(bytesRead: number, seconds: number): void {
    if (this.#usefulBytes > 0) {
      const lastRead = Math.min(readBytesMax, this.#readThrough - this.#readBefore);
      this.#unfinishedBytes = lastRead + bytesRead - this.#readThrough;
    } else this.#unfinishedBytes += bytesRead - this.#bytesRead;
    const left = this.#unfinishedBytes - seconds * forgottenBytesPerSecond;
    this.#unfinishedBytes = Math.min(headerBytesMax, Math.max(0, left));
  }
}

// The time that an address is kept after its last offence, and the number of addresses.
const rememberedMs = 10 * 60_000;
const addressesMax = 4_096;

/**
 * The addresses with a connection that was ended lately because it broke the rules of HTTP/2, flooded
 * it, or used too much memory.
 */
export class Offenders {
  /** The time of the last offence of each, in that order. */
  readonly #offendedAtMs = new Map<string, number>();

  /** Adds an address that offends now. The one with the oldest offence may be dropped for it. */
  add(address: string, nowMs: number): void {
    this.#offendedAtMs.delete(address);
    this.#offendedAtMs.set(address, nowMs);
    if (this.#offendedAtMs.size <= addressesMax) return;
    const [oldest] = this.#offendedAtMs.keys();
    this.#offendedAtMs.delete(oldest as string);
  }

  /** Tells whether an address has offended in the last ten minutes. */
  has(address: string, nowMs: number): boolean {
    const atMs = this.#offendedAtMs.get(address);
    if (atMs === undefined) return false;
    if (nowMs - atMs < rememberedMs) return true;
    this.#offendedAtMs.delete(address);
    return false;
  }
}
