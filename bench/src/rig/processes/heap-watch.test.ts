import { expect, it } from 'vitest';
import { HeapWatch } from './heap-watch.ts';

// Numbers beyond 2^31, and not whole, are objects of their own: an array of 1,000 has 8,000 bytes and a header.
const arrays = 20_000;
const bytesEach = 8_000;

function allocate(): number {
  let sum = 0;
  for (let i = 0; i < arrays; i++) sum += new Array<number>(1_000).fill(i + 0.5).length;
  return sum;
}

it('counts allocations, collected or not, and the time of collections', () => {
  const watch = new HeapWatch();
  expect(watch.read()).toEqual({ collectingMs: 0, allocatedBytes: 0 });
  allocate();
  const { collectingMs, allocatedBytes } = watch.read();
  expect(allocatedBytes).toBeGreaterThan(arrays * bytesEach);
  expect(allocatedBytes).toBeLessThan(arrays * bytesEach * 1.5);
  expect(collectingMs).toBeGreaterThan(0);
});

it('goes on from reading to reading, and leaves out the allocations of a reading', () => {
  const watch = new HeapWatch();
  watch.read();
  allocate();
  const first = watch.read();
  const second = watch.read();
  expect(second.allocatedBytes).toBeGreaterThanOrEqual(first.allocatedBytes);
  expect(second.allocatedBytes - first.allocatedBytes).toBeLessThan(100_000);
  allocate();
  const third = watch.read();
  expect(third.allocatedBytes - second.allocatedBytes).toBeGreaterThan(arrays * bytesEach);
  expect(third.collectingMs).toBeGreaterThan(second.collectingMs);
});
