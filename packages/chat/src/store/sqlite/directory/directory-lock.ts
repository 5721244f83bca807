import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type FileErrorCode, StoreError } from '../../store-error.ts';
import { sizeOf } from '../log/write-ahead-log.ts';
import { ensurePrivateFile } from '../regular-file.ts';
import { asStoreError, storeError } from '../sqlite-errors.ts';

/** The owner of a data directory. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  /** The purpose, as a command: `tandem serve`. */
  readonly purpose: string;
  /** ISO 8601. */
  readonly since: string;
}

// More than any that was written by us.
const ownerBytesMax = 4_096;

/**
 * A lock on a data directory, for one process at a time.
 *
 * It is a lock of the operating system, which SQLite takes on a file of its own, so it ends with the
 * process. Another file names the owner, for people alone: an owner that was killed leaves that file
 * behind, and it locks nothing.
 */
export class DirectoryLock {
  /** True when the owner before this one left without a {@link release}. */
  readonly wasAbandoned: boolean;
  readonly #database: DatabaseSync;
  readonly #ownerPath: string;

  private constructor(database: DatabaseSync, ownerPath: string) {
    this.#database = database;
    this.#ownerPath = ownerPath;
    this.wasAbandoned = existsSync(ownerPath);
  }

  /** Takes the lock. Throws `in-use` when another process has it. @param purpose for such an error of others */
  static take(directory: string, purpose: string): DirectoryLock {
    const path = lockPathOf(directory);
    const ownerPath = ownerPathOf(directory);
    let database: DatabaseSync | undefined;
    try {
      ensurePrivateFile(path);
      database = new DatabaseSync(path, { timeout: 0 });
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      const lock = new DirectoryLock(database, ownerPath);
      writeOwner(ownerPath, purpose);
      return lock;
    } catch (error) {
      if (database?.isOpen) database.close();
      throw explain(error, directory, path);
    }
  }

  /**
   * Gives the lock back; the next owner is told when it was `abandoned`, or when the owner's file cannot
   * be removed. May be called twice.
   */
  release(abandoned = false): void {
    if (!this.#database.isOpen) return;
    try {
      if (!abandoned) rmSync(this.#ownerPath, { force: true });
    } catch {
      // Nothing is lost by a check more.
    }
    this.#database.close();
  }
}

/** Returns the path of the file of a data directory that its owner has locked. */
export function lockPathOf(directory: string): string {
  return join(directory, 'lock');
}

function writeOwner(path: string, purpose: string): void {
  const since = new Date().toISOString();
  const owner: Owner = { pid: process.pid, host: hostname(), purpose, since };
  // Renamed when it is whole, so that nobody reads half of it.
  writeFileSync(`${path}.new`, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
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

/**
 * Returns the owner of a data directory, in words; undefined for none, and for a process of this machine
 * that is gone.
 */
export function ownerOf(directory: string): string | undefined {
  const { pid, host, purpose, since } = readOwner(ownerPathOf(directory)) ?? {};
  if (typeof pid !== 'number' || ![host, purpose, since].every(isWord)) return undefined;
  if (host === hostname() && !isRunning(pid)) return undefined;
  return `${purpose}, process ${pid} on ${host}, since ${since}`;
}

/** Tells whether a text may go into a line for people: anybody may have written it. */
function isWord(text: unknown): boolean {
  return typeof text === 'string' && /^[ -~]{1,200}$/.test(text);
}

function ownerPathOf(directory: string): string {
  return join(directory, 'owner.json');
}

function readOwner(path: string): Partial<Owner> | undefined {
  try {
    return sizeOf(path) > ownerBytesMax ? undefined : JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
