/** Bytes of a part that is not complete. */
export class PendingBytes {
  #bytes = Buffer.alloc(0);

  get length(): number {
    return this.#bytes.length;
  }

  push(chunk: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
  }

  /** The bytes from `start` to `end`, still waiting; undefined when they have not all come. */
  peek(start: number, end: number): Buffer | undefined {
    return end <= this.#bytes.length ? this.#bytes.subarray(start, end) : undefined;
  }

  /** Takes the first `length` bytes; undefined when they have not all come. */
  take(length: number): Buffer | undefined {
    const taken = this.peek(0, length);
    if (taken !== undefined) this.#bytes = this.#bytes.subarray(length);
    return taken;
  }
}
