// A thread that says when something is due: a timer of the event loop is a millisecond wide, and a
// loop that spins until then would take the core from what it measures.
import { parentPort } from 'node:worker_threads';
import { arrivals, seededRandom } from '../statistics/index.ts';
import type { Schedule } from './metronome.ts';

const never = new Int32Array(new SharedArrayBuffer(4));

parentPort?.on('message', ({ kind, ratePerSecond, seed, startAtMs, lengthMs }: Schedule) => {
  // One message for all that is due at once: the other side looks at the clock anyway.
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
