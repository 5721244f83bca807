import { type BigIntStats, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type CopyControl, type CopySummary, copyDatabase } from './copy.ts';
import {
  databasePathOf,
  holdDataDirectory,
  restoredPathOf,
  restoringPathOf,
  syncDirectory,
} from './data-directory.ts';
import { asStoreError, storeError } from './failures.ts';
import { hasLog, logPathOf } from './write-ahead-log.ts';

/** What is copied where. */
export interface BackupOptions extends CopyControl {
  /** The data directory. */
  readonly directory: string;
  /** The backup. */
  readonly file: string;
  /** Whether what is there already may be replaced. */
  readonly force: boolean;
}

/**
 * Copies the data of a store, running or not, into one file. The file is there when the copy is whole,
 * checked and durable, and not before.
 *
 * Throws `not-found` (no data, or no directory for the file), `inside` (the data directory), `exists`
 * (the file, without `force`; or what a killed backup has left of it), `unreadable`, `corrupt`, `newer`,
 * `foreign`, `not-a-database`, `full`, `io`; the signal's reason when that ended it.
 */
export async function backUpStore(options: BackupOptions): Promise<CopySummary> {
  const { directory, file, force } = options;
  if (!existsSync(dirname(file))) throw storeError('not-found', dirname(file));
  // There it would be taken for the data itself, or for that of a restore which was cut short.
  if (areSameDirectory(dirname(file), directory)) throw storeError('inside', file);
  // A restore that was cut short: what is there is what it has restored.
  if (existsSync(restoredPathOf(directory)))
    holdDataDirectory(directory, 'tandem backup').release();
  refuseToReplace(file, force);
  const partial = `${file}.${process.pid}.partial`;
  const summary = await copyDatabase(databasePathOf(directory), partial, options);
  try {
    refuseToReplace(file, force);
    renameSync(partial, file);
    syncDirectory(dirname(file));
    return summary;
  } catch (error) {
    rmSync(partial, { force: true });
    throw asStoreError(error, file);
  }
}

/**
 * Makes a backup the data of a data directory that no server holds. The data that was there is gone
 * when the backup is copied, checked and durable, and not before; cut short at any moment, one or the
 * other is there, whole.
 *
 * Throws `in-use`, `exists` (data, without `force`), `not-found` (the file), `directory`,
 * `read-only`, `unreadable`, `corrupt`, `newer`, `foreign`, `not-a-database`, `full`, `io`; the
 * signal's reason when that ended it.
 */
export async function restoreStore(options: BackupOptions): Promise<CopySummary> {
  const { directory, file, force } = options;
  if (!existsSync(file)) throw storeError('not-found', file);
  const held = holdDataDirectory(directory, 'tandem restore');
  let { inDoubt } = held;
  try {
    refuseToReplaceData(held.databasePath, force);
    const summary = await copyDatabase(file, restoringPathOf(directory), options);
    held.replace();
    inDoubt = false;
    return summary;
  } finally {
    held.release(inDoubt);
  }
}

function refuseToReplace(path: string, force: boolean): void {
  if (!force && existsSync(path)) throw storeError('exists', path);
}

/** A log without its database is data too: whoever has lost the one may find it again. */
function refuseToReplaceData(databasePath: string, force: boolean): void {
  refuseToReplace(databasePath, force);
  if (!force && hasLog(databasePath)) throw storeError('exists', logPathOf(databasePath));
}

/** Whether these are two names of one directory, however they are written. */
function areSameDirectory(one: string, other: string): boolean {
  const [first, second] = [identityOf(one), identityOf(other)];
  return first !== undefined && first.dev === second?.dev && first.ino === second.ino;
}

function identityOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    throw asStoreError(error, path);
  }
}
