import { setTimeout as sleep } from 'node:timers/promises';
import { Delays, type Ending } from './delays.ts';
import type { HonestRecord } from './protocol.ts';

const lookMs = 20;

/**
 * Asks at fixed moments, whether or not what was asked before is answered; a delay counts from the
 * moment at which the request was meant to be asked. So a stall costs every request that it meets, and
 * not only the one that waited first (coordinated omission; Gil Tene, "How NOT to Measure Latency").
 */
export class OpenLoop {
  readonly #intervalMs: number;
  readonly #perform: () => Promise<Ending>;
  #window = new Delays();
  #underWay = 0;
  #over = false;

  constructor(intervalMs: number, perform: () => Promise<Ending>) {
    this.#intervalMs = intervalMs;
    this.#perform = perform;
  }

  /** Asks until it is stopped. */
  async run(): Promise<void> {
    for (let meantAtMs = performance.now(); !this.#over; meantAtMs += this.#intervalMs) {
      const waitMs = meantAtMs - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      void this.#ask(meantAtMs);
    }
  }

  /** Asks no more, and waits so long for answers that are owed. */
  async stop(patienceMs: number): Promise<void> {
    this.#over = true;
    await until(() => this.#underWay === 0, patienceMs);
  }

  /** Forgets what was seen before. */
  measure(): void {
    this.#window = new Delays();
  }

  /**
   * Returns what was recorded since the last call, after waiting for pending requests at most
   * `patienceMs`. Later responses do not count.
   */
  async collect(patienceMs: number): Promise<HonestRecord> {
    const window = this.#window;
    this.measure();
    await until(() => window.settled, patienceMs);
    return window.record(performance.now());
  }

  async #ask(meantAtMs: number): Promise<void> {
    const window = this.#window;
    window.ask(meantAtMs, performance.now());
    this.#underWay++;
    const ending = await this.#perform();
    this.#underWay--;
    window.end(meantAtMs, performance.now(), ending);
  }
}

/** Waits until it is so, but no longer than this. */
export async function until(isSo: () => boolean, patienceMs: number): Promise<void> {
  const giveUpAtMs = performance.now() + patienceMs;
  while (!isSo() && performance.now() < giveUpAtMs) await sleep(lookMs);
}
