import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { resetMark } from '../log/log-mark.ts';
import { refuseOddDataFile, syncDirectory } from '../regular-file.ts';
import { asStoreError, storeError } from '../sqlite-errors.ts';
import { DirectoryLock } from './directory-lock.ts';

/** A data directory that this process holds, until it lets it go. */
export interface DataDirectory {
  readonly path: string;
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
function restoredPathOf(directory: string): string {
  return join(directory, 'restored.db');
}

/**
 * Makes the directory if it is not there, takes its lock, and finishes a restore that was cut short.
 * Throws `directory`, `not-a-file`, `in-use`, `read-only`, `unreadable` and `full`.
 *
 * @param purpose what another who wants it is told
 */
export function holdDataDirectory(directory: string, purpose: string): DataDirectory {
  makeDirectory(directory);
  refuseOddDataFiles(directory);
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
    path: directory,
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
  // First, since what these say of the old database would be taken for the new one's.
  resetMark(path);
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
  renameSync(restored, path);
  syncDirectory(directory);
}

/**
 * Completes a restore that was cut short: what is there is what it has restored. Throws what
 * {@link holdDataDirectory} throws.
 */
export function finishCutShort(directory: string, purpose: string): void {
  if (!existsSync(restoredPathOf(directory))) return;
  const held = holdDataDirectory(directory, purpose);
  held.release(held.inDoubt);
}

const databaseSuffixes = ['', '-journal', '-wal', '-shm'] as const;

/** Returns the paths of all files that a data directory may have. */
export function dataFilesOf(directory: string): string[] {
  const databases = [databasePathOf, restoringPathOf, restoredPathOf].flatMap((pathOf) =>
    [...databaseSuffixes, '-mark'].map((suffix) => pathOf(directory) + suffix),
  );
  const own = ['lock', 'owner.json', 'owner.json.new'].map((name) => join(directory, name));
  return [...own, ...databases];
}

/**
 * Refuses a data directory in which something else has the name of one of its files: nothing but
 * regular files is read, replaced or removed there. Throws `not-a-file`, `unreadable`.
 */
export function refuseOddDataFiles(directory: string): void {
  for (const path of dataFilesOf(directory)) refuseOddDataFile(path);
}

/** Removes a database, if it is there, with all that SQLite may have made beside it. */
export function removeDatabase(path: string): void {
  for (const suffix of databaseSuffixes) rmSync(path + suffix, { force: true });
}

// Only its user may look into it: there are messages in it. Not with `recursive`, which under /proc tries
// for ever.
function makeDirectory(directory: string): void {
  try {
    for (const missing of missingDirectories(resolve(directory))) {
      mkdirSync(missing, { mode: 0o700 });
      syncDirectory(dirname(missing));
    }
    if (!statSync(directory).isDirectory()) throw new Error('it is a file');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    throw storeError(full ? 'full' : 'directory', directory, error);
  }
}

/** Returns the directories that have to be made, those above first. */
function missingDirectories(directory: string): string[] {
  if (statSync(directory, { throwIfNoEntry: false }) !== undefined) return [];
  return [...missingDirectories(dirname(directory)), directory];
}
