import { closeSync, existsSync, openSync } from 'node:fs';

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
