/** Compares the messages that a client sent to itself with those that came. */
export class SelfSent {
  readonly #kept = new Set<number>();
  readonly #came = new Set<number>();
  readonly #troubles: string[] = [];
  readonly #ordered: boolean;
  #next = 0;
  #last = -1;
  #reconnected = false;

  /**
   * @param ordered true if messages come in the order in which they were sent; false over unary calls
   * that overlap
   */
  constructor(ordered: boolean) {
    this.#ordered = ordered;
  }

  /** The next message's number, which is its body. */
  next(): number {
    return this.#next++;
  }

  /** Notes that the server has accepted the message. */
  keep(number: number): void {
    this.#kept.add(number);
  }

  /** Notes that a connection was lost, so messages that were taken may come again. */
  reconnected(): void {
    this.#reconnected = true;
    this.#last = -1;
  }

  took(body: string): void {
    const number = Number(body);
    if (!(number < this.#next)) this.#troubles.push(`a message came that was never sent: ${body}`);
    else if (this.#came.has(number) && !this.#reconnected)
      this.#troubles.push(`message ${body} came twice`);
    else if (this.#ordered && number < this.#last) this.#troubles.push(`message ${body} came late`);
    this.#came.add(number);
    this.#last = Math.max(this.#last, number);
  }

  /** True when every message came that the server had accepted. */
  get complete(): boolean {
    return this.#missing === 0;
  }

  get troubles(): string[] {
    const lost = this.#missing;
    if (lost === 0) return this.#troubles;
    return [...this.#troubles, `${lost} of ${this.#kept.size} messages that were kept never came`];
  }

  get #missing(): number {
    let missing = 0;
    for (const number of this.#kept) if (!this.#came.has(number)) missing++;
    return missing;
  }
}
