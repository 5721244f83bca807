import { readdirSync, readFileSync } from 'node:fs';

/** The kernel's unit in `/proc`, in milliseconds: USER_HZ is 100 wherever Node.js runs on Linux. */
export const tickMs = 10;

/**
 * Returns the CPU time so far of a process and of all that it has started, and that those have started, in
 * milliseconds. Undefined when the process is gone, or off Linux.
 */
export function treeMs(pid: number): number | undefined {
  const own = parseProcessMs(readIfThere(`/proc/${pid}/stat`));
  if (own === undefined) return undefined;
  // One that has ended since is counted with its parent.
  return childrenOf(pid).reduce((sum, child) => sum + (treeMs(child) ?? 0), own);
}

/** Reads `/proc/PID/stat`: CPU time of a process and of its children that have ended. */
export function parseProcessMs(stat: string): number | undefined {
  // The name is in brackets and may contain brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).map(Number);
  if (ticks.length < 4 || ticks.some(Number.isNaN)) return undefined;
  return ticks.reduce((sum, one) => sum + one, 0) * tickMs;
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readIfThere(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** Reads a file of `/proc`; empty when it is not there. */
export function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
