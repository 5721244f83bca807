import { openSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Delays, type Due, type Ending } from './delays.ts';
import type { HonestRecord } from './protocol.ts';

const lookMs = 20;

/**
 * Makes requests at fixed moments, whether or not earlier ones have their responses. A delay counts from the
 * moment at which the request was due. So a stall delays every request that it meets, and
 * not only the one that waited first (coordinated omission; Gil Tene, "How NOT to Measure Latency").
 */
export class OpenLoop {
  readonly #intervalMs: number;
  readonly #perform: () => Promise<Ending>;
  readonly #processor = new ProcessorWait();
  #window = new Delays();
  #underWay = 0;
  #over = false;

  constructor(intervalMs: number, perform: () => Promise<Ending>) {
    this.#intervalMs = intervalMs;
    this.#perform = perform;
  }

  /** Makes requests until it is stopped. */
  async run(): Promise<void> {
    for (let atMs = performance.now(); !this.#over; atMs += this.#intervalMs) {
      // Read before it sleeps: it may have no processor when the request is due.
      const due: Due = { atMs, waitedMs: this.#processor.ms };
      const waitMs = atMs - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      void this.#ask(due);
    }
  }

  /** Stops its requests, and waits so long for pending ones. */
  async stop(patienceMs: number): Promise<void> {
    this.#over = true;
    await until(() => this.#underWay === 0, patienceMs);
  }

  /** Forgets the earlier observations. */
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
    return window.record(this.#now());
  }

  async #ask(due: Due): Promise<void> {
    const window = this.#window;
    window.ask(due);
    this.#underWay++;
    const ending = await this.#perform();
    this.#underWay--;
    window.end(due, this.#now(), ending);
  }

  #now(): Due {
    return { atMs: performance.now(), waitedMs: this.#processor.ms };
  }
}

/** Waits until the condition holds, at most for this time. */
export async function until(isSo: () => boolean, patienceMs: number): Promise<void> {
  const giveUpAtMs = performance.now() + patienceMs;
  while (!isSo() && performance.now() < giveUpAtMs) await sleep(lookMs);
}

const bytesMax = 128;
const nanosecondsPerMs = 1e6;

/** The time that this process was ready to run, and waited for a processor. Linux counts it. */
class ProcessorWait {
  readonly #buffer = Buffer.alloc(bytesMax);
  readonly #file: number | undefined = open();

  /** The time since the process began, in milliseconds; 0 where the kernel does not count it. */
  get ms(): number {
    if (this.#file === undefined) return 0;
    // The time on a processor, the time of waiting for one, and how often it had one.
    const bytes = readSync(this.#file, this.#buffer, 0, bytesMax, 0);
    const [, waited] = this.#buffer.toString('latin1', 0, bytes).split(' ');
    return Number(waited) / nanosecondsPerMs;
  }
}

function open(): number | undefined {
  try {
    return openSync('/proc/self/schedstat', 'r');
  } catch {
    return undefined;
  }
}
