import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessUsage } from '../../scenarios/scenario.ts';
import { systemCalls } from './usage.ts';

/**
 * Reads what a program of others has used so far, as the kernel counts it. Of its memory only the resident
 * part is known.
 */
export class ProgramMeter {
  readonly #pid: number;

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** @throws Error when the program is gone */
  read(): ProcessUsage {
    const cpuUs = cpuUsOf(this.#pid);
    if (cpuUs === undefined) throw new Error('the program has ended early');
    const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8');
    const residentBytes = Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1]) * 1_024;
    return {
      cpuUs,
      residentBytes,
      usedBytes: residentBytes,
      // It is busy while it uses a core: for a program that computes and waits, that is its utilisation.
      activeMs: cpuUs / 1_000,
      idleMs: performance.now() - cpuUs / 1_000,
      calls: systemCalls(this.#pid),
      heap: null,
    };
  }
}

/**
 * Returns the CPU time of all threads of a program so far, in microseconds; undefined where the kernel does not
 * count it, or the program is gone. Threads that have ended are not counted: such a server keeps its own.
 */
export function cpuUsOf(pid: number): number | undefined {
  try {
    // The first number is the time on a core, in nanoseconds. `/proc/PID/stat` has hundredths of a second.
    return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
      const [runNs] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
      return sum + Number(runNs) / 1_000;
    }, 0);
  } catch {
    return undefined;
  }
}
