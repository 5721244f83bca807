import type { Socket } from 'node:net';

// The bytes besides calls and messages that a connection may send in a second, and at once. The response
// to a PING has 17, and a WINDOW_UPDATE has 13.
const uselessBytesPerSecond = 64 * 1024;
const uselessBytesBurst = 192 * 1024;

// Calls come before their messages. The bytes of messages that are still to come count up to here.
const creditBytesMax = 1024 * 1024;

/**
 * Measures the bytes of a connection that are neither calls nor messages. HTTP/2 has frames that cost the
 * server time and ask for nothing. nghttp2 counts some of them, but not all, such as WINDOW_UPDATE.
 */
export class FloodMeter {
  readonly #socket: Pick<Socket, 'bytesRead'>;
  #bytesRead = 0;
  #usefulBytes = 0;
  #uselessBytes = 0;
  #lookedAtMs = performance.now();

  constructor(socket: Pick<Socket, 'bytesRead'>) {
    this.#socket = socket;
  }

  /** Counts bytes as useful: those of a call or a message. */
  useful(bytes: number): void {
    this.#usefulBytes += bytes;
  }

  /** Tells whether too many bytes were of no use. To be called now and then. */
  tooMuch(nowMs: number): boolean {
    const { bytesRead } = this.#socket;
    const useless = bytesRead - this.#bytesRead - this.#usefulBytes;
    const allowed = ((nowMs - this.#lookedAtMs) / 1000) * uselessBytesPerSecond;
    this.#uselessBytes += useless;
    if (this.#uselessBytes > 0) this.#uselessBytes = Math.max(0, this.#uselessBytes - allowed);
    this.#uselessBytes = Math.max(this.#uselessBytes, -creditBytesMax);
    this.#bytesRead = bytesRead;
    this.#usefulBytes = 0;
    this.#lookedAtMs = nowMs;
    return this.#uselessBytes > uselessBytesBurst;
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
