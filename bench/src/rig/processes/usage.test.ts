import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ProcessUsage } from '../../scenarios/scenario.ts';
import { besideValues, UsageMeter, usageValues, utilisation } from './usage.ts';

const before: ProcessUsage = {
  cpuUs: 1_000,
  residentBytes: 0,
  usedBytes: 0,
  activeMs: 10,
  idleMs: 5,
  calls: { reads: 100, writes: 50 },
  heap: { collectingMs: 1, allocatedBytes: 1_000 },
};
const after: ProcessUsage = {
  cpuUs: 3_000,
  residentBytes: 0,
  usedBytes: 0,
  activeMs: 90,
  idleMs: 25,
  calls: { reads: 200, writes: 60 },
  heap: { collectingMs: 6, allocatedBytes: 51_000 },
};

describe('usageValues', () => {
  it('are for each operation, and for collections a part of the time', () => {
    expect(usageValues('client', before, after, 100)).toEqual({
      'client-cpu': 20,
      'client-reads': 1,
      'client-writes': 0.1,
      'client-collecting': 0.05,
      'client-allocated': 500,
    });
    expect(utilisation(before, after)).toBe(0.8);
  });

  it('leave out system calls where they are not counted at both ends', () => {
    for (const [a, b] of [
      [{ ...before, calls: null }, after],
      [before, { ...after, calls: null }],
    ] as const) {
      const values = usageValues('server', a, b, 100);
      expect(Object.keys(values).toSorted()).toEqual([
        'server-allocated',
        'server-collecting',
        'server-cpu',
      ]);
    }
  });
});

it('divides what other processes used among operations, and has nothing where there are none', () => {
  const usage = { ...before, beside: { commits: 10, log: 500 } };
  const later = { ...after, beside: { commits: 60, log: 1_500 } };
  expect(besideValues(usage, later, 100)).toEqual({ commits: 0.5, log: 10 });
  expect(besideValues(before, after, 100)).toEqual({});
});

it.runIf(process.platform === 'linux')('counts the system calls of this process', () => {
  const meter = new UsageMeter();
  const first = meter.read(false);
  const times = 50;
  for (let i = 0; i < times; i++) readFileSync('/proc/self/comm');
  const second = meter.read(false);
  const reads = (second.calls?.reads ?? 0) - (first.calls?.reads ?? 0);
  // The second read of each file finds its end.
  expect(reads).toBeGreaterThanOrEqual(2 * times);
  expect(reads).toBeLessThan(3 * times);
});
