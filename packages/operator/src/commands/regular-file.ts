import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Opens a file of the data directory: a regular one with one name. It follows no symbolic link, and waits
 * for nobody at a pipe. Returns the descriptor.
 *
 * @param flags those of `open`, of `fs.constants`
 * @throws Error for anything else there, and the errors of the operating system
 */
export function openRegularFile(path: string, flags: number): number {
  const file = open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    refuseOdd(path, fstatSync(file));
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Throws unless a path is free, or has a regular file with one name. */
export function refuseOddFile(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats !== undefined) refuseOdd(path, stats);
}

/** Makes the name of a new file durable. */
export function syncNameOf(path: string): void {
  const directory = openSync(dirname(path), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function open(path: string, flags: number): number {
  try {
    return openSync(path, flags, 0o600);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw codesOfOddFiles.has(code) ? notRegular(path) : error;
  }
}

// Of a symbolic link, a directory, and a pipe or a socket.
const codesOfOddFiles: ReadonlySet<string> = new Set(['ELOOP', 'EISDIR', 'ENXIO']);

function refuseOdd(path: string, stats: Stats): void {
  if (!stats.isFile()) throw notRegular(path);
  if (stats.nlink > 1) throw new Error(`${path} has another name, which is a hard link`);
}

function notRegular(path: string): Error {
  return new Error(`${path} is not a regular file`);
}
