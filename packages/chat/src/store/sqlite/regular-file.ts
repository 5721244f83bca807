import {
  closeSync,
  constants,
  existsSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { asStoreError, storeError } from './sqlite-errors.ts';

/**
 * Makes an empty file that only its user may read, unless there is a file. SQLite opens it; a file that
 * SQLite makes itself could be read by everybody.
 *
 * An existing file is not opened: to close it would end the locks that this process has on it.
 */
export function ensurePrivateFile(path: string): void {
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, 'wx', 0o600));
    giveToOwner(path);
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * Gives a file that root has made to the owner of its directory, as SQLite does with the log: the user of a
 * server could not open it. Not for a file that SQLite has open, whose locks would end.
 */
export function giveToOwner(path: string): void {
  if (process.getuid?.() !== 0) return;
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    // That user may have put something else there meanwhile.
    if (!stats.isFile() || stats.nlink > 1) return;
    const { uid, gid } = statSync(dirname(path));
    fchownSync(file, uid, gid);
  } finally {
    closeSync(file);
  }
}

/**
 * Refuses a path at which there is anything but a regular file with one name. It opens nothing, as a pipe
 * would make its reader wait. A database that is opened by two names has two logs, which damages it. Throws
 * `not-a-file`, and the errors of the operating system.
 */
export function refuseOddFile(path: string): void {
  const stats = statsOf(path);
  if (stats === undefined) return;
  const links = stats.nlink > 1 ? `it has ${stats.nlink} names, which are hard links` : undefined;
  const kind = oddKindOf(stats);
  const detail = kind === undefined ? links : `it is ${kind}`;
  if (detail !== undefined) throw storeError('not-a-file', path, new Error(detail));
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw asStoreError(error, path);
  }
}

/** Returns the kind of a file that is not regular; undefined for a regular one. */
export function oddKindOf(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** Makes the names in a directory durable. */
export function syncDirectory(directory: string): void {
  const file = openSync(directory, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
