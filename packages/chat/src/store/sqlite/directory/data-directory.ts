import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StoreError } from '../../store-error.ts';
import { readDatabaseHeader } from '../database-header.ts';
import { resetMark } from '../log/log-mark.ts';
import { hasLog, sizeOf } from '../log/write-ahead-log.ts';
import { giveToOwner, refuseOddFile, syncDirectory } from '../regular-file.ts';
import { applicationId } from '../schema.ts';
import { asStoreError, storeError } from '../sqlite-errors.ts';
import { DirectoryLock } from './directory-lock.ts';
import { databaseName } from './owner.ts';

/** A data directory that this process holds until it releases it. */
export interface DataDirectory {
  readonly path: string;
  readonly databasePath: string;
  /** True when its last owner was killed, or left it in doubt. */
  readonly inDoubt: boolean;
  /** Notes that the database has data, once its mark is written. After a crash the next owner knows. */
  noteData(): void;
  /** Makes the database at {@link restoringPathOf}, whole and durable, the one of this directory. */
  replace(): void;
  /** Notes that all is closed cleanly, before the directory is released. */
  forgetOwner(): void;
  /** Releases the directory. May be called twice. @param inDoubt true when the next owner has to check it */
  release(inDoubt?: boolean): void;
}

/** Returns the path of the database of a data directory. */
export function databasePathOf(directory: string): string {
  return join(directory, databaseName);
}

/** Returns the path at which a database is made that is to be restored. */
export function restoringPathOf(directory: string): string {
  return join(directory, 'restoring.db');
}

/** Returns the path at which a restored database waits to replace the one that is there. */
function restoredPathOf(directory: string): string {
  return join(directory, 'restored.db');
}

/**
 * Makes the directory if it is not there, takes its lock, and finishes a restore that was cut short.
 * Throws `directory`, `not-a-file`, `in-use`, `read-only`, `unreadable`, `full`, and `corrupt` for a
 * restored database that is not whole.
 *
 * @param purpose the purpose, for the error of another process
 */
export function holdDataDirectory(directory: string, purpose: string): DataDirectory {
  makeDirectory(directory);
  refuseOddDataFiles(directory);
  const databasePath = databasePathOf(directory);
  const lock = DirectoryLock.take(databasePath, purpose);
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
    // The file that names the owner may have been removed.
    inDoubt: lock.wasAbandoned || hasLog(databasePath),
    noteData: () => lock.noteData(),
    forgetOwner: () => lock.forgetOwner(),
    replace() {
      // This name appears with the whole file, and means that the restore is to be completed.
      try {
        giveToOwner(restoringPathOf(directory));
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
  if (!isOfRestore(restored)) throw storeError('corrupt', restored, notOfRestore);
  const path = databasePathOf(directory);
  // First, as these and the mark are those of the old database.
  resetMark(path);
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
  renameSync(restored, path);
  syncDirectory(directory);
}

const notOfRestore = new Error(
  'no restore leaves such a file; delete it to keep the data from before that restore',
);

/** Tells whether a file is a database of ours, by its header, and as long as that says. */
function isOfRestore(path: string): boolean {
  const header = readDatabaseHeader(path);
  if (header === undefined || header.applicationId !== applicationId) return false;
  return header.userVersion > 0 && header.isWritable && header.bytes === sizeOf(path);
}

/**
 * Completes a restore that was cut short. Throws what {@link holdDataDirectory} throws.
 */
export function finishCutShort(directory: string, purpose: string): void {
  if (!existsSync(restoredPathOf(directory))) return;
  const held = holdDataDirectory(directory, purpose);
  held.release(held.inDoubt);
}

const databaseSuffixes = ['', '-journal', '-wal', '-shm'] as const;

/** Returns the paths of all files that a data directory may have. */
export function dataFilesOf(directory: string): string[] {
  const own = ['lock', 'owner.json', 'owner.json.new'].map((name) => join(directory, name));
  return [...own, ...databaseFilesOf(directory)];
}

/** Returns the paths of those among them in which there may be messages. */
export function databaseFilesOf(directory: string): string[] {
  return [databasePathOf, restoringPathOf, restoredPathOf].flatMap((pathOf) =>
    [...databaseSuffixes, '-mark'].map((suffix) => pathOf(directory) + suffix),
  );
}

/**
 * Refuses a data directory that is a file or below one, or in which one of its files is not a regular file: nothing else
 * is read, replaced or removed. Throws `directory`, `not-a-file`, `unreadable`.
 */
export function refuseOddDataFiles(directory: string): void {
  try {
    missingDirectories(resolve(directory));
  } catch (error) {
    throw asStoreError(error, directory);
  }
  for (const path of dataFilesOf(directory)) refuseOddFile(path);
}

/** Removes a database, if it is there, with all files that SQLite may have made beside it. */
export function removeDatabase(path: string): void {
  for (const suffix of databaseSuffixes) rmSync(path + suffix, { force: true });
}

// Only its user may read it, as it has messages. Not with `recursive`, which never ends under /proc.
function makeDirectory(directory: string): void {
  try {
    for (const missing of missingDirectories(resolve(directory))) {
      mkdirSync(missing, { mode: 0o700 });
      syncDirectory(dirname(missing));
    }
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    throw storeError(full ? 'full' : 'directory', directory, error);
  }
}

/** Returns false where there is nothing. Throws `directory` for what is not one, and errors of the system. */
function isThere(directory: string): boolean {
  const stats = statSync(directory, { throwIfNoEntry: false });
  if (stats === undefined || stats.isDirectory()) return stats !== undefined;
  throw storeError('directory', directory, new Error('it is a file'));
}

/** Returns the directories that have to be made, those above first. Throws what {@link isThere} throws. */
function missingDirectories(directory: string): string[] {
  if (isThere(directory)) return [];
  return [...missingDirectories(dirname(directory)), directory];
}
