/** The time between two ticks of a {@link LookRhythm}, in milliseconds. */
export const lookTickMs = 20;

const calmLookMs = 1_000;

// The event loop is busy when it has computed for this part of the time, or has not come to a tick for so long: it
// may wait for the processor, too.
const busyShare = 0.75;
const lateTickMs = 1.5 * lookTickMs;

// Looks take at most this part of the time while it is busy.
const looksShareMax = 0.1;

/** Returns the processor time of this thread, in milliseconds. */
function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/**
 * Tells when connections are to be looked at for floods: once a second, and at each tick while the event loop is
 * busy, as long as looks take little of the time. To be told of the time each {@link lookTickMs}.
 *
 * Ticks that come late do not suffice to tell that it is busy: with turns of the length of a tick, none does.
 */
export class LookRhythm {
  #tickedAtMs: number;
  #cpuMs: number;
  #lookedAtMs: number;
  #lookMs = 0;
  #usedMs = 0;
  #busy = false;

  /**
   * @param nowMs on the clock of the ticks
   * @param cpuMs the processor time that the thread has used so far
   */
  constructor(nowMs: number, cpuMs = threadCpuMs()) {
    this.#tickedAtMs = nowMs;
    this.#lookedAtMs = nowMs;
    this.#cpuMs = cpuMs;
  }

  /** The processor time between the last two ticks, in milliseconds. */
  get usedMs(): number {
    return this.#usedMs;
  }

  /** True when the event loop was busy between the last two ticks. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Notes a tick. Returns true when it is time for a look, which then begins. */
  tick(nowMs: number, cpuMs = threadCpuMs()): boolean {
    this.#usedMs = cpuMs - this.#cpuMs;
    const sinceMs = nowMs - this.#tickedAtMs;
    this.#busy = sinceMs > lateTickMs || this.#usedMs > busyShare * sinceMs;
    this.#tickedAtMs = nowMs;
    this.#cpuMs = cpuMs;
    const pauseMs = this.#busy ? Math.min(calmLookMs, this.#lookMs / looksShareMax) : calmLookMs;
    if (nowMs - this.#lookedAtMs < pauseMs) return false;
    this.#lookedAtMs = nowMs;
    return true;
  }

  /** Notes that the look is over. */
  looked(nowMs: number): void {
    this.#lookMs = nowMs - this.#lookedAtMs;
  }
}
