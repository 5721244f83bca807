import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const logCharsMax = 16 * 1024;

/** A process of the rig that takes requests and replies to each in order. It ends with the rig. */
export class AskedProcess<Request extends object, Reply> {
  /** Resolves when it is gone. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #waiting: ((reply: Reply | undefined) => void)[] = [];
  #log = '';

  /**
   * @param main the file that it runs
   * @param launcher a program in front of Node, with its arguments; none by default
   */
  constructor(main: string, launcher: readonly string[] = []) {
    const [command = '', ...args] = [...launcher, process.execPath, main];
    this.#child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Only the rig handles a Ctrl-C.
      detached: true,
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-logCharsMax);
    });
    this.#child.on('message', (reply: Reply) => this.#waiting.shift()?.(reply));
    this.ended = once(this.#child, 'close').then(() => {
      for (const resolve of this.#waiting.splice(0)) resolve(undefined);
    });
  }

  /** The end of its standard error. */
  get log(): string {
    return this.#log;
  }

  /** False once it was killed, or has ended. */
  get isRunning(): boolean {
    return this.#child.connected && !this.#child.killed;
  }

  /** Resolves with its reply; with undefined when it ends without one. */
  ask(request: Request): Promise<Reply | undefined> {
    return new Promise((resolve) => {
      if (!this.#child.connected) return resolve(undefined);
      this.#waiting.push(resolve);
      this.tell(request);
    });
  }

  /** Sends a message without a reply. */
  tell(request: Request): void {
    // It may have ended; then `ended` resolves.
    if (this.#child.connected) this.#child.send(request, () => {});
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
