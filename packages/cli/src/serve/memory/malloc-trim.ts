import { createRequire } from 'node:module';

/**
 * Finds `malloc_trim` (malloc_trim(3)), by which the C library returns what is free anywhere in its heap. It takes
 * about a millisecond where little is free, and 15 where 100 MB are.
 *
 * @returns undefined where there is none: it is of glibc alone
 */
export function findMallocTrim(): (() => void) | undefined {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const trim = koffi.load(null).func('int malloc_trim(size_t pad)');
    return () => trim(0);
  } catch {
    return undefined;
  }
}
