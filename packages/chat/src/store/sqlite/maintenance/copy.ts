import { closeSync, existsSync, fsyncSync, openSync, realpathSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { check, refuseDamage } from '../check/checker.ts';
import type { CheckProgress } from '../check/findings.ts';
import { removeDatabase } from '../directory/data-directory.ts';
import { emptyError, refuseLoss, refuseUnfinished } from '../log/log-mark.ts';
import { sizeOf } from '../log/write-ahead-log.ts';
import { openToRead } from '../read-only.ts';
import { checkVersion } from '../schema.ts';
import { asStoreError, storeError } from '../sqlite-errors.ts';

/** The content of a copy. */
export interface CopySummary {
  readonly accounts: number;
  readonly messages: number;
  readonly bytes: number;
  /** The damage of an index that was made anew in the copy; undefined for none. */
  readonly rebuilt: string | undefined;
  /** Notices about the data and its directory, a sentence or two each. */
  readonly notices: readonly string[];
}

/** The options of a copy: its progress, and its end. */
export interface CopyControl {
  /** Called now and then with the share that is copied. */
  readonly onProgress?: (copiedBytes: number, totalBytes: number) => void;
  /** Called now and then while the copy is checked, with the share of its messages; undefined for its pages. */
  readonly onCheck?: ((progress: CheckProgress) => void) | undefined;
  /** Ends the copying; what it has made is removed. */
  readonly signal?: AbortSignal | undefined;
}

// The pages between two checks of the signal and two reports of progress: a few milliseconds' work.
const pagesPerStep = 1_024;

/**
 * Copies a database as it is at this moment, also while it is written, to a file that does not exist,
 * and checks the copy. When this resolves, the copy is durable, and a single file. Throws a store error;
 * then there is no copy.
 *
 * @param mode how the copy is written to: with a log, like the database of a store, or without
 */
export async function copyDatabase(
  from: string,
  to: string,
  control: CopyControl,
  mode: 'DELETE' | 'WAL' = 'DELETE',
): Promise<CopySummary> {
  const source = sourceOf(from);
  refuseUnfinished(source);
  const notices = await refuseLoss(source, control.signal);
  if (!existsSync(source)) throw storeError('not-found', from);
  makeFile(to);
  try {
    await copyPages(source, to, control);
    const summary = await checkCopy(from, to, control);
    if (mode === 'WAL') setJournalMode(to, mode);
    syncFile(to);
    control.signal?.throwIfAborted();
    return { ...summary, notices };
  } catch (error) {
    removeDatabase(to);
    control.signal?.throwIfAborted();
    throw asStoreError(error, isDamage(error) ? from : to);
  }
}

/** Makes an empty file before SQLite does: only its user may read what is in it. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    throw asStoreError(error, path);
  }
}

async function copyPages(from: string, to: string, control: CopyControl): Promise<void> {
  const source = openSnapshot(from);
  try {
    const pageBytes = Number(source.prepare('PRAGMA page_size').get()?.page_size);
    await backup(source, to, {
      rate: pagesPerStep,
      progress({ totalPages, remainingPages }) {
        control.signal?.throwIfAborted();
        control.onProgress?.((totalPages - remainingPages) * pageBytes, totalPages * pageBytes);
      },
    });
  } finally {
    source.close();
  }
}

/** Opens a database of ours to read it as it is at this moment, whatever is written meanwhile. */
export function openSnapshot(path: string): DatabaseSync {
  let source: DatabaseSync | undefined;
  try {
    source = openToRead(path);
    // Reads see the database of this moment. Without it, each write of another would restart the copy.
    source.exec('BEGIN');
    if (checkVersion(source, path) === 0) throw emptyError(path);
    return source;
  } catch (error) {
    if (source?.isOpen) source.close();
    throw asStoreError(error, path);
  }
}

/** Makes a copy a single file, and checks it. Damage of the copy is damage of its source. */
async function checkCopy(
  from: string,
  to: string,
  control: CopyControl,
): Promise<Omit<CopySummary, 'notices'>> {
  setJournalMode(to, 'DELETE');
  const { signal, onCheck: onProgress } = control;
  const found = await check(to, { rebuilds: true, signal, onProgress });
  refuseDamage(found, from);
  const { accounts, messages, rebuilt } = found;
  return { accounts, messages, bytes: sizeOf(to), rebuilt };
}

function setJournalMode(path: string, mode: 'DELETE' | 'WAL'): void {
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA journal_mode = ${mode}`);
  } finally {
    database.close();
  }
}

/** Returns the path without links, as the log has the name of the file itself. */
function sourceOf(path: string): string {
  try {
    return existsSync(path) ? realpathSync(path) : path;
  } catch (error) {
    throw asStoreError(error, path);
  }
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Tells whether SQLite found damage; it reads the source, or a true copy of it. */
function isDamage(error: unknown): boolean {
  return asStoreError(error, '').code === 'corrupt';
}
