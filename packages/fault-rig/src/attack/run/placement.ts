import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Programs in front of the server and of everybody else, which put them on cores. */
export interface Placement {
  readonly server: readonly string[];
  readonly others: readonly string[];
  /** Says where they are, for the report. */
  readonly inWords: string;
}

/** The placement that the system chooses. */
export const anywhere: Placement = { server: [], others: [], inWords: 'on any core' };

/**
 * The server on one core, attackers and honest clients on the others, so that an attacker costs the
 * server its own work and not its turns. Undefined where the machine has one core, or no `taskset`.
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
    inWords: `the server on core 0, everybody else on ${cores === 2 ? 'core' : 'cores'} ${others}`,
  };
}
