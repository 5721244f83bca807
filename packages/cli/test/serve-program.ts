import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The end of a process: with a code, or by a signal. */
export type Exit = readonly [code: number | null, signal: NodeJS.Signals | null];

const serve = [fileURLToPath(new URL('../bin/tandem.js', import.meta.url)), 'serve'];

/** A process of `tandem serve`, without a terminal; it is gone after the test. */
export class ServeProgram {
  /** Resolves when the process has ended and everything that it wrote has been read. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  #output = '';
  #errorOutput = '';

  /**
   * @param under the command that starts it, as `prlimit` does; none unless given
   * @param start the program, and what it is told first; `tandem serve` unless given
   */
  constructor(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    under: readonly string[] = [],
    start: readonly string[] = serve,
  ) {
    const [command = process.execPath, ...before] = [...under, process.execPath];
    this.#child = spawn(command, [...before, ...start, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Tests run side by side; none may want a port of its own.
      // Nor is anything to be left behind. And how many files a machine allows is nobody's concern.
      env: {
        ...process.env,
        TANDEM_GRPC_PORT: '0',
        TANDEM_STORE: 'memory',
        TANDEM_CONNECTIONS_MAX: '1000',
        ...env,
      },
    });
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

  /** Starts one on any free port, and waits until it says where it listens. */
  static async listening(
    args: readonly string[] = [],
    env?: NodeJS.ProcessEnv,
    under?: readonly string[],
    start?: readonly string[],
  ) {
    const program = new ServeProgram(['--socket-port', '0', ...args], env, under, start);
    await program.until(() => program.output.includes('stop with Ctrl-C\n'));
    return program;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it wrote to standard output. */
  get output(): string {
    return this.#output;
  }

  /** What it wrote to standard error. */
  get errorOutput(): string {
    return this.#errorOutput;
  }

  /** Its log, a record a line. */
  get log(): { readonly level: string; readonly time: string; readonly msg: string }[] {
    return this.#errorOutput
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  /** The port that it said it listens on. */
  get port(): number {
    return Number(/:(\d+)\n/.exec(this.#output)?.[1]);
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
