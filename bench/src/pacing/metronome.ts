import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type ArrivalKind, arrivals, seededRandom } from '../statistics/index.ts';

/** The times at which requests are sent, whatever the outcomes of those before them. */
export interface Schedule {
  readonly kind: ArrivalKind;
  readonly ratePerSecond: number;
  readonly seed: number;
  /** On the machine's monotonic clock, in milliseconds: see {@link monotonicMs}. */
  readonly startAtMs: number;
  readonly lengthMs: number;
}

/** The clock of schedules: one for all threads, unlike `performance.now`. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Keeps the time of schedules, in a thread of its own that is started once. */
export class Metronome {
  readonly #thread: Worker;

  private constructor(thread: Worker) {
    this.#thread = thread;
  }

  /** Resolves when the thread runs, since its start takes longer than the time between two moments. */
  static async start(): Promise<Metronome> {
    const thread = new Worker(new URL('metronome-thread.ts', import.meta.url));
    await once(thread, 'message');
    return new Metronome(thread);
  }

  /**
   * Calls `due` once for each moment of the schedule, with that moment, as soon as it is over; late
   * when the event loop is late, and then for all that are due, so that none is left out.
   */
  async keep(schedule: Schedule, due: (intendedAtMs: number) => void): Promise<void> {
    const { kind, ratePerSecond, seed, startAtMs, lengthMs } = schedule;
    const moments = arrivals(kind, ratePerSecond, seededRandom(seed));
    let next = moments.next().value;
    const over = Promise.withResolvers<void>();
    const onMessage = (message: 'due' | 'over') => {
      const now = message === 'over' ? lengthMs : monotonicMs() - startAtMs;
      for (; next < lengthMs && next <= now; next = moments.next().value) due(startAtMs + next);
      if (message === 'over') over.resolve();
    };
    this.#thread.on('message', onMessage);
    this.#thread.postMessage(schedule);
    await over.promise;
    this.#thread.off('message', onMessage);
  }

  async stop(): Promise<void> {
    await this.#thread.terminate();
  }
}
