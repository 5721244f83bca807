import { closeSync, existsSync, fsyncSync, lstatSync, openSync, type Stats } from 'node:fs';
import { asStoreError, storeError } from './sqlite-errors.ts';

/**
 * Makes an empty file that only its user may read, unless there is a file: for SQLite to open, which
 * would let everybody read what it makes.
 *
 * A file that is there is not opened: to close it would end the locks that this process has on it.
 */
export function ensurePrivateFile(path: string): void {
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * Refuses what is there under this name unless it is a regular file; nothing is fine. Nothing is
 * opened: a pipe would make its reader wait. Throws `not-a-file`, and what the operating system says.
 */
export function refuseOddFile(path: string): void {
  const stats = statsOf(path);
  const kind = stats === undefined ? undefined : oddKindOf(stats);
  if (kind !== undefined) throw storeError('not-a-file', path, new Error(`it is ${kind}`));
}

/**
 * Does the same for a file of a data directory, which may have no second name either: a database that
 * is opened by two names has two logs, which damages it.
 */
export function refuseOddDataFile(path: string): void {
  refuseOddFile(path);
  const links = statsOf(path)?.nlink ?? 0;
  if (links < 2) return;
  throw storeError('not-a-file', path, new Error(`it has ${links} names, which are hard links`));
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw asStoreError(error, path);
  }
}

/** Returns what this is, if it is no regular file. */
export function oddKindOf(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** Makes durable what names there are in a directory. */
export function syncDirectory(directory: string): void {
  const file = openSync(directory, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
