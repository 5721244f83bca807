import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DirectoryLock } from './directory-lock.ts';
import { asStoreError, storeError } from './failures.ts';

/** A data directory that this process holds, until it lets it go. */
export interface DataDirectory {
  readonly databasePath: string;
  /** Whether its last owner was killed, or left it in doubt. */
  readonly inDoubt: boolean;
  /** Makes the database at {@link restoringPathOf}, whole and durable, the one of this directory. */
  replace(): void;
  /** May be called twice. @param inDoubt whether the next owner should look closely */
  release(inDoubt?: boolean): void;
}

/** Where the database of a data directory is. */
export function databasePathOf(directory: string): string {
  return join(directory, 'tandem.db');
}

/** Where a database is made that is to be restored. */
export function restoringPathOf(directory: string): string {
  return join(directory, 'restoring.db');
}

/** Where a restored database waits to take the place of the one that is there. */
export function restoredPathOf(directory: string): string {
  return join(directory, 'restored.db');
}

/**
 * Makes the directory if it is not there, takes its lock, and finishes a restore that was cut short.
 * Throws `directory`, `in-use`, `read-only`, `unreadable` and `full`.
 *
 * @param purpose what another who wants it is told
 */
export function holdDataDirectory(directory: string, purpose: string): DataDirectory {
  makeDirectory(directory);
  const lock = DirectoryLock.take(directory, purpose);
  const databasePath = databasePathOf(directory);
  try {
    finishRestore(directory);
    removeDatabase(restoringPathOf(directory));
  } catch (error) {
    lock.release(lock.wasAbandoned);
    throw asStoreError(error, databasePath);
  }
  return {
    databasePath,
    inDoubt: lock.wasAbandoned,
    replace() {
      // By way of this name: that it is there, and not half of it, says that the restore goes through.
      try {
        renameSync(restoringPathOf(directory), restoredPathOf(directory));
        syncDirectory(directory);
        finishRestore(directory);
      } catch (error) {
        throw asStoreError(error, databasePath);
      }
    },
    release: (inDoubt) => lock.release(inDoubt),
  };
}

/** Puts a restored database that waits in the place of the one that is there. */
function finishRestore(directory: string): void {
  const restored = restoredPathOf(directory);
  if (!existsSync(restored)) return;
  const path = databasePathOf(directory);
  // First, since what this log says of the old database would be taken for the new one's.
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
  renameSync(restored, path);
  syncDirectory(directory);
}

/** Removes a database, if it is there, with all that SQLite may have made beside it. */
export function removeDatabase(path: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(path + suffix, { force: true });
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

// Only its user may look into it: there are messages in it.
function makeDirectory(directory: string): void {
  try {
    const firstMade = mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (firstMade !== undefined) syncParents(resolve(directory), resolve(firstMade));
  } catch (error) {
    const { code } = asStoreError(error, directory);
    throw storeError(code === 'full' ? 'full' : 'directory', directory, error);
  }
}

/** Makes durable that there are the directories from `firstMade` down to this one. */
function syncParents(directory: string, firstMade: string): void {
  syncDirectory(dirname(directory));
  if (directory !== firstMade) syncParents(dirname(directory), firstMade);
}
