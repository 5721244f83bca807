import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { onTestFailed, onTestFinished } from 'vitest';

/** The end of a process: with a code, or by a signal. */
export type Exit = readonly [code: number | null, signal: NodeJS.Signals | null];

/** A program of the repository as a process without a terminal, which is gone after the test. */
export class Program {
  /** Resolves when the process has ended and everything that it wrote has been read. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  #output = '';
  #errorOutput = '';

  /**
   * @param line the file that Node.js runs, and its arguments
   * @param env the variables that differ from this process's
   * @param under the command that starts it, as `prlimit` does; none by default
   * @param afterTest registers the end of the process; one that runs beside others gives its own
   */
  constructor(
    line: readonly string[],
    env: NodeJS.ProcessEnv = {},
    under: readonly string[] = [],
    afterTest: (end: () => Promise<void>) => void = onTestFinished,
  ) {
    const [command = process.execPath, ...before] = [...under, process.execPath];
    this.#child = spawn(command, [...before, ...line], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      this.#child.emit('wrote');
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errorOutput += text;
      this.#child.emit('wrote');
    });
    showOnFailure(line, () => this.#errorOutput);
    this.exited = once(this.#child, 'close').then(([code, signal]) => [code, signal]);
    afterTest(async () => {
      this.#child.kill('SIGKILL');
      await this.exited;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** All that it has written to standard output. */
  get output(): string {
    return this.#output;
  }

  /** All that it has written to standard error. */
  get errorOutput(): string {
    return this.#errorOutput;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /**
   * Resolves when its output fulfils this, and what it wrote before to its other stream has been read, too.
   * Rejects when it ends before.
   */
  async until(fulfilled: () => boolean): Promise<void> {
    const ended = this.exited.then(() => {
      if (!fulfilled()) throw new Error(`it ended: ${this.#output}${this.#errorOutput}`);
    });
    while (!fulfilled()) await Promise.race([once(this.#child, 'wrote'), ended]);
    // In one turn, its streams are read in any order.
    await setImmediate();
  }
}

// Logs may be long, and their end says what went wrong.
const shownMax = 4_000;

/**
 * Shows what a process wrote to its standard error if the test that runs now fails: it may have compared only
 * the code or the output. Of a process that no test started, such as that of a hook, nothing is shown.
 */
export function showOnFailure(line: readonly string[], errorOutput: () => string): void {
  try {
    onTestFailed(() => {
      const text = errorOutput();
      if (text !== '') console.error(`${line.join(' ')} said:\n${text.slice(-shownMax)}`);
    });
  } catch {
    // No test runs.
  }
}
