import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Placement } from '../../report/schema/report.ts';

/** The cores on which the two processes of a cell run. */
export interface PlacedOn {
  readonly name: Placement;
  /** Its description in the report. */
  readonly description: string;
  /** The core of the server, and of a lane with only one process; undefined for any core. */
  readonly server: number | undefined;
  readonly client: number | undefined;
}

/** The placements that are possible on this machine, and the reasons against the others. */
export interface Placements {
  readonly possible: readonly PlacedOn[];
  readonly impossible: readonly { readonly name: Placement; readonly reason: string }[];
}

/** Every placement that a report knows. */
export const placementNames = ['same-core', 'different-cores', 'unpinned'] as const;

/**
 * Returns the placements that are possible with these cores. Pinned processes keep their helper threads, for
 * compiling and collecting garbage, on the same core.
 *
 * @param cores the cores that this process may use
 * @param pinning true if processes can be pinned; otherwise the reason against it
 */
export function placementsOn(cores: readonly number[], pinning: true | string): Placements {
  const unpinned: PlacedOn = {
    name: 'unpinned',
    description: 'server and client wherever the scheduler puts them',
    server: undefined,
    client: undefined,
  };
  const [first, last] = [cores[0], cores.at(-1)];
  if (pinning !== true || first === undefined || last === undefined) {
    const reason = pinning === true ? 'the cores of this machine are not known' : pinning;
    return {
      possible: [unpinned],
      impossible: [
        { name: 'same-core', reason },
        { name: 'different-cores', reason },
      ],
    };
  }
  const same: PlacedOn = {
    name: 'same-core',
    description: `server and client pinned to one core (${last})`,
    server: last,
    client: last,
  };
  if (first === last) {
    const reason = 'this machine lets the lab use one core only';
    return { possible: [same, unpinned], impossible: [{ name: 'different-cores', reason }] };
  }
  const different: PlacedOn = {
    name: 'different-cores',
    description: `server pinned to core ${first}, client to core ${last}`,
    server: first,
    client: last,
  };
  return { possible: [same, different, unpinned], impossible: [] };
}

/** {@link placementsOn} for the machine that this runs on. */
export function placementsHere(): Placements {
  const pinning = canPin();
  return placementsOn(pinning === true ? allowedCores() : [], pinning);
}

function canPin(): true | string {
  try {
    // Prints the cores of this process, since busybox has no `--version`.
    execFileSync('taskset', ['-p', String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return 'there is no taskset (util-linux) to pin processes with';
  }
}

// A container may use fewer cores than there are, and not the first ones.
function allowedCores(): readonly number[] {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return parseCoreList(/^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? '');
  } catch {
    return [];
  }
}

/** The numbers of a list as the kernel writes it: `0-2,5` is 0, 1, 2 and 5. */
export function parseCoreList(list: string): readonly number[] {
  return list.split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number);
    if (range === '' || from === undefined || to === undefined) return [];
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}
