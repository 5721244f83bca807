import { openSync, readSync } from 'node:fs';

const bytesMax = 128;
const nanosecondsPerMs = 1e6;

/** The time that this process was ready to run, and waited for a processor. Linux counts it. */
export class ProcessorWait {
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
