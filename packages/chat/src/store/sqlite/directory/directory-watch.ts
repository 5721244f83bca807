import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { markPathOf } from '../log/log-mark.ts';
import { beginsBlank, logPathOf } from '../log/write-ahead-log.ts';
import { storeError } from '../sqlite-errors.ts';
import { lockPathOf } from './directory-lock.ts';

const everyMs = 1_000;

/**
 * Looks every second whether a database that is open is still what its names lead to: SQLite writes to
 * files that were removed or replaced without a word, and all of that is gone with the process. Where
 * the lock is gone, another process may hold the directory, too.
 */
export class DirectoryWatch {
  readonly #logPath: string;
  readonly #watched: ReadonlyMap<string, string>;
  readonly #onLoss: (error: Error) => void;
  readonly #timer: NodeJS.Timeout;
  #hadLog = false;

  /** @param onLoss told once, with `replaced`, or `read-only` when the file system is that now */
  constructor(databasePath: string, onLoss: (error: Error) => void) {
    this.#logPath = logPathOf(databasePath);
    const directory = dirname(databasePath);
    const paths = [
      directory,
      databasePath,
      this.#logPath,
      `${databasePath}-shm`,
      markPathOf(databasePath),
      lockPathOf(directory),
    ];
    this.#watched = new Map(paths.map((path) => [path, identityOf(path)]));
    this.#onLoss = onLoss;
    this.#timer = setInterval(() => this.look(), everyMs);
    this.#timer.unref();
  }

  /** Looks at once. */
  look(): void {
    const error = this.#loss();
    if (error === undefined) return;
    this.close();
    this.#onLoss(error);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #loss(): Error | undefined {
    for (const [path, identity] of this.#watched) {
      if (identityOf(path) !== identity) return storeError('replaced', path);
      try {
        accessSync(path, constants.W_OK);
      } catch (error) {
        // Its modes are nothing to those who have it open.
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EROFS') return storeError('read-only', path, error);
      }
    }
    return this.#emptiedLog();
  }

  /** SQLite never empties the log of a database that is open; it goes on writing behind what is missing. */
  #emptiedLog(): Error | undefined {
    const hasLog = !beginsBlank(this.#logPath);
    if (this.#hadLog && !hasLog) {
      return storeError('replaced', this.#logPath, new Error('it was emptied'));
    }
    this.#hadLog = hasLog;
    return undefined;
  }
}

/** Returns which file this is; an empty text for none. */
function identityOf(path: string): string {
  try {
    const stats = statSync(path, { bigint: true });
    return `${stats.dev} ${stats.ino}`;
  } catch {
    return '';
  }
}
