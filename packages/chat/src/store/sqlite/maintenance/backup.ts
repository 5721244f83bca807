import { type BigIntStats, existsSync, lstatSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  databasePathOf,
  finishCutShort,
  holdDataDirectory,
  refuseOddDataFiles,
  restoringPathOf,
} from '../directory/data-directory.ts';
import { hasMark, markPathOf } from '../log/log-mark.ts';
import { hasLog, logPathOf } from '../log/write-ahead-log.ts';
import { oddKindOf, refuseOddFile, syncDirectory } from '../regular-file.ts';
import { asStoreError, storeError } from '../sqlite-errors.ts';
import { type CopyControl, type CopySummary, copyDatabase } from './copy.ts';

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
 * `foreign`, `altered`, `not-a-database`, `not-a-file`, `full`, `io`; the signal's reason when that ended it.
 */
export async function backUpStore(options: BackupOptions): Promise<CopySummary> {
  const { directory, file, force } = options;
  if (!existsSync(dirname(file))) throw storeError('not-found', dirname(file));
  // There it would be taken for the data itself, or for that of a restore which was cut short.
  if (areSameDirectory(dirname(file), directory)) throw storeError('inside', file);
  refuseOddDataFiles(directory);
  finishCutShort(directory, 'tandem backup');
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
  refuseOddSource(file);
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

/** Nothing but a regular file is replaced: not a link, a device or a pipe, whoever is at its other end. */
function refuseToReplace(path: string, force: boolean): void {
  refuseOddFile(path);
  if (!force && lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
    throw storeError('exists', path);
  }
}

/**
 * A log without its database is data too, and so is a mark: whoever has lost the database may find it
 * again.
 */
function refuseToReplaceData(databasePath: string, force: boolean): void {
  refuseToReplace(databasePath, force);
  if (force) return;
  if (hasLog(databasePath)) throw storeError('exists', logPathOf(databasePath));
  if (hasMark(databasePath)) throw storeError('exists', markPathOf(databasePath));
}

/** Refuses what is no file to read from, where a link leads: a pipe would make its reader wait for ever. */
function refuseOddSource(path: string): void {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) throw storeError('not-found', path);
    const kind = oddKindOf(stats);
    if (kind !== undefined) throw storeError('not-a-file', path, new Error(`it is ${kind}`));
  } catch (error) {
    throw asStoreError(error, path);
  }
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
