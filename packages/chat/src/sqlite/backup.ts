import { existsSync, renameSync, rmSync } from 'node:fs';
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
 * Throws `not-found` (no data, or no directory for the file), `exists` (the file, without `force`),
 * `unreadable`, `corrupt`, `newer`, `foreign`, `not-a-database`, `full`, `io`; the signal's reason
 * when that ended it.
 */
export async function backUpStore(options: BackupOptions): Promise<CopySummary> {
  const { directory, file, force } = options;
  // A restore that was cut short: what is there is what it has restored.
  if (existsSync(restoredPathOf(directory)))
    holdDataDirectory(directory, 'tandem backup').release();
  if (!existsSync(dirname(file))) throw storeError('not-found', dirname(file));
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
    refuseToReplace(held.databasePath, force);
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
