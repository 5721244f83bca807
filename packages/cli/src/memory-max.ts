import { totalmem } from 'node:os';

const leastBytes = 67_108_864;

/**
 * The least that all connections together can do with, in bytes. One of them may hold an eighth, which has room
 * for the longest response, that of a login over unary calls.
 */
export const memoryMin: number = leastBytes;

const defaultMax = 536_870_912;

/** The rule of {@link defaultMemoryMax}, for people. */
export const memoryRule = 'an eighth of the memory, from 67108864 to 536870912';

/**
 * The default of the memory that all connections may hold, in bytes: an eighth of the memory that
 * the machine, or the container that the process is in, has.
 */
export function defaultMemoryMax(memoryBytes: number = availableToUs()): number {
  return Math.floor(Math.min(defaultMax, Math.max(memoryMin, memoryBytes / 8)));
}

/** The memory of the machine, or of the container if that has less, in bytes. */
export function availableToUs(): number {
  // Without a container it is 0, or more than there is.
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
