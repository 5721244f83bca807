import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The programs that put the server, and all other processes, on cores. */
export interface Placement {
  readonly server: readonly string[];
  readonly others: readonly string[];
  /** The placement in words, for the report. */
  readonly description: string;
}

/** The placement that the system chooses. */
export const anywhere: Placement = { server: [], others: [], description: 'on any core' };

/**
 * Returns a placement of the server on one core, attackers and honest clients on the others. So attackers do not
 * compete with the server for its core. Undefined where the machine has one core, or no `taskset`.
 */
export function apart(): Placement | undefined {
  const cores = availableParallelism();
  if (cores < 2) return undefined;
  try {
    execFileSync('taskset', ['--cpu-list', '0', 'true'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const others = cores === 2 ? '1' : `1-${cores - 1}`;
  return {
    server: ['taskset', '--cpu-list', '0'],
    others: ['taskset', '--cpu-list', others],
    description: `the server on core 0, everybody else on ${cores === 2 ? 'core' : 'cores'} ${others}`,
  };
}
