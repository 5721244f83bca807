import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from '@tandem/command/cache-directory';

const stderrCharsMax = 4_000;
// An event loop that does not react for so long is stuck.
const stuckAfterMs = 2_000;

// Otherwise most of a cell's time would be the compilation of the same files. Only the compiled code is
// kept; each process optimizes functions anew.
const beside = fileURLToPath(new URL('../../../../node_modules/.cache/bench', import.meta.url));
const compiled = cacheDirectory(beside, 'tandem-bench');
const cached = { ...process.env, ...(compiled && { NODE_COMPILE_CACHE: compiled }) };

/** The options with which a process starts. */
export interface Start {
  /** The core to pin it to; undefined leaves that to the scheduler. */
  readonly core: number | undefined;
  /** True when it has to compile all its code, as on a machine that never ran it. */
  readonly cold?: boolean;
}

/**
 * A child process of the rig that exchanges lines of JSON with it. It ends when its standard input
 * ends, so it does not outlive its parent, whatever ends the parent.
 */
export class LineProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #name: string;
  #stderr = '';

  /**
   * @param script the file that it runs
   */
  constructor({ core, cold = false }: Start, script: URL, ...args: string[]) {
    const file = fileURLToPath(script);
    this.#name = basename(file);
    const command = [process.execPath, '--expose-gc', file, ...args];
    const pinned = core === undefined ? command : ['taskset', '-c', String(core), ...command];
    const [program, ...rest] = pinned as [string, ...string[]];
    // It has a group of its own, since Ctrl-C is for the rig, which ends its children itself.
    this.#child = spawn(program, rest, {
      stdio: 'pipe',
      detached: true,
      env: cold ? process.env : cached,
    });
    this.#child.on('error', (error) => {
      this.#stderr += error.message;
    });
    this.#child.stdin?.on('error', () => {});
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrCharsMax);
    });
    this.#lines = createInterface({ input: this.#child.stdout ?? process.stdin })[
      Symbol.asyncIterator
    ]();
  }

  /** Undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Returns the next message of the process.
   *
   * @throws Error when it ended instead, with what it wrote to standard error
   */
  async hear<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (done !== true) return JSON.parse(value) as T;
    await this.#gone('close');
    throw new Error(`${this.#name} ended early: ${this.#stderr.trim() || 'it said nothing'}`);
  }

  tell(message: unknown): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  /** Asks it to end, and kills it if it does not. Resolves when it is gone. */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    const stuck = setTimeout(() => this.#child.kill('SIGKILL'), stuckAfterMs);
    await this.#gone('exit');
    clearTimeout(stuck);
  }

  // After `close` all that it wrote has been read; what nobody reads any more never gets there.
  async #gone(event: 'exit' | 'close'): Promise<void> {
    const { exitCode, signalCode, pid } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    await once(this.#child, event);
  }
}
