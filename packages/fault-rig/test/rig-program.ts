import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program } from '@tandem/command/testing/program';
import type { TestContext } from 'vitest';

/** The signals at which a program of the rig ends with the results so far, and its exit codes. */
export const stopSignals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

/** A program of the rig as a process, in a temporary directory of its own. */
export class RigProgram extends Program {
  readonly directory: string;

  /**
   * @param main the program, below `src`
   * @param test the context of the test, which may run beside others
   */
  constructor(
    main: string,
    args: readonly string[],
    { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  ) {
    const directory = mkdtempSync(join(tmpdir(), 'tandem-rig-test-'));
    // What is registered last is done first: the process ends before its directory is removed.
    onTestFinished(() => {
      // A rig that is killed cannot unmount what it mounted.
      for (const mount of mountsBelow(directory)) execFileSync('umount', ['--lazy', mount]);
      rmSync(directory, { recursive: true });
    });
    const path = fileURLToPath(new URL(`../src/${main}`, import.meta.url));
    const there = ['env', `--chdir=${directory}`];
    super([path, ...args], { TMPDIR: directory }, there, onTestFinished);
    this.directory = directory;
  }

  /** Returns its descendants that run now. */
  children(): number[] {
    return childrenOf(this.pid);
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
