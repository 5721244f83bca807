import type { ConnectionGate, GateRefusal } from '@tandem/core/server';
import { Limiter } from '@tandem/identity';
import type { Bans } from './bans.ts';

/**
 * The gate of all servers of a process: it knows who is banned, and how often each network connects.
 *
 * @param perMinute connections of a network in a minute, at once and then evenly
 * @param now the clock, in milliseconds
 */
export function connectionGate(bans: Bans, perMinute: number, now?: () => number): ConnectionGate {
  const limiter = new Limiter(
    { burst: perMinute, perSecond: perMinute / 60 },
    now === undefined ? {} : { now },
  );
  return {
    enter(network): GateRefusal | undefined {
      if (bans.hasNetwork(network)) return 'banned';
      return limiter.take(network) > 0 ? 'tooFast' : undefined;
    },
  };
}
