/** The time between two ticks of a {@link LookRhythm}, in milliseconds. */
export const lookTickMs = 20;

const calmLookMs = 1_000;
const busyLookMs = 50;

/**
 * Tells when connections are to be looked at for floods: once a second, and at once after the event loop
 * was busy. Told of the time each {@link lookTickMs}, it knows by a tick that comes late.
 */
export class LookRhythm {
  #tickedAtMs: number;
  #lookedAtMs: number;

  /** @param nowMs on the clock of the ticks */
  constructor(nowMs: number) {
    this.#tickedAtMs = nowMs;
    this.#lookedAtMs = nowMs;
  }

  /** Notes a tick. Returns true when it is time for a look, which then counts as done. */
  tick(nowMs: number): boolean {
    const busy = nowMs - this.#tickedAtMs > 1.5 * lookTickMs;
    this.#tickedAtMs = nowMs;
    if (nowMs - this.#lookedAtMs < (busy ? busyLookMs : calmLookMs)) return false;
    this.#lookedAtMs = nowMs;
    return true;
  }
}
