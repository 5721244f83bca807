import type { Random } from '../random.ts';
import { moments } from './faults.ts';
import type { NodeFault } from './plan.ts';

/** The nodes that share a database, for a plan. */
export interface NodesOfPlan {
  readonly count: number;
  /** True when the database has a standby, so that it can fail over. */
  readonly hasStandby: boolean;
}

// From the end of a fault, or from this moment, whichever is later.
const faultEveryMs = 1_500;

const purposes = ['writer', 'reader', 'searcher', 'control'];

/** Makes the faults of nodes and of their database, of a round. */
export function makeNodeFaults(
  random: Random,
  durationMs: number,
  { count, hasStandby }: NodesOfPlan,
): NodeFault[] {
  return moments(random, faultEveryMs, durationMs).map((atMs) => {
    const at = { atMs, node: random.integer(0, count - 1) };
    const forMs = random.integer(50, 1_500);
    const drawn = random.fraction();
    if (drawn < 0.2) return { ...at, kind: 'kill' };
    if (drawn < 0.26) return { ...at, kind: 'terminate' };
    if (drawn < 0.4) return { ...at, kind: 'freeze', untilBuried: drawn < 0.33, forMs };
    if (drawn < 0.48) return { ...at, kind: 'cut' };
    if (drawn < 0.6) return { ...at, kind: 'stall', untilBuried: drawn < 0.52, forMs };
    if (drawn < 0.7) return { ...at, kind: 'lose-responses', forMs: random.integer(50, 500) };
    if (drawn < 0.75) return { ...at, kind: 'slow', forMs, delayMs: random.integer(5, 200) };
    if (drawn < 0.8) return { atMs, kind: 'end-connection', purpose: random.pick(purposes) };
    if (drawn < 0.86) return { atMs, kind: 'cancel-writes', forMs: random.integer(50, 500) };
    if (drawn < 0.9) return { atMs, kind: 'crash-database' };
    if (drawn < 0.95 || !hasStandby) return { atMs, kind: 'kill-database' };
    const lagMs = random.chance(0.5) ? random.integer(200, 1_500) : undefined;
    return { atMs, kind: 'fail-over', lagMs };
  });
}
