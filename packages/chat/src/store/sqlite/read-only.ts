import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { hasLog } from './log/write-ahead-log.ts';

/**
 * Opens a database to read it, as it is at each moment. Where nothing can be written, SQLite cannot make its
 * shared memory; then a database that was stopped cleanly is read as the file that it is.
 */
export function openToRead(path: string): DatabaseSync {
  const isAlone = !hasLog(path) && !existsSync(`${path}-shm`);
  if (isAlone && !canWriteIn(dirname(path))) return openAsFile(path);
  return new DatabaseSync(path, { readOnly: true });
}

/** Opens a database without its log: SQLite reads this file and no other, and creates none. */
export function openAsFile(path: string): DatabaseSync {
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true });
}

function canWriteIn(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
