import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const script = fileURLToPath(new URL('./fixtures/open-store.ts', import.meta.url));
const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];

/** Another process that opens a data directory; gone after the test. */
export class Opener {
  readonly #child: ChildProcess;
  /** The output: `open`, or the code and the message of an error. */
  readonly outcome: Promise<string>;

  /** @param unprivileged as a user to whom the modes of files apply, which for root they do not */
  constructor(directory: string, { unprivileged = false } = {}) {
    const command = [process.execPath, script, directory];
    const [program = '', ...args] =
      unprivileged && isRoot() ? ['setpriv', ...nobody, ...command] : command;
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.outcome = firstLine(this.#child);
    onTestFinished(() => this.kill());
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Ends it with SIGKILL. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

/** Tells whether a process to which the modes of files apply can be started here, and can read its code. */
export function canRunUnprivileged(): boolean {
  if (!isRoot()) return true;
  try {
    const read = ['-e', 'require("node:fs").readFileSync(process.argv[1])', script];
    execFileSync('setpriv', [...nobody, process.execPath, ...read], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('a child without output');
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error('it ended without a word');
}
