import { getSystemErrorMessage } from 'node:util';
import { Command } from 'commander';
import { exitOnWrongUsage } from './usage.ts';

// 128 and SIGPIPE, as a program that leaves the signal alone ends; shells expect it of `… | head`.
const brokenPipe = 141;
const outputLost = 1;

/**
 * The standard streams of a command. None of their failures ends it: it does its work and writes its
 * files whether or not somebody reads. A command that could not write its standard output has still not
 * done all of its job, so it ends with 141 when the reader has gone, and otherwise with 1 and a line on
 * standard error. A code of its own for another failure stays.
 *
 * A standard output that is closed (`>&-`) is not among them: Node.js opens /dev/null in its place, as a
 * program does that starts a command and wants none of its output (`stdio: 'ignore'` in Node.js, `DEVNULL`
 * in Python). Nothing tells the two apart, so both are taken for output that nobody wants.
 */
export class StandardOutput {
  readonly #process: NodeJS.Process;
  #failure: NodeJS.ErrnoException | undefined;
  #forgiven = false;

  private constructor(process: NodeJS.Process) {
    this.#process = process;
  }

  /** Begins to watch. Call it before anything is written. */
  static watch(process: NodeJS.Process): StandardOutput {
    const output = new StandardOutput(process);
    process.stdout.on('error', (error) => {
      output.#failure ??= error;
    });
    // There is no other place to say so.
    process.stderr.on('error', () => {});
    process.on('exit', (code) => output.#conclude(code));
    return output;
  }

  /** Takes the loss of the output for no failure: what it says is only for whoever started the command. */
  forgive(): void {
    this.#forgiven = true;
  }

  /** Resolves when all that was written has left, or cannot leave any more. */
  async flushed(): Promise<void> {
    const { stdout, stderr } = this.#process;
    await Promise.all(
      [stdout, stderr].map((stream) => new Promise((done) => stream.write('', done))),
    );
  }

  #conclude(code: number): void {
    // A file's error is told by an event only in the next turn, which does not come.
    const failure = this.#failure ?? (this.#process.stdout.errored as NodeJS.ErrnoException | null);
    if (failure === null || this.#forgiven) return;
    if (failure.code === 'EPIPE') {
      if (code === 0) this.#process.exitCode = brokenPipe;
      return;
    }
    // A chat takes every failure of its output for a reader that has gone.
    if (code === 0 || code === brokenPipe) this.#process.exitCode = outputLost;
    this.#process.stderr.write(
      `The output of this command is lost: standard output cannot be written (${reasonOf(failure)}).\n`,
    );
  }
}

function reasonOf({ errno, message }: NodeJS.ErrnoException): string {
  return errno === undefined ? message : getSystemErrorMessage(errno);
}

/**
 * Returns the command of a script of this repository, which refuses what it does not know. The standard
 * streams are watched from here on.
 */
export function script(name: string, description: string): Command {
  StandardOutput.watch(process);
  const command = new Command(name).description(description).showHelpAfterError('Try --help.');
  exitOnWrongUsage(command);
  return command;
}
