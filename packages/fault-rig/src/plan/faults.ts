import type { Direction, DirectionFaults } from '@tandem/proxy';
import type { Random } from '../random.ts';
import type { ClientKill, NetworkFault, ServerFault } from './plan.ts';

// Before the first moment, in milliseconds.
const calmMs = 300;

/** Makes random moments, `meanMs` apart on average, none at the beginning. */
export function moments(random: Random, meanMs: number, durationMs: number): number[] {
  const found: number[] = [];
  for (let atMs = calmMs + random.exponential(meanMs); atMs < durationMs; ) {
    found.push(Math.round(atMs));
    atMs += random.exponential(meanMs);
  }
  return found;
}

/** The faults that the server's series and its disk allow. */
export interface ServerFaultOptions {
  /** True when the server may be killed in a round. */
  readonly mortal: boolean;
  readonly onSmallDisk: boolean;
  readonly canBreakDisk: boolean;
}

/** Makes the server's faults of a round, one about every two seconds. */
export function makeServerFaults(
  random: Random,
  durationMs: number,
  { mortal, onSmallDisk, canBreakDisk }: ServerFaultOptions,
): ServerFault[] {
  return moments(random, mortal ? 1_800 : 4_000, durationMs).map((atMs) => {
    const drawn = random.fraction();
    const freeze = { atMs, kind: 'freeze', forMs: random.integer(50, 1_500) } as const;
    const fill = { atMs, kind: 'fill-disk', forMs: random.integer(300, 2_000) } as const;
    if (!mortal) return onSmallDisk && drawn < 0.5 ? { ...fill, kill: false } : freeze;
    if (onSmallDisk && drawn < 0.35) return { ...fill, kill: random.chance(0.3) };
    if (canBreakDisk && drawn > 0.95) return { atMs, kind: 'break-disk' };
    if (drawn < 0.45) return freeze;
    if (drawn < 0.55) return { atMs, kind: 'terminate' };
    const againAfterMs = random.chance(0.25) ? random.integer(1, 600) : undefined;
    return { atMs, kind: 'kill', againAfterMs };
  });
}

/** Makes the kills of client processes of a round. */
export function makeClientKills(
  random: Random,
  durationMs: number,
  processes: number,
): ClientKill[] {
  return moments(random, 5_000, durationMs).map((atMs) => ({
    atMs,
    process: random.integer(0, processes - 1),
  }));
}

/** Makes the faults of connections of a round. */
export function makeNetworkFaults(
  random: Random,
  durationMs: number,
  actors: number,
): NetworkFault[] {
  return moments(random, 500, durationMs).map((atMs) => {
    const first = random.integer(0, actors - 1);
    const count = random.chance(0.1) ? actors : random.integer(1, Math.ceil(actors / 3));
    const struck = Array.from({ length: count }, (_, i) => (first + i) % actors);
    return { atMs, actors: struck, ...makeNetworkFault(random) };
  });
}

type Bare = NetworkFault extends infer Fault
  ? Fault extends NetworkFault
    ? Omit<Fault, 'atMs' | 'actors'>
    : never
  : never;

function makeNetworkFault(random: Random): Bare {
  const direction: Direction = random.chance(0.5) ? 'toServer' : 'toClient';
  const forMs = random.integer(50, random.chance(0.1) ? 5_000 : 1_500);
  const one = (kind: 'delay' | 'rate' | 'split' | 'stall', faults: DirectionFaults) => ({
    kind,
    faults: { [direction]: faults },
    forMs,
  });
  switch (random.integer(0, 7)) {
    case 0:
      return one('delay', { delayMs: random.integer(5, 400) });
    case 1:
      return one('rate', { bytesPerSecond: random.integer(500, 50_000) });
    case 2:
      return one('split', { splitBytes: random.integer(1, 16) });
    case 3:
      return one('stall', { stalled: true });
    case 4:
      return { kind: 'refuse', faults: { refuseConnections: true }, forMs };
    case 5:
      return { kind: 'half-close', direction };
    case 6:
      return { kind: 'reset' };
    default:
      return { kind: 'cut' };
  }
}
