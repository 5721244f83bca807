import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store-error.ts';
import { asStoreError, storeError } from './failures.ts';
import { ensurePrivateFile } from './private-file.ts';

/** Who holds a data directory. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  /** What for, as a command: `tandem serve`. */
  readonly purpose: string;
  /** ISO 8601. */
  readonly since: string;
}

/**
 * A lock on a data directory, for one process at a time.
 *
 * It is a lock of the operating system, which SQLite takes on a file of its own, so it ends with the
 * process, whatever ends that. Who holds it stands in another file, for people alone: an owner that
 * was killed leaves it behind, and it locks nothing.
 */
export class DirectoryLock {
  /** Whether the owner before this one left without a {@link release}. */
  readonly wasAbandoned: boolean;
  readonly #database: DatabaseSync;
  readonly #ownerPath: string;

  private constructor(database: DatabaseSync, ownerPath: string) {
    this.#database = database;
    this.#ownerPath = ownerPath;
    this.wasAbandoned = existsSync(ownerPath);
  }

  /** Takes the lock. Throws `in-use` when another has it; `purpose` is what that would be told. */
  static take(directory: string, purpose: string): DirectoryLock {
    const path = join(directory, 'lock');
    const ownerPath = join(directory, 'owner.json');
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
      throw explain(error, directory, ownerPath);
    }
  }

  /** Gives the lock back; the next owner is told when it was `abandoned`. May be called twice. */
  release(abandoned = false): void {
    if (!this.#database.isOpen) return;
    if (!abandoned) rmSync(this.#ownerPath, { force: true });
    this.#database.close();
  }
}

function writeOwner(path: string, purpose: string): void {
  const since = new Date().toISOString();
  const owner: Owner = { pid: process.pid, host: hostname(), purpose, since };
  // By way of another name, so that nobody reads half of it.
  writeFileSync(`${path}.new`, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function explain(error: unknown, directory: string, ownerPath: string): StoreError {
  const known = asStoreError(error, ownerPath);
  if (known.code === 'in-use') return inUse(directory, ownerPath, error);
  // Files of its own that cannot be made: it is the directory that does not let them be.
  const barred = known.code === 'unreadable' || known.code === 'read-only';
  return storeError(barred ? 'read-only' : known.code, directory, error);
}

function inUse(directory: string, ownerPath: string, cause: unknown): StoreError {
  const owner = readOwner(ownerPath);
  const who =
    owner === undefined
      ? 'another process'
      : `${owner.purpose}, process ${owner.pid} on ${owner.host}, since ${owner.since}`;
  return new StoreError('in-use', `${directory} is in use by ${who}`, { cause });
}

/** Undefined when the file is not there, or names a process of this machine that is gone. */
function readOwner(path: string): Owner | undefined {
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8')) as Owner;
    return owner.host === hostname() && !isRunning(owner.pid) ? undefined : owner;
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
