import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { cpuUsage, memoryUsage } from 'node:process';
import type { ProcessUsage } from '../../scenarios/scenario.ts';
import { HeapWatch } from './heap-watch.ts';

/** Reads the usage of this process so far. */
export class UsageMeter {
  readonly #heap = new HeapWatch();

  /** @param collectGarbage true to collect garbage first; needs `--expose-gc` */
  read(collectGarbage: boolean): ProcessUsage {
    if (collectGarbage) {
      // The second collection frees the memory that the finalizers of the first one released.
      globalThis.gc?.();
      globalThis.gc?.();
    }
    const { user, system } = cpuUsage();
    const { active, idle } = performance.eventLoopUtilization();
    const { rss, heapUsed, external } = memoryUsage();
    return {
      cpuUs: user + system,
      residentBytes: rss,
      usedBytes: heapUsed + external,
      activeMs: active,
      idleMs: idle,
      calls: systemCalls('self'),
      // It is read last, because its reading takes work that must not be measured.
      heap: this.#heap.read(),
    };
  }
}

/** The part of the time between two moments in which the event loop was busy, 0 to 1. */
export function utilisation(before: ProcessUsage, after: ProcessUsage): number {
  const total = elapsedMs(before, after);
  return total === 0 ? 0 : (after.activeMs - before.activeMs) / total;
}

/**
 * Returns what a process used between two moments, as values of the metrics that begin with its name:
 * `client-cpu` and so on. Values that the system does not count are left out.
 */
export function usageValues(
  process: 'client' | 'server',
  before: ProcessUsage,
  after: ProcessUsage,
  operations: number,
): Record<string, number> {
  const each = (from: number, to: number) => (to - from) / operations;
  const totalMs = elapsedMs(before, after);
  const { heap } = after;
  const from = before.heap;
  return {
    [`${process}-cpu`]: each(before.cpuUs, after.cpuUs),
    ...(before.calls !== null &&
      after.calls !== null && {
        [`${process}-reads`]: each(before.calls.reads, after.calls.reads),
        [`${process}-writes`]: each(before.calls.writes, after.calls.writes),
      }),
    ...(heap !== null &&
      from !== null && {
        ...(totalMs > 0 && {
          [`${process}-collecting`]: (heap.collectingMs - from.collectingMs) / totalMs,
        }),
        [`${process}-allocated`]: each(from.allocatedBytes, heap.allocatedBytes),
      }),
  };
}

/** Returns what other processes of the server used between two moments, for each operation. */
export function besideValues(
  { beside: before = {} }: ProcessUsage,
  { beside: after = {} }: ProcessUsage,
  operations: number,
): Record<string, number> {
  const names = Object.entries(after);
  return Object.fromEntries(
    names.map(([name, used]) => [name, (used - (before[name] ?? 0)) / operations]),
  );
}

function elapsedMs(before: ProcessUsage, after: ProcessUsage): number {
  return after.activeMs - before.activeMs + after.idleMs - before.idleMs;
}

/** The note on a run whose system calls are not counted. */
export const callsNotCounted =
  'system calls are not counted: this system has no /proc/self/io, or does not let it be read';

/** Reads the system calls of a process so far; null where they are not counted. */
export function systemCalls(process: number | 'self'): ProcessUsage['calls'] {
  try {
    const counters = readFileSync(`/proc/${process}/io`, 'utf8');
    const [reads, writes] = ['syscr', 'syscw'].map((name) =>
      Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(counters)?.[1] ?? Number.NaN),
    ) as [number, number];
    return Number.isNaN(reads + writes) ? null : { reads, writes };
  } catch {
    return null;
  }
}
