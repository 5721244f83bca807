import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A program of the rig as a process, in a temporary directory of its own. */
export class RigProgram {
  /** Resolves with its exit code and signal. */
  readonly exited: Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>;
  readonly directory: string;
  readonly #child: ChildProcess;
  #output = '';
  #errorOutput = '';

  private constructor(directory: string, main: string, args: readonly string[]) {
    this.directory = directory;
    const path = fileURLToPath(new URL(`../src/${main}`, import.meta.url));
    this.#child = spawn(process.execPath, [path, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: directory,
      env: { ...process.env, TMPDIR: directory },
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text) => {
      this.#output += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.#errorOutput += text;
    });
    this.exited = once(this.#child, 'close').then(([code, signal]) => [code, signal]);
  }

  /** @param main the program, below `src` */
  static async start(main: string, ...args: readonly string[]): Promise<RigProgram> {
    const directory = await mkdtemp(join(tmpdir(), 'tandem-rig-test-'));
    const program = new RigProgram(directory, main, args);
    onTestFinished(async () => {
      program.signal('SIGKILL');
      await program.exited;
      // A rig that is killed cannot unmount what it mounted.
      for (const mount of mountsBelow(directory)) execFileSync('umount', ['--lazy', mount]);
      await rm(directory, { recursive: true });
    });
    return program;
  }

  get output(): string {
    return this.#output;
  }

  get errorOutput(): string {
    return this.#errorOutput;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when it has written this to standard output. */
  async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#output)) await turn();
  }

  /** Returns its descendants that run now. */
  children(): number[] {
    return childrenOf(this.#child.pid ?? 0);
  }

  /** Resolves with its descendants once there are at least so many. */
  async untilChildren(count: number): Promise<number[]> {
    while (this.children().length < count) await turn();
    return this.children();
  }
}

/** Resolves when all of these processes are gone. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some((pid) => existsSync(`/proc/${pid}`))) await turn();
}

/** The file systems that are mounted in a directory. */
export function mountsBelow(directory: string): string[] {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  return mounts
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(directory));
}

function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const children = list === '' ? [] : list.split(' ').map(Number);
  return children.flatMap((child) => {
    try {
      return [child, ...childrenOf(child)];
    } catch {
      // It has ended meanwhile.
      return [child];
    }
  });
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
