import type { Socket } from 'node:net';
import type { DirectionFaults } from './faults.ts';

/** The options of a passage. */
export interface PassageOptions {
  readonly from: Socket;
  readonly to: Socket;
  /** The current faults. */
  readonly faults: () => DirectionFaults;
  /** See `TcpProxyOptions`. */
  readonly bufferedBytesMax: number;
  /** Called with each chunk as it arrives. */
  readonly onArrived: (bytes: Buffer, atMs: number) => void;
  /** Called when bytes have gone on. */
  readonly onPassed: () => void;
}

// A rate is kept in pieces of at most the bytes that it carries in this time. A passage that is late because of
// a timer may catch up by as much.
const rateSliceMs = 10;

/**
 * Passes the bytes of one direction of one connection from one socket to the other, with its faults.
 *
 * Without faults, a chunk is written in the call in which it arrives. The passage does not read while
 * more than `bufferedBytesMax` wait in it and in the other socket.
 */
export class Passage {
  readonly #options: PassageOptions;
  readonly #held = new HeldChunks();
  #lineFreeAtMs = 0;
  #cancelWake: (() => void) | undefined;
  #reading = true;
  #ended = false;

  constructor(options: PassageOptions) {
    this.#options = options;
    const { from, to } = options;
    from.on('data', (bytes) => this.#arrived(bytes));
    from.on('end', () => this.end());
    to.on('drain', () => this.#balance());
    to.on('close', () => this.#stop());
  }

  /** Ends the stream after the bytes that have arrived, as if the sender had. Later bytes are dropped. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#held.push(performance.now(), undefined);
    this.#pass();
  }

  /** Applies the faults, which have changed. */
  faultsChanged(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    // The wait of an earlier rate does not bind the new one.
    this.#lineFreeAtMs = 0;
    this.#pass();
  }

  #arrived(bytes: Buffer): void {
    const nowMs = performance.now();
    this.#options.onArrived(bytes, nowMs);
    if (this.#ended || this.#options.to.destroyed) return;
    this.#held.push(nowMs, bytes);
    this.#pass();
  }

  /** Passes the bytes that may pass now, and schedules itself for the rest. */
  #pass(): void {
    while (this.#cancelWake === undefined && this.#held.first !== undefined) {
      const { delayMs = 0, bytesPerSecond, splitBytes, stalled } = this.#options.faults();
      if (stalled) break;
      const nowMs = performance.now();
      const dueAtMs = Math.max(this.#held.first.arrivedAtMs + delayMs, this.#lineFreeAtMs);
      if (dueAtMs > nowMs) this.#wakeIn(dueAtMs - nowMs);
      else this.#passPiece(nowMs, bytesPerSecond, splitBytes);
    }
    this.#balance();
  }

  #passPiece(nowMs: number, bytesPerSecond = Number.POSITIVE_INFINITY, splitBytes?: number): void {
    const slice = Math.max(1, Math.floor((bytesPerSecond * rateSliceMs) / 1000));
    const piece = this.#held.take(Math.min(slice, splitBytes ?? Number.POSITIVE_INFINITY));
    if (piece === undefined) {
      this.#options.to.end();
      return;
    }
    this.#options.to.write(piece);
    this.#options.onPassed();
    if (bytesPerSecond !== Number.POSITIVE_INFINITY) {
      const from = Math.max(this.#lineFreeAtMs, nowMs - rateSliceMs);
      this.#lineFreeAtMs = from + (piece.length * 1000) / bytesPerSecond;
    }
    if (splitBytes !== undefined) this.#wakeNextTurn();
  }

  #wakeIn(waitMs: number): void {
    // A timer may be early by a part of a millisecond; it is then set again.
    const timer = setTimeout(this.#wake, Math.ceil(waitMs));
    this.#cancelWake = () => clearTimeout(timer);
  }

  #wakeNextTurn(): void {
    const immediate = setImmediate(this.#wake);
    this.#cancelWake = () => clearImmediate(immediate);
  }

  readonly #wake = (): void => {
    this.#cancelWake = undefined;
    this.#pass();
  };

  /** Stops reading when too much is held. Reads again below half of that, so that it does not alternate fast. */
  #balance(): void {
    const { from, to, bufferedBytesMax } = this.#options;
    const bufferedBytes = this.#held.weightBytes + to.writableLength;
    if (this.#reading && bufferedBytes > bufferedBytesMax) {
      this.#reading = false;
      from.pause();
    } else if (!this.#reading && bufferedBytes <= bufferedBytesMax / 2) {
      this.#reading = true;
      from.resume();
    }
  }

  // The receiver is gone. Arriving bytes are still read, to see the end of the stream.
  #stop(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    this.#held.clear();
    if (!this.#reading) this.#options.from.resume();
    this.#reading = true;
  }
}

/** Bytes that have arrived and not yet gone on; the end of a stream has none. */
interface HeldChunk {
  readonly arrivedAtMs: number;
  /** The rest of the chunk; undefined for the end of the stream. */
  bytes: Buffer | undefined;
}

interface Link extends HeldChunk {
  next: Link | undefined;
}

// The approximate memory of a chunk besides its bytes, so that many small ones do not escape the limit.
const chunkOverheadBytes = 256;

/** The chunks that a direction holds back, in order, and their memory. */
export class HeldChunks {
  #first: Link | undefined;
  #last: Link | undefined;
  #weightBytes = 0;

  get first(): HeldChunk | undefined {
    return this.#first;
  }

  /** The approximate memory of the chunks, in bytes. */
  get weightBytes(): number {
    return this.#weightBytes;
  }

  push(arrivedAtMs: number, bytes: Buffer | undefined): void {
    const link: Link = { arrivedAtMs, bytes, next: undefined };
    if (this.#last === undefined) this.#first = link;
    else this.#last.next = link;
    this.#last = link;
    this.#weightBytes += (bytes?.length ?? 0) + chunkOverheadBytes;
  }

  /** Takes the first `bytesMax` bytes of the first chunk; the rest of it stays first. */
  take(bytesMax: number): Buffer | undefined {
    const bytes = this.#first?.bytes;
    if (this.#first === undefined || bytes === undefined || bytes.length <= bytesMax) {
      this.#dropFirst();
      return bytes;
    }
    this.#first.bytes = bytes.subarray(bytesMax);
    this.#weightBytes -= bytesMax;
    return bytes.subarray(0, bytesMax);
  }

  clear(): void {
    this.#first = undefined;
    this.#last = undefined;
    this.#weightBytes = 0;
  }

  #dropFirst(): void {
    if (this.#first === undefined) return;
    this.#weightBytes -= (this.#first.bytes?.length ?? 0) + chunkOverheadBytes;
    this.#first = this.#first.next;
    if (this.#first === undefined) this.#last = undefined;
  }
}
