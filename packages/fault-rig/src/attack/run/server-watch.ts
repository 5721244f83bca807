import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The memory and processor time of a process, as the system counts them. */
export interface Usage {
  readonly rssBytes: number;
  readonly descriptors: number;
  /** Processor time since it began, in milliseconds. */
  readonly cpuMs: number;
  /**
   * The time since it began that its event loop was ready and had no processor, in milliseconds; 0 where
   * the kernel does not count it.
   */
  readonly waitedMs: number;
}

const kibibyte = 1024;
// The kernel's USER_HZ, which is 100 on every architecture that Node.js runs on.
const cpuTickMs = 10;
const nanosecondsPerMs = 1e6;

/** Watches a process from outside, so that a stall of its event loop delays nothing. Linux only. */
export class ServerWatch {
  readonly #directory: string;

  constructor(pid: number) {
    this.#directory = `/proc/${pid}`;
  }

  /** Undefined when the process is gone. */
  usage(): Usage | undefined {
    try {
      const stat = readFileSync(`${this.#directory}/stat`, 'utf8');
      // After the name, which may have any character: state is field 3, utime and stime are 14 and 15.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return {
        rssBytes: this.#status('VmRSS'),
        descriptors: readdirSync(`${this.#directory}/fd`).length,
        cpuMs: (Number(fields[11]) + Number(fields[12])) * cpuTickMs,
        waitedMs: this.#waitedMs(),
      };
    } catch {
      return undefined;
    }
  }

  /** Resets the peak of memory. */
  resetPeak(): void {
    try {
      writeFileSync(`${this.#directory}/clear_refs`, '5');
    } catch {
      // The process is another user's, or is gone. The peak is then that of its whole life.
    }
  }

  /** The most memory since then, in bytes; 0 when the process is gone. */
  peakRssBytes(): number {
    try {
      return this.#status('VmHWM');
    } catch {
      return 0;
    }
  }

  /** Waits until the process is almost idle, at most for this time. */
  async calm(patienceMs: number): Promise<void> {
    const lookMs = 200;
    const busy = 0.05;
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += lookMs) {
      const before = this.usage();
      await sleep(lookMs);
      const after = this.usage();
      if (before === undefined || after === undefined) return;
      if (after.cpuMs - before.cpuMs <= busy * lookMs) return;
    }
  }

  /** Returns the wait of its first thread, which runs the event loop. */
  #waitedMs(): number {
    const file = `${this.#directory}/schedstat`;
    if (!existsSync(file)) return 0;
    return Number(readFileSync(file, 'utf8').split(' ')[1]) / nanosecondsPerMs;
  }

  #status(name: string): number {
    const status = readFileSync(`${this.#directory}/status`, 'utf8');
    const value = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    return Number(value ?? 0) * kibibyte;
  }
}
