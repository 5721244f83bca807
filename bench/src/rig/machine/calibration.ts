import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Calibration, median } from '../../statistics/index.ts';

// The two words of the shared memory: the first is the thread's, the second ours.

/** The thread's word while it sleeps. */
export const asleep = 0;
/** The thread's word that ends it. */
export const ended = -1;

const workTimes = 9;
const wakeUps = 40;
// The work takes about a millisecond, over as much memory as fits into a second-level cache.
const words = 64 * 1_024;
const stepsOfWork = 200_000;
// The number of repetitions after which the work is fully compiled.
const warmTimes = 30;

/**
 * Measures the machine itself by work that is always the same: a fixed piece of CPU work, and the
 * wake-up of a thread and back. Their times show whether the machine is as fast as before.
 */
export class CalibratedLoop {
  readonly #thread: Worker;
  readonly #turns: Int32Array;
  readonly #memory = new Uint32Array(words);

  private constructor(thread: Worker, turns: Int32Array) {
    this.#thread = thread;
    this.#turns = turns;
    for (let i = 0; i < warmTimes; i++) this.#work();
    this.measure();
  }

  /** Starts the thread that is woken. It sleeps between measurements. */
  static async start(): Promise<CalibratedLoop> {
    const turns = new Int32Array(new SharedArrayBuffer(8));
    const thread = new Worker(new URL('calibration-thread.ts', import.meta.url), {
      workerData: turns,
    });
    await once(thread, 'message');
    return new CalibratedLoop(thread, turns);
  }

  /** Takes about 20 ms, in which nothing else of this process runs. */
  measure(): Calibration {
    return {
      cpuUs: medianUs(0, workTimes, () => this.#work()),
      wakeUpUs: medianUs(0, wakeUps, () => this.#wakeUp()),
    };
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    Atomics.store(this.#turns, 0, ended);
    Atomics.notify(this.#turns, 0);
    await once(this.#thread, 'exit');
  }

  #work(): void {
    const memory = this.#memory;
    let state = 1;
    for (let step = 0; step < stepsOfWork; step++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      const at = state & (words - 1);
      memory[at] = (memory[at] ?? 0) + step;
    }
  }

  #wakeUp(): void {
    Atomics.store(this.#turns, 1, 0);
    Atomics.store(this.#turns, 0, 1);
    Atomics.notify(this.#turns, 0);
    Atomics.wait(this.#turns, 1, 0);
  }
}

/** The median time of work that is repeated, in microseconds; its first times warm the code up. */
export function medianUs(
  warmTimes: number,
  times: number,
  work: () => void,
  before = () => {},
): number {
  const tookUs: number[] = [];
  for (let i = -warmTimes; i < times; i++) {
    before();
    const startedAt = performance.now();
    work();
    if (i >= 0) tookUs.push((performance.now() - startedAt) * 1_000);
  }
  return median(tookUs);
}
