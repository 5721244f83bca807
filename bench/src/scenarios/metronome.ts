import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type ArrivalKind, arrivals, seededRandom } from '../statistics/index.ts';

/** When requests are to be sent, whatever becomes of those before them. */
export interface Schedule {
  readonly kind: ArrivalKind;
  readonly ratePerSecond: number;
  readonly seed: number;
  /** On the machine's monotonic clock, in milliseconds: see {@link monotonicMs}. */
  readonly startAtMs: number;
  readonly lengthMs: number;
}

/** The clock that a schedule is kept by: one for all threads, unlike `performance.now`. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * Calls `due` once for each moment of the schedule, with that moment, as soon as it is over; late
 * when the event loop is late, and then for all that are due, so that none is left out.
 */
export async function keepTime(
  schedule: Schedule,
  due: (intendedAtMs: number) => void,
): Promise<void> {
  const { kind, ratePerSecond, seed, startAtMs, lengthMs } = schedule;
  const moments = arrivals(kind, ratePerSecond, seededRandom(seed));
  let next = moments.next().value;
  const thread = new Worker(new URL('metronome-thread.ts', import.meta.url), {
    workerData: schedule,
  });
  const ended = once(thread, 'exit');
  thread.on('message', () => {
    const now = monotonicMs() - startAtMs;
    for (; next < lengthMs && next <= now; next = moments.next().value) due(startAtMs + next);
  });
  await ended;
  for (; next < lengthMs; next = moments.next().value) due(startAtMs + next);
}
