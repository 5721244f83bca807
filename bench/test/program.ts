import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A command of the repository as a process, which is gone after the test. */
export class Program {
  /** Resolves with its exit code and signal when all that it wrote has been read. */
  readonly exited: Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>;
  readonly #child: ChildProcess;
  #output = '';
  #errorOutput = '';

  /** @param line the file below the root and its arguments; `under` is the command that starts it */
  constructor(line: readonly string[], under: readonly string[] = []) {
    const [file = '', ...args] = line;
    const [command = '', ...before] = [...under, process.execPath, root + file, ...args];
    // The log of a server in full: it says when something was answered.
    const env = { ...process.env, TANDEM_STORE: 'memory', TANDEM_LOG_LEVEL: 'trace' };
    this.#child = spawn(command, before, { stdio: ['ignore', 'pipe', 'pipe'], env });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      this.#child.emit('wrote');
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errorOutput += text;
      this.#child.emit('wrote');
    });
    this.exited = once(this.#child, 'close').then(([code, signal]) => [code, signal]);
    onTestFinished(async () => {
      this.#child.kill('SIGKILL');
      await this.exited;
    });
  }

  /** What it wrote to standard output. */
  get output(): string {
    return this.#output;
  }

  /** What it wrote to standard error. */
  get errorOutput(): string {
    return this.#errorOutput;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when what it wrote fulfils this. Rejects when it ends before. */
  async until(fulfilled: () => boolean): Promise<void> {
    const ended = this.exited.then(() => {
      if (!fulfilled()) throw new Error(`it ended: ${this.#output}${this.#errorOutput}`);
    });
    while (!fulfilled()) await Promise.race([once(this.#child, 'wrote'), ended]);
  }
}
