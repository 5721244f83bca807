import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../../../packages/cli/bin/tandem.js', import.meta.url));
const outputCharsMax = 4_000;

/** The options with which a process of the command starts. */
export interface StartOptions {
  /** True to use the cache of compiled code, as every start after the first does. */
  readonly compileCache: boolean;
}

/** A process of the `tandem` command. It ends with this process at the latest. */
export class StartUpProcess {
  readonly #child: ChildProcess;
  readonly #kill = () => this.#child.kill('SIGKILL');
  readonly #ended: Promise<unknown>;
  #output = '';
  #errorOutput = '';

  constructor(args: readonly string[], { compileCache }: StartOptions) {
    this.#child = spawn(process.execPath, [command, ...args], {
      env: {
        ...process.env,
        // The variable is for the rig's processes; the command has a cache of its own.
        NODE_COMPILE_CACHE: undefined,
        NODE_DISABLE_COMPILE_CACHE: compileCache ? undefined : '1',
      },
      stdio: 'pipe',
    });
    this.#child.stdin?.on('error', () => {});
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errorOutput = (this.#errorOutput + text).slice(-outputCharsMax);
    });
    this.#ended = once(this.#child, 'close');
    process.once('exit', this.#kill);
  }

  /**
   * Resolves with all of its output once the output ends with a text.
   *
   * @throws Error when it ended instead, with what it wrote to standard error
   */
  async said(end: string): Promise<string> {
    const { stdout } = this.#child;
    while (!this.#output.endsWith(end)) {
      if (stdout === null || stdout.readableEnded || this.#output.length > outputCharsMax) {
        throw new Error(`tandem ended early: ${this.#output}${this.#errorOutput}`);
      }
      await Promise.race([once(stdout, 'data'), this.#ended]);
    }
    return this.#output;
  }

  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Ends its input, asks it to stop, and resolves when it is gone and has written its compiled code. */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    this.#child.kill('SIGTERM');
    await this.#ended;
    process.off('exit', this.#kill);
  }
}
