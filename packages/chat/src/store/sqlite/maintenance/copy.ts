import { closeSync, existsSync, fsyncSync, openSync, realpathSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import type { CheckProgress } from '../check/check-database.ts';
import { check, refuseDamage } from '../check/checker.ts';
import { removeDatabase } from '../directory/data-directory.ts';
import { refuseLoss } from '../log/log-mark.ts';
import { sizeOf } from '../log/write-ahead-log.ts';
import { checkVersion } from '../schema.ts';
import { asStoreError, storeError } from '../sqlite-errors.ts';

/** What a copy holds. */
export interface CopySummary {
  readonly accounts: number;
  readonly messages: number;
  readonly bytes: number;
  /** What was wrong with an index, which was made anew in the copy; undefined when nothing was. */
  readonly rebuilt: string | undefined;
}

/** How a copy is watched, and ended early. */
export interface CopyControl {
  /** Told now and then how far the copying has come. */
  readonly onProgress?: (copiedBytes: number, totalBytes: number) => void;
  /** Told now and then that the copy is being checked: the share of its messages; undefined for its pages. */
  readonly onCheck?: ((progress: CheckProgress) => void) | undefined;
  /** Ends the copying; what it has made is removed. */
  readonly signal?: AbortSignal | undefined;
}

// Between two looks at the signal and two words of progress; a few milliseconds' work.
const pagesPerStep = 1_024;

/**
 * Copies a database of ours as it is at this moment, whoever writes to it meanwhile, to a file that
 * does not exist, and checks the copy. When this resolves the copy is durable, and one file alone.
 * Throws a store error; then there is no copy.
 */
export async function copyDatabase(
  from: string,
  to: string,
  control: CopyControl,
): Promise<CopySummary> {
  const source = sourceOf(from);
  await refuseLoss(source, control.signal);
  if (!existsSync(source)) throw storeError('not-found', from);
  makeFile(to);
  try {
    await copyPages(source, to, control);
    const summary = await checkCopy(from, to, control);
    syncFile(to);
    control.signal?.throwIfAborted();
    return summary;
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
  const source = openSource(from);
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

function openSource(path: string): DatabaseSync {
  let source: DatabaseSync | undefined;
  try {
    source = new DatabaseSync(path, { readOnly: true });
    // From here on it sees the database as it is now. Without, every write of another would make the
    // copying begin anew.
    source.exec('BEGIN');
    if (checkVersion(source, path) === 0) throw storeError('not-a-database', path);
    return source;
  } catch (error) {
    if (source?.isOpen) source.close();
    throw asStoreError(error, path);
  }
}

/** Makes a copy one file, and checks all of it. What is wrong with it was wrong with its source. */
async function checkCopy(from: string, to: string, control: CopyControl): Promise<CopySummary> {
  const copy = new DatabaseSync(to);
  try {
    copy.exec('PRAGMA journal_mode = DELETE');
  } finally {
    copy.close();
  }
  const { signal, onCheck: onProgress } = control;
  const found = await check(to, { rebuilds: true, signal, onProgress });
  refuseDamage(found, from);
  const { accounts, messages, rebuilt } = found;
  return { accounts, messages, bytes: sizeOf(to), rebuilt };
}

/** Returns the file itself, by whose name its log is called: a link is followed. */
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

/** Whether SQLite says that what it reads is damaged; and what it reads is the source, or its true copy. */
function isDamage(error: unknown): boolean {
  return asStoreError(error, '').code === 'corrupt';
}
