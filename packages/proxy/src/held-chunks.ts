/** Bytes that have arrived and not yet gone on; the end of a stream has none. */
export interface HeldChunk {
  readonly arrivedAtMs: number;
  /** The rest of the chunk; undefined for the end of the stream. */
  bytes: Buffer | undefined;
}

interface Link extends HeldChunk {
  next: Link | undefined;
}

// About what a chunk takes besides its bytes: many small ones must not escape the limit.
const chunkOverheadBytes = 256;

/** The chunks that a direction holds back, in order, and their memory. */
export class HeldChunks {
  #first: Link | undefined;
  #last: Link | undefined;
  #weightBytes = 0;

  get first(): HeldChunk | undefined {
    return this.#first;
  }

  /** The memory that the chunks take, about. */
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

  /** Takes the first `bytesMax` bytes of the first chunk; what is left of it stays first. */
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
