import type { TLSSocket } from 'node:tls';
import { LookRhythm, lookTickMs } from '@tandem/core/server';
import type { Arrival } from './arrival.ts';

interface Watched {
  readonly arrival: Arrival;
  readonly secure: TLSSocket;
  rawBytes: number;
  bytes: number;
  uselessBytes: number;
}

// A record with one byte takes fewer. Records without any, which change keys or say nothing, take 22 to 27.
const recordBytes = 31;

// The bytes of records that say nothing which a connection may send in a second, and at once.
const uselessBytesPerSecond = 16 * 1024;
const uselessBytesBurst = 16 * 1024;

/**
 * Looks at open connections for records that say nothing, such as new keys again and again: each costs
 * the server time, and none of them reaches who reads the connection.
 */
export class RecordWatch {
  readonly #open = new Set<Watched>();
  #lookedAtMs = performance.now();
  readonly #rhythm = new LookRhythm(this.#lookedAtMs);
  readonly #timer = setInterval(() => this.#tick(performance.now()), lookTickMs).unref();

  /** Watches a connection until its socket is closed. */
  add(arrival: Arrival, secure: TLSSocket): void {
    const { bytesRead } = arrival.socket;
    const watched = { arrival, secure, rawBytes: bytesRead, bytes: 0, uselessBytes: 0 };
    this.#open.add(watched);
    arrival.socket.on('close', () => this.#open.delete(watched));
  }

  /** Ends the watch. */
  close(): void {
    clearInterval(this.#timer);
  }

  #tick(nowMs: number): void {
    if (!this.#rhythm.tick(nowMs)) return;
    const allowed = ((nowMs - this.#lookedAtMs) / 1_000) * uselessBytesPerSecond;
    this.#lookedAtMs = nowMs;
    for (const watched of this.#open) {
      if (uselessSince(watched, allowed) > uselessBytesBurst) watched.arrival.flooded();
    }
    this.#rhythm.looked(performance.now());
  }
}

/** Returns the bytes beyond what is allowed, after a look that allows so many. */
function uselessSince(watched: Watched, allowed: number): number {
  const rawBytes = watched.arrival.socket.bytesRead;
  const { bytesRead } = watched.secure;
  const useless = rawBytes - watched.rawBytes - recordBytes * (bytesRead - watched.bytes);
  watched.rawBytes = rawBytes;
  watched.bytes = bytesRead;
  watched.uselessBytes = Math.max(0, watched.uselessBytes + useless - allowed);
  return watched.uselessBytes;
}
