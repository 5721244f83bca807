import type { Socket } from 'node:net';

// What a connection may say besides calls and messages, in bytes a second, and in one go: an answer
// to a PING has 17, and a WINDOW_UPDATE of a client that reads 13.
const uselessBytesPerSecond = 64 * 1024;
const uselessBytesBurst = 192 * 1024;

// Calls come before their messages: what those may still take is remembered up to here.
const creditBytesMax = 1024 * 1024;

/**
 * Measures what a connection says that is neither a call nor a message: HTTP/2 has frames that cost
 * the server time and ask for nothing. Of some nghttp2 keeps count itself; of others, such as
 * WINDOW_UPDATE, nobody does.
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

  /** A call or a message came that may have taken so many bytes. */
  useful(bytes: number): void {
    this.#usefulBytes += bytes;
  }

  /** Tells whether it has said too much that is of no use. To be called now and then. */
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
