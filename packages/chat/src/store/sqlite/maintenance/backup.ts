import { type BigIntStats, existsSync, lstatSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  databasePathOf,
  finishCutShort,
  holdDataDirectory,
  refuseOddDataFiles,
  restoringPathOf,
} from '../directory/data-directory.ts';
import { proofsOf } from '../log/log-mark.ts';
import { hasLog, logPathOf } from '../log/write-ahead-log.ts';
import { oddKindOf, refuseOddFile, syncDirectory } from '../regular-file.ts';
import { asStoreError, storeError } from '../sqlite-errors.ts';
import { type CopyControl, type CopySummary, copyDatabase } from './copy.ts';

/** The options of a backup or a restore. */
export interface BackupOptions extends CopyControl {
  /** The data directory. */
  readonly directory: string;
  /** The backup. */
  readonly file: string;
  /** True when what is there already may be replaced. */
  readonly force: boolean;
}

/**
 * Copies the data of a store, running or not, into one file. The file appears when the copy is whole,
 * checked and durable.
 *
 * Throws `not-found` (no data, or no directory for the file), `inside` (the data directory), `exists`
 * (the file, without `force`; or what a killed backup has left of it), `unreadable`, `corrupt`, `newer`,
 * `foreign`, `altered`, `not-a-database`, `not-a-file`, `full`, `io`; the signal's reason when that ended it.
 */
export async function backUpStore(options: BackupOptions): Promise<CopySummary> {
  const { directory, file, force } = options;
  if (!existsSync(dirname(file))) throw storeError('not-found', dirname(file));
  // A file there could be taken for the data, or for an unfinished restore.
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
 * Replaces the data of a data directory, which no server holds, by a backup. The old data is removed when
 * the backup is copied, checked and durable. After a crash at any moment, one of the two is there, whole.
 *
 * Throws `in-use`, `exists` (data, without `force`), `not-found` (the file), `inside`, `directory`,
 * `read-only`, `unreadable`, `corrupt`, `newer`, `foreign`, `not-a-database`, `full`, `io`; the
 * signal's reason when that ended it.
 */
export async function restoreStore(options: BackupOptions): Promise<CopySummary> {
  const { directory, file, force } = options;
  refuseOddSource(file);
  // A file there may be what another restore has left, which this one removes or completes.
  if (areSameDirectory(dirname(file), directory)) throw storeError('inside', file);
  const held = holdDataDirectory(directory, 'tandem restore');
  let { inDoubt } = held;
  try {
    refuseToReplaceData(held.databasePath, force);
    const summary = await copyDatabase(file, restoringPathOf(directory), options, 'WAL');
    held.replace();
    inDoubt = false;
    return summary;
  } finally {
    held.release(inDoubt);
  }
}

/** Refuses to replace anything but a regular file with one name, and that without `force`. */
function refuseToReplace(path: string, force: boolean): void {
  refuseOddFile(path);
  if (!force && lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
    throw storeError('exists', path);
  }
}

/**
 * Refuses to replace data. A log or a proof of data without a database counts as data: the lost database
 * may be found again.
 */
function refuseToReplaceData(databasePath: string, force: boolean): void {
  refuseToReplace(databasePath, force);
  if (force) return;
  if (hasLog(databasePath)) throw storeError('exists', logPathOf(databasePath));
  for (const proof of proofsOf(databasePath)) throw storeError('exists', proof);
}

/** Refuses a source that is not a regular file, after links: a pipe would make its reader wait for ever. */
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

/** Tells whether these are two names of one directory, however they are written. */
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
