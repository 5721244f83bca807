import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { promisify } from 'node:util';

/** Waits until the device has all that was written to an open file before the call. */
export type SyncFile = (file: number) => Promise<void>;

/** Asks the operating system, on a thread of its own: the event loop goes on meanwhile. */
const syncFile: SyncFile = promisify(fdatasync);

/**
 * Makes durable what SQLite has committed to its log.
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
  readonly #syncFile: SyncFile;

  /** @param path the log, which is there as long as SQLite has the database open */
  constructor(path: string, syncLog: SyncFile = syncFile) {
    this.#file = openSync(path, 'r+');
    this.#syncFile = syncLog;
    // What a crash before its sync has left is read as if it were durable, and answered upon.
    fdatasyncSync(this.#file);
  }

  /** Resolves when all that was committed before the call is durable. Not after {@link close}. */
  sync(): Promise<void> {
    return this.#syncFile(this.#file);
  }

  /** Closes the file. To be called once, when no sync is under way. */
  close(): void {
    closeSync(this.#file);
  }
}
