/**
 * Notices that a server which owes an answer has fallen silent. One timer serves any number of
 * requests, and is not touched by each of them: it looks at the clock when it fires, and sleeps on
 * for what is left.
 */
export class ResponseTimer {
  readonly #timeoutMs: number;
  readonly #isOwed: () => boolean;
  readonly #onTimeout: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heardAt = 0;

  /**
   * @param isOwed whether any answer is owed
   * @param onTimeout called when one has been owed, and nothing heard, for `timeoutMs`
   */
  constructor(timeoutMs: number, isOwed: () => boolean, onTimeout: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#isOwed = isOwed;
    this.#onTimeout = onTimeout;
  }

  /** An answer is owed from now on, after none was. */
  start(): void {
    this.heard();
    if (this.#timer === undefined) this.#sleep(this.#timeoutMs);
  }

  /** Something was heard from the server. */
  heard(): void {
    this.#heardAt = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #sleep(ms: number): void {
    this.#timer = setTimeout(() => this.#wake(), ms);
  }

  #wake(): void {
    this.#timer = undefined;
    if (!this.#isOwed()) return;
    const leftMs = this.#heardAt + this.#timeoutMs - performance.now();
    if (leftMs <= 0) this.#onTimeout();
    else this.#sleep(Math.ceil(leftMs));
  }
}
