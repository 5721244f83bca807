import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { removeDatabase } from './data-directory.ts';
import { asStoreError, storeError } from './failures.ts';
import { checkVersion } from './schema.ts';
import { refuseLoneLog } from './write-ahead-log.ts';

/** What a copy holds. */
export interface CopySummary {
  readonly accounts: number;
  readonly messages: number;
  readonly bytes: number;
}

/** How a copy is watched, and ended early. */
export interface CopyControl {
  /** Told now and then how far the copying has come. */
  readonly onProgress?: (copiedBytes: number, totalBytes: number) => void;
  /** Ends the copying; what it has made is removed. */
  readonly signal?: AbortSignal;
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
  refuseLoneLog(from);
  if (!existsSync(from)) throw storeError('not-found', from);
  makeFile(to);
  try {
    await copyPages(from, to, control);
    const summary = checkCopy(from, to);
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

/** Checks every page of a copy, and makes it one file. What is wrong with it was wrong with its source. */
function checkCopy(from: string, to: string): CopySummary {
  const copy = new DatabaseSync(to);
  try {
    copy.exec('PRAGMA journal_mode = DELETE');
    const [first] = copy.prepare('PRAGMA integrity_check(1)').all();
    if (first?.integrity_check !== 'ok') {
      throw storeError('corrupt', from, new Error(String(first?.integrity_check)));
    }
    return copy.prepare(summaryQuery).get() as unknown as CopySummary;
  } finally {
    copy.close();
  }
}

const summaryQuery = `
  SELECT
    (SELECT count(*) FROM accounts) AS accounts,
    (SELECT count(*) FROM messages LEFT JOIN leftovers USING (recipient)
      WHERE id > coalesce(through_id, 0)) AS messages,
    (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size) AS bytes`;

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
