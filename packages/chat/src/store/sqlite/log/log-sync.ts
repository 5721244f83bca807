import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import type { CommitCount } from './commit-count.ts';
import { LogMark } from './log-mark.ts';
import { logPathOf } from './write-ahead-log.ts';

/** Waits until the device has all that was written to an open file before the call. */
export type SyncFile = (file: number) => Promise<void>;

/** Asks the operating system, on a thread of its own: the event loop goes on meanwhile. */
const syncFile: SyncFile = promisify(fdatasync);

/**
 * Makes durable what SQLite has committed to its log, and marks how far that is.
 *
 * SQLite does so itself at each commit with `synchronous=FULL`, and blocks the caller until the device
 * has answered. With `NORMAL` it leaves out just this, and still syncs the log before a checkpoint,
 * the database after one, and the header of a log that begins anew (https://sqlite.org/pragma.html#pragma_synchronous,
 * https://sqlite.org/wal.html#performance_considerations). So a commit is durable when it was written
 * with `NORMAL` and the log was synced after that.
 *
 * The log is one file as long as a connection is open: it begins anew in place.
 */
export class LogSync {
  readonly #file: number;
  readonly #mark: LogMark;
  readonly #syncFile: SyncFile;

  /**
   * @param databasePath the database, which SQLite has open as long as this is used
   * @param commits what is committed in it
   */
  constructor(databasePath: string, commits: CommitCount, syncLog: SyncFile = syncFile) {
    this.#file = openSync(logPathOf(databasePath), 'r+');
    this.#syncFile = syncLog;
    // What a crash before its sync has left is read as if it were durable, and answered upon.
    fdatasyncSync(this.#file);
    this.#mark = new LogMark(databasePath, commits);
  }

  /** Resolves when all that was committed before the call is durable. Not after {@link close}. */
  async sync(): Promise<void> {
    const written = this.#mark.read();
    await this.#syncFile(this.#file);
    this.#mark.write(written);
  }

  /** Closes its files. To be called once, after SQLite has closed the database. @param inDoubt see {@link LogMark.close} */
  close(inDoubt: boolean): void {
    closeSync(this.#file);
    this.#mark.close(inDoubt);
  }
}
