// A thread that reports due moments. A timer of the event loop is only exact to a millisecond, and a
// loop that spins until then would take processor time from the measured processes.
import { parentPort } from 'node:worker_threads';
import { arrivals, seededRandom } from '../statistics/index.ts';
import type { Schedule } from './metronome.ts';

const never = new Int32Array(new SharedArrayBuffer(4));

parentPort?.on('message', ({ kind, ratePerSecond, seed, startAtMs, lengthMs }: Schedule) => {
  // One message for all moments that are due at once, since the other side reads the clock anyway.
  let untold = false;
  for (const dueMs of arrivals(kind, ratePerSecond, seededRandom(seed))) {
    if (dueMs >= lengthMs) break;
    const waitMs = startAtMs + dueMs - Number(process.hrtime.bigint()) / 1e6;
    if (waitMs > 0) {
      if (untold) parentPort?.postMessage('due');
      Atomics.wait(never, 0, 0, waitMs);
    }
    untold = true;
  }
  parentPort?.postMessage('over');
});
parentPort?.postMessage('ready');
