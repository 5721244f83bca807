/** Bytes of a part that is not complete. */
export class PendingBytes {
  #memory = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  push(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#memory.length) this.#move(this.length + chunk.length);
    this.#memory.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The bytes from `start` to `end`, still waiting; undefined when they have not all come. */
  peek(start: number, end: number): Buffer | undefined {
    if (end > this.length) return undefined;
    return this.#memory.subarray(this.#start + start, this.#start + end);
  }

  /** Takes the first `length` bytes; undefined when they have not all come. */
  take(length: number): Buffer | undefined {
    const taken = this.peek(0, length);
    if (taken !== undefined) this.#start += length;
    return taken;
  }

  // With room for as many again: a long part that comes byte by byte is not copied at each of them.
  #move(bytes: number): void {
    const memory = Buffer.alloc(2 * bytes);
    this.#memory.copy(memory, 0, this.#start, this.#end);
    this.#end = this.length;
    this.#start = 0;
    this.#memory = memory;
  }
}
