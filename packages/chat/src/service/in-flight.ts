/** A message that went to the client and is not yet acknowledged. */
export interface SentMessage {
  readonly id: number;
  readonly bytes: number;
}

// More than the bytes of any message. Ids have room for 43 bits.
const bytesRoom = 1_024;

// Below this, what has left in front is not worth a copy of the others.
const compactFrom = 1_024;

/**
 * The messages of a session in flight, the oldest first. A mailbox goes to the client whole at a login, so there
 * may be tens of thousands. Each is one number of eight bytes; an object would take six times as much.
 */
export class InFlight {
  #numbers: number[] = [];
  #head = 0;
  #bytes = 0;

  /** The number of messages. */
  get length(): number {
    return this.#numbers.length - this.#head;
  }

  /** The bytes of all together. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds the next message. */
  push({ id, bytes }: SentMessage): void {
    const number = id * bytesRoom + bytes;
    // An array that grows from nothing gets room for 17, and most sessions have one at a time.
    if (this.#numbers.length === 0) this.#numbers = [number];
    else this.#numbers.push(number);
    this.#bytes += bytes;
  }

  /** Takes so many of the oldest, of which there are at least as many. Returns the id of the last one. */
  take(count: number): number {
    let id = 0;
    for (let i = 0; i < count; i++) {
      const number = this.#numbers[this.#head++] as number;
      this.#bytes -= number % bytesRoom;
      id = Math.floor(number / bytesRoom);
    }
    if (this.length === 0) this.clear();
    else if (this.#head >= compactFrom && this.#head >= this.length) {
      this.#numbers = this.#numbers.slice(this.#head);
      this.#head = 0;
    }
    return id;
  }

  /** Forgets all. */
  clear(): void {
    this.#numbers.length = 0;
    this.#head = 0;
    this.#bytes = 0;
  }
}
