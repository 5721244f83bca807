// The thread that a calibrated loop wakes: it wakes the main thread in return each time.
import { parentPort, workerData } from 'node:worker_threads';
import { asleep, ended } from './calibration.ts';

const turns = workerData as Int32Array;
parentPort?.postMessage('ready');
for (let turn = asleep; turn !== ended; turn = Atomics.load(turns, 0)) {
  Atomics.wait(turns, 0, asleep);
  if (Atomics.compareExchange(turns, 0, 1, asleep) === 1) {
    Atomics.store(turns, 1, 1);
    Atomics.notify(turns, 1);
  }
}
