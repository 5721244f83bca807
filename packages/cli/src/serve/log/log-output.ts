import { writeSync } from 'node:fs';

/** The parts of a {@link LogOutput}. */
export interface LogOutputOptions {
  /** Writes what a descriptor takes, and returns how many bytes. Throws EAGAIN when it takes none now. */
  readonly write?: (bytes: Uint8Array) => number;
  readonly fd: number;
  /** Makes the line that says how many lines were lost. */
  readonly lostLine: (lines: number) => string;
}

/** The most bytes of log that wait for a slow reader; lines beyond it are lost, and counted. */
const waitingBytesMax = 1024 * 1024;
const retryMs = 250;
// How long the end of the process waits for a slow reader to take the last lines.
const lastRetries = 40;
const lastRetryMs = 25;

/** Bytes on their way out, and how many lines they stand for. */
interface Waiting {
  readonly bytes: Uint8Array;
  readonly lines: number;
}

/**
 * Writes the lines of a log, also when nothing takes them. A line is written as
 * it comes, so none is lost at the end. A slow reader makes a bounded number of them wait; a device
 * that is full, or a reader that has gone, loses them. The lost lines are counted, and reported as soon as a
 * line can be written again. Nothing here throws, and nothing waits.
 */
export class LogOutput {
  readonly #write: (bytes: Uint8Array) => number;
  readonly #lostLine: (lines: number) => string;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #lostLines = 0;
  /** The last write ended within a line. */
  #cut = false;
  #retry: NodeJS.Timeout | undefined;

  constructor({ fd, lostLine, write = (bytes) => writeSync(fd, bytes) }: LogOutputOptions) {
    this.#write = write;
    this.#lostLine = lostLine;
  }

  /** Takes a line, its end included. */
  write(line: string): void {
    this.#push({ bytes: Buffer.from(line), lines: 1 });
    this.#drain();
  }

  /** Writes what waits, for about a second at most. For the end of the process: it blocks. */
  close(): void {
    clearTimeout(this.#retry);
    const clock = new Int32Array(new SharedArrayBuffer(4));
    for (let i = 0; i < lastRetries && !this.#drain(); i++) Atomics.wait(clock, 0, 0, lastRetryMs);
  }

  #push({ bytes, lines }: Waiting): void {
    if (this.#waitingBytes + bytes.length > waitingBytesMax) {
      this.#lostLines += lines;
      return;
    }
    this.#admitNotice();
    this.#waiting.push({ bytes, lines });
    this.#waitingBytes += bytes.length;
  }

  /** Lets what says that lines were lost wait in their place, before whatever comes after them. */
  #admitNotice(): void {
    if (this.#lostLines === 0) return;
    const line = this.#lostLine(this.#lostLines);
    // Half a line that is written already ends where it is, when its other half was lost.
    const bytes = Buffer.from(this.#cut && this.#waiting.length === 0 ? `\n${line}` : line);
    this.#waiting.push({ bytes, lines: this.#lostLines });
    this.#waitingBytes += bytes.length;
    this.#lostLines = 0;
  }

  /** Writes what can be written now. Returns false when the reader is slow. */
  #drain(): boolean {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      try {
        const written = this.#write(first.bytes);
        this.#waitingBytes -= written;
        this.#cut = written < first.bytes.length;
        if (this.#cut) this.#waiting[0] = { ...first, bytes: first.bytes.subarray(written) };
        else this.#waiting.shift();
      } catch (error) {
        const slow = (error as NodeJS.ErrnoException).code === 'EAGAIN';
        if (!slow) this.#lose();
        this.#retryLater();
        return !slow;
      }
    }
    return true;
  }

  /** Counts as lost what waits: it cannot be written. */
  #lose(): void {
    for (const { lines } of this.#waiting) this.#lostLines += lines;
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
  }

  #retryLater(): void {
    if (this.#retry !== undefined) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#admitNotice();
      this.#drain();
    }, retryMs).unref();
  }
}
