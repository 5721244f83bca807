import type { TLSSocket } from 'node:tls';
import type { Arrival } from './arrival.ts';

interface Watched {
  readonly arrival: Arrival;
  readonly secure: TLSSocket;
  rawBytes: number;
  bytes: number;
}

// A record with one byte takes fewer. Records without any, which change keys or say nothing, take 22 to 27.
const recordBytes = 31;
const uselessBytesPerLook = 16 * 1024;
const lookEveryMs = 1_000;

/**
 * Looks at open connections for records that say nothing, such as new keys again and again: each costs
 * the server time, and none of them reaches who reads the connection.
 */
export class RecordWatch {
  readonly #open = new Set<Watched>();
  readonly #timer = setInterval(() => this.#look(), lookEveryMs).unref();

  /** Watches a connection until its socket is closed. */
  add(arrival: Arrival, secure: TLSSocket): void {
    const watched = { arrival, secure, rawBytes: arrival.socket.bytesRead, bytes: 0 };
    this.#open.add(watched);
    arrival.socket.on('close', () => this.#open.delete(watched));
  }

  /** Ends the watch. */
  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const watched of this.#open) {
      const { arrival, secure } = watched;
      const [rawBytes, bytes] = [arrival.socket.bytesRead, secure.bytesRead];
      const useless = rawBytes - watched.rawBytes - recordBytes * (bytes - watched.bytes);
      Object.assign(watched, { rawBytes, bytes });
      if (useless > uselessBytesPerLook) arrival.flooded();
    }
  }
}
