import { clockMs } from '../clock.ts';

/**
 * Detects a server that sends nothing while a request is pending. One timer serves all requests, and
 * none of them touches it: when it fires, it looks at the clock, and sleeps again for what is left.
 */
export class ResponseTimer {
  readonly #timeoutMs: number;
  readonly #isPending: () => boolean;
  readonly #onTimeout: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heardAt = 0;

  /**
   * @param isPending tells if a request is pending
   * @param onTimeout called when one has been pending, and nothing received, for `timeoutMs`
   */
  constructor(timeoutMs: number, isPending: () => boolean, onTimeout: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#isPending = isPending;
    this.#onTimeout = onTimeout;
  }

  /** Starts: the first request is pending. */
  start(): void {
    this.heard();
    if (this.#timer === undefined) this.#sleep(this.#timeoutMs);
  }

  /** Starts the timeout anew: something was received. */
  heard(): void {
    this.#heardAt = clockMs();
  }

  /** Ends it: no request is pending any more. May be called twice. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #sleep(ms: number): void {
    this.#timer = setTimeout(() => this.#wake(), ms);
  }

  #wake(): void {
    this.#timer = undefined;
    if (!this.#isPending()) return;
    const leftMs = this.#heardAt + this.#timeoutMs - clockMs();
    if (leftMs <= 0) this.#onTimeout();
    else this.#sleep(Math.ceil(leftMs));
  }
}
