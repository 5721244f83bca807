import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { logPathOf } from '../log/write-ahead-log.ts';
import { storeError } from '../sqlite-errors.ts';

const everyMs = 1_000;

/**
 * Checks every second that the files of an open database still have their names. SQLite goes on to write
 * to files that were removed or replaced, and that data is lost with the process.
 */
export class DirectoryWatch {
  readonly #watched: ReadonlyMap<string, string>;
  readonly #timer: NodeJS.Timeout;

  /** @param onLoss called once, with `replaced`, or `read-only` when the file system has become so */
  constructor(databasePath: string, onLoss: (error: Error) => void) {
    const paths = [dirname(databasePath), databasePath, logPathOf(databasePath)];
    this.#watched = new Map(paths.map((path) => [path, identityOf(path)]));
    this.#timer = setInterval(() => {
      const error = this.#loss();
      if (error === undefined) return;
      this.close();
      onLoss(error);
    }, everyMs);
    this.#timer.unref();
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
        // The mode of a file does not matter to a process that has it open.
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EROFS') return storeError('read-only', path, error);
      }
    }
    return undefined;
  }
}

/** Returns the identity of a file; an empty text for none. */
function identityOf(path: string): string {
  try {
    const stats = statSync(path, { bigint: true });
    return `${stats.dev} ${stats.ino}`;
  } catch {
    return '';
  }
}
