import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type FileErrorCode, StoreError } from '../store-error.ts';

/** SQLite's primary result codes, https://sqlite.org/rescode.html. */
const resultCodes: Readonly<Record<number, FileErrorCode>> = {
  // The statements are ours: it is the tables that they do not fit, or their rows.
  1: 'corrupt',
  3: 'unreadable',
  5: 'in-use',
  6: 'in-use',
  8: 'read-only',
  10: 'io',
  11: 'corrupt',
  13: 'full',
  14: 'unreadable',
  19: 'corrupt',
  23: 'unreadable',
  26: 'not-a-database',
};

const systemCodes: Readonly<Record<string, FileErrorCode>> = {
  EACCES: 'unreadable',
  EPERM: 'unreadable',
  EROFS: 'read-only',
  ELOOP: 'not-a-file',
  EISDIR: 'not-a-file',
  ENOTDIR: 'directory',
  ENOSPC: 'full',
  EDQUOT: 'full',
  ENAMETOOLONG: 'not-found',
  ENOENT: 'not-found',
  EEXIST: 'exists',
  // A number in a row is larger than any that was written.
  ERR_OUT_OF_RANGE: 'corrupt',
};

const explanations: Readonly<Record<FileErrorCode, (path: string) => string>> = {
  directory: (path) => `${path} is not a directory, and cannot be made one`,
  'in-use': (path) => `another process has locked ${path}`,
  unreadable: (path) => `${path} cannot be opened: this user may not read and write it`,
  'read-only': (path) => `${path} cannot be written: it is read-only for this user`,
  'not-a-database': (path) => `${path} is not a database`,
  foreign: (path) => `${path} is a database of another program`,
  corrupt: (path) => `${path} is damaged`,
  index: (path) => `an index in ${path} is damaged`,
  altered: (path) => `${path} was changed by another program`,
  newer: (path) => `${path} was written by a later version of this program`,
  full: (path) => `no space is left for ${path}`,
  io: (path) => `${path} cannot be read or written: the device or the file system failed`,
  'not-found': (path) => `there is no ${path}`,
  exists: (path) => `${path} exists already`,
  inside: (path) => `${path} is in the data directory, where all files are the server's own`,
  'not-a-file': (path) => `${path} is not a regular file with one name`,
  replaced: (path) => `${path} was removed or replaced while it was in use`,
  closed: (path) => `${path} is closed`,
};

// Less than a device needs to have free for SQLite to open a database: its shared memory and a page.
const spareBytesMin = 64 * 1024;

/** Returns a store error in the usual words, one line, about the file or directory at `path`. */
export function storeError(code: FileErrorCode, path: string, cause?: unknown): StoreError {
  const detail = cause instanceof Error ? ` (${cause.message})` : '';
  return new StoreError(code, oneLine(explanations[code](path) + detail), { cause });
}

/** Returns a text without what would begin a line or steer a terminal; names of files may have it, too. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** Returns the store error for what SQLite or the operating system said about the file at `path`. */
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
    const { bavail, blocks, bsize } = statfsSync(dirname(path));
    // A file system of the kernel's own has no blocks at all.
    return blocks > 0 && bavail * bsize < spareBytesMin;
  } catch {
    return false;
  }
}
