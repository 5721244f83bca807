/** Bounds the bytes of long unary responses that wait in all connections together. */
export class ResponseBudget {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Takes `bytes` out of the budget until the returned function is called; undefined when it is used up. */
  reserve(bytes: number): (() => void) | undefined {
    if (this.#bytes + bytes > this.#bytesMax) return undefined;
    this.#bytes += bytes;
    let released = false;
    return () => {
      if (!released) this.#bytes -= bytes;
      released = true;
    };
  }
}
