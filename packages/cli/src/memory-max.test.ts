import { totalmem } from 'node:os';
import { expect, it } from 'vitest';
import { availableToUs, defaultMemoryMax, memoryRule } from './memory-max.ts';

it.each([
  [0, 67_108_864],
  [512 * 1024 ** 2, 67_108_864],
  [1024 ** 3, 134_217_728],
  [1024 ** 3 + 7, 134_217_728],
  [4 * 1024 ** 3, 536_870_912],
  [64 * 1024 ** 3, 536_870_912],
])('of %i bytes of memory, connections may hold %i', (memoryBytes, expected) => {
  expect(defaultMemoryMax(memoryBytes)).toBe(expected);
});

it('says the rule with the figures that hold', () => {
  const [, min, max] = /from (\d+) to (\d+)/.exec(memoryRule) ?? [];
  expect([defaultMemoryMax(0), defaultMemoryMax(2 ** 50)]).toEqual([Number(min), Number(max)]);
});

it('takes no more for granted than the machine has', () => {
  expect(availableToUs()).toBeGreaterThan(0);
  expect(availableToUs()).toBeLessThanOrEqual(totalmem());
});
