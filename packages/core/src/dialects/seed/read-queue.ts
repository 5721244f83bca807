import { Fifo } from '../../fifo.ts';

/**
 * Returns what the 2023 program's `recv` calls would have returned, given the reads as they came from
 * the network. Without lengths or terminators, where a read ends is all that the seed dialect has to
 * tell one request from the next. [P-7.1]
 */
export class ReadQueue {
  readonly #reads = new Fifo<Buffer>();

  /** Adds what one read returned. An empty read is ignored. */
  push(read: Uint8Array): void {
    if (read.length > 0) {
      this.#reads.push(Buffer.from(read.buffer, read.byteOffset, read.byteLength));
    }
  }

  /** Returns at most `bytesMax` bytes of one read; undefined when there is none. */
  receive(bytesMax: number): Buffer | undefined {
    const read = this.#reads.shift();
    if (read === undefined || read.length <= bytesMax) return read;
    this.#reads.unshift(read.subarray(bytesMax));
    return read.subarray(0, bytesMax);
  }
}
