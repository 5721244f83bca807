import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError, type StoreErrorCode } from '../store-error.ts';

/** SQLite's primary result codes, https://sqlite.org/rescode.html. */
const resultCodes: Readonly<Record<number, StoreErrorCode>> = {
  3: 'unreadable',
  5: 'in-use',
  6: 'in-use',
  8: 'read-only',
  10: 'io',
  11: 'corrupt',
  13: 'full',
  14: 'unreadable',
  23: 'unreadable',
  26: 'not-a-database',
};

const systemCodes: Readonly<Record<string, StoreErrorCode>> = {
  EACCES: 'unreadable',
  EPERM: 'unreadable',
  EROFS: 'read-only',
  ENOSPC: 'full',
  EDQUOT: 'full',
  ENOENT: 'not-found',
  EEXIST: 'exists',
};

const explanations: Readonly<Record<StoreErrorCode, (path: string) => string>> = {
  directory: (path) => `${path} is no directory, and cannot be made one`,
  'in-use': (path) => `another process has locked ${path}`,
  unreadable: (path) => `${path} cannot be opened: this user may not read and write it`,
  'read-only': (path) => `${path} cannot be written: it is read-only for this user`,
  'not-a-database': (path) => `${path} is not a database`,
  foreign: (path) => `${path} is a database of another program`,
  corrupt: (path) => `${path} is damaged`,
  newer: (path) => `${path} was written by a later version of this program`,
  full: (path) => `no space is left for ${path}`,
  io: (path) => `${path} cannot be read or written: the device or the file system failed`,
  'not-found': (path) => `there is no ${path}`,
  exists: (path) => `${path} exists already`,
  inside: (path) => `${path} is in the data directory, where all files are the server's own`,
  closed: (path) => `${path} is closed`,
};

// Less than a device needs to have free for SQLite to open a database: its shared memory and a page.
const spareBytesMin = 64 * 1024;

/** A store error in the usual words, about the file or directory at `path`. */
export function storeError(code: StoreErrorCode, path: string, cause?: unknown): StoreError {
  const detail = cause instanceof Error ? ` (${cause.message})` : '';
  return new StoreError(code, explanations[code](path) + detail, { cause });
}

/** What SQLite or the operating system said about the file at `path`, as a store error. */
export function asStoreError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const { code = '', errcode } = error as { code?: string; errcode?: number };
  const known = errcode === undefined ? systemCodes[code] : resultCodes[errcode & 0xff];
  const found = known ?? 'io';
  // SQLite says no more than this when there is no room for a file that it needs beside the database.
  const vague = found === 'io' || found === 'unreadable';
  return storeError(vague && hasNoSpace(path) ? 'full' : found, path, error);
}

function hasNoSpace(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < spareBytesMin;
  } catch {
    return false;
  }
}
