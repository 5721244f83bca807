import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { hasLog } from '../log/write-ahead-log.ts';

/** The owner of a data directory. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** The purpose, as a command: `tandem serve`. */
  readonly purpose: string;
  /** ISO 8601. */
  readonly since: string;
  /**
   * True once this owner has written the mark of its database, or when an owner before it had and was
   * killed. False when neither has. Absent when that is not known: an earlier version does not write it.
   */
  readonly hadData?: boolean | undefined;
}

/** The name of the database in a data directory. */
export const databaseName = 'tandem.db';

// More than any that was written by us.
const ownerBytesMax = 4_096;

/** Returns the path of the file of a data directory that names its owner. */
export function ownerPathOf(directory: string): string {
  return join(directory, 'owner.json');
}

/** Writes the owner of a data directory. Throws what the operating system says. */
export function writeOwner(path: string, owner: Owner): void {
  // Renamed when it is whole, so that nobody reads half of it.
  writeFileSync(`${path}.new`, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
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

/**
 * Tells whether a database had data, and was not stopped cleanly since: its owner has it open, or left it
 * without a release. Undefined when nobody can tell.
 */
export function isLeftWithData(databasePath: string): boolean | undefined {
  const path = ownerPathOf(dirname(databasePath));
  // Beside a backup, such a file is about another database.
  if (basename(databasePath) !== databaseName || !existsSync(path)) {
    return hasLog(databasePath) ? undefined : false;
  }
  const hadData = readOwner(path)?.hadData;
  return typeof hadData === 'boolean' ? hadData : undefined;
}

/** Tells whether a text may go into a line for people: anybody may have written it. */
function isWord(text: unknown): boolean {
  return typeof text === 'string' && /^[ -~]{1,200}$/.test(text);
}

function readOwner(path: string): Partial<Owner> | undefined {
  try {
    // A pipe, beside a backup, would make its reader wait.
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > ownerBytesMax) return undefined;
    return JSON.parse(readFileSync(path, 'utf8'));
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
