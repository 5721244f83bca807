import { performance } from 'node:perf_hooks';
import { cpuUsage, memoryUsage } from 'node:process';
import type { ProcessUsage } from '../scenarios/scenario.ts';

/**
 * What this process has used so far.
 *
 * @param collectGarbage whether to collect garbage first; needs `--expose-gc`
 */
export function processUsage(collectGarbage: boolean): ProcessUsage {
  if (collectGarbage) {
    // The second collection frees what the first one's finalizers let go of.
    globalThis.gc?.();
    globalThis.gc?.();
  }
  const { user, system } = cpuUsage();
  const { rss, heapUsed, external } = memoryUsage();
  const { active, idle } = performance.eventLoopUtilization();
  return {
    cpuUs: user + system,
    residentBytes: rss,
    usedBytes: heapUsed + external,
    activeMs: active,
    idleMs: idle,
  };
}

/** The part of the time between two moments in which the event loop was busy, 0 to 1. */
export function utilisation(before: ProcessUsage, after: ProcessUsage): number {
  const active = after.activeMs - before.activeMs;
  const total = active + after.idleMs - before.idleMs;
  return total === 0 ? 0 : active / total;
}
