import { existsSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type FileErrorCode, StoreError } from '../../store-error.ts';
import { ensurePrivateFile } from '../regular-file.ts';
import { asStoreError, storeError } from '../sqlite-errors.ts';
import { isLeftWithData, type Owner, ownerOf, ownerPathOf, writeOwner } from './owner.ts';

/**
 * A lock on a data directory, for one process at a time.
 *
 * It is a lock of the operating system, which SQLite takes on a file of its own, so it ends with the
 * process. Another file names the owner, and locks nothing. An owner that was killed leaves that file
 * behind, which says then that there was data.
 */
export class DirectoryLock {
  /** True when the owner before this one left without a {@link release}. */
  readonly wasAbandoned: boolean;
  readonly #database: DatabaseSync;
  readonly #ownerPath: string;
  readonly #owner: Owner;

  private constructor(database: DatabaseSync, databasePath: string, purpose: string) {
    this.#database = database;
    this.#ownerPath = ownerPathOf(dirname(databasePath));
    this.wasAbandoned = existsSync(this.#ownerPath);
    this.#owner = {
      pid: process.pid,
      host: hostname(),
      purpose,
      since: new Date().toISOString(),
      hadData: isLeftWithData(databasePath),
    };
    writeOwner(this.#ownerPath, this.#owner);
  }

  /**
   * Takes the lock on the directory of a database. Throws `in-use` when another process has it.
   *
   * @param purpose the purpose, for such an error of others
   */
  static take(databasePath: string, purpose: string): DirectoryLock {
    const directory = dirname(databasePath);
    const path = lockPathOf(directory);
    let database: DatabaseSync | undefined;
    try {
      ensurePrivateFile(path);
      database = new DatabaseSync(path, { timeout: 0 });
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      return new DirectoryLock(database, databasePath, purpose);
    } catch (error) {
      if (database?.isOpen) database.close();
      throw explain(error, directory, path);
    }
  }

  /** Notes in the file of the owner that there is data: a crash leaves that note behind. */
  noteData(): void {
    try {
      writeOwner(this.#ownerPath, { ...this.#owner, hadData: true });
    } catch {
      // The mark says it, too.
    }
  }

  /** Removes the file of the owner, before the lock is released: from now on a crash is a clean stop. */
  forgetOwner(): void {
    try {
      rmSync(this.#ownerPath, { force: true });
    } catch {
      // Nothing is lost by a check more.
    }
  }

  /**
   * Gives the lock back; the next owner is told when it was `abandoned`, or when the owner's file cannot
   * be removed. May be called twice.
   */
  release(abandoned = false): void {
    if (!this.#database.isOpen) return;
    if (!abandoned) this.forgetOwner();
    this.#database.close();
  }
}

/** Returns the path of the file of a data directory that its owner has locked. */
export function lockPathOf(directory: string): string {
  return join(directory, 'lock');
}

function explain(error: unknown, directory: string, path: string): StoreError {
  const known = asStoreError(error, path);
  if (known.code === 'in-use') return inUse(directory, error);
  // It cannot create its own files: the directory does not allow it.
  if (known.code === 'unreadable' || known.code === 'read-only') {
    return storeError('read-only', directory, error);
  }
  // SQLite never writes to this file.
  const written = known.code === 'not-a-database' || known.code === 'corrupt';
  return written
    ? storeError('altered', path, emptyIt)
    : storeError(known.code as FileErrorCode, directory, error);
}

const emptyIt = new Error('it has to be empty');

function inUse(directory: string, cause: unknown): StoreError {
  const who = ownerOf(directory) ?? 'another process';
  return new StoreError('in-use', `${directory} is in use by ${who}`, { cause });
}
