// Shared: there are as many receive buffers as connections, and most are empty.
const empty: Buffer = Buffer.alloc(0);

/**
 * The bytes that a decoder has received and not yet consumed.
 *
 * A chunk is used where it lies while it lasts. Only the incomplete frame at its end is copied, by
 * {@link keep}: a few waiting bytes must not hold on to a whole read's memory.
 */
export class ReceiveBuffer {
  #bytes = empty;
  #start = 0;
  #end = 0;
  #owned = false;

  /** The number of bytes that wait. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** The memory that holds them, in bytes. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /**
   * Adds bytes behind what waits: those of a chunk from `start` to `end`, without a view of them, which would
   * cost an object. The caller gives the chunk away.
   */
  push(chunk: Buffer, start = 0, end: number = chunk.length): void {
    if (this.length === 0) {
      this.#bytes = chunk;
      this.#start = start;
      this.#end = end;
      this.#owned = false;
      return;
    }
    const bytes = end - start;
    if (!this.#owned || this.#end + bytes > this.#bytes.length) this.#move(this.length + bytes);
    chunk.copy(this.#bytes, this.#end, start, end);
    this.#end += bytes;
  }

  /** Returns the byte at `offset` from the first that waits. The caller has checked {@link length}. */
  byteAt(offset: number): number {
    return this.#bytes[this.#start + offset] as number;
  }

  /** Returns the big-endian u16 at `offset`. */
  u16At(offset: number): number {
    return (this.byteAt(offset) << 8) | this.byteAt(offset + 1);
  }

  /** Returns `length` bytes from `offset` as text, one character a byte. They are not validated. */
  textAt(offset: number, length: number): string {
    const from = this.#start + offset;
    return (this.#bytes as Latin1Buffer).latin1Slice(from, from + length);
  }

  /** Returns `length` bytes from `offset`, not copied: valid until the next {@link push}. */
  bytesAt(offset: number, length: number): Buffer {
    const from = this.#start + offset;
    return this.#bytes.subarray(from, from + length);
  }

  /** Drops the first `length` bytes. */
  consume(length: number): void {
    this.#start += length;
  }

  /**
   * Copies what waits out of the chunk it came in, so that the chunk can be freed. Afterwards the
   * memory held is at most four times what waits, or 64 bytes.
   */
  keep(): void {
    if (this.length === 0) {
      this.#bytes = empty;
      this.#start = 0;
      this.#end = 0;
    } else if (!this.#owned || this.#bytes.length > Math.max(4 * this.length, capacityBytesMin)) {
      this.#move(this.length);
    }
  }

  // Doubling keeps a frame that arrives byte by byte from being copied at every byte.
  #move(capacityMin: number): void {
    const waiting = this.#bytes.subarray(this.#start, this.#end);
    const roomy = this.#owned ? Math.max(capacityMin, 2 * waiting.length) : capacityMin;
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(roomy, capacityBytesMin));
    this.#bytes.set(waiting);
    this.#start = 0;
    this.#end = waiting.length;
    this.#owned = true;
  }
}

const capacityBytesMin = 64;

/** A buffer with the method that `toString` ends in for Latin-1, once it has found out what it was asked for. */
type Latin1Buffer = Buffer & { latin1Slice(start: number, end: number): string };
