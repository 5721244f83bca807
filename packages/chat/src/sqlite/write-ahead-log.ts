import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { asStoreError, storeError } from './failures.ts';

// https://sqlite.org/fileformat2.html#the_write_ahead_log
const headerBytes = 32;
const summedBytes = 24;
// It says which byte order the checksums go by: the one of the machine that wrote the log.
const magic = { littleEndian: 0x377f0682, bigEndian: 0x377f0683 } as const;

/** Where the log of a database is. */
export function logPathOf(databasePath: string): string {
  return `${databasePath}-wal`;
}

/** Whether there is anything in the log of a database, be the database there or not. */
export function hasLog(databasePath: string): boolean {
  return sizeOf(logPathOf(databasePath)) > 0;
}

/**
 * Refuses a log whose database is missing or empty: SQLite would delete it without a word, when it
 * opens the database for reading too. No crash leaves that: a database has its first page on the disk
 * before there is a log. Throws `corrupt` and `unreadable`.
 */
export function refuseLoneLog(databasePath: string): void {
  if (sizeOf(databasePath) > 0 || !hasLog(databasePath)) return;
  const log = basename(logPathOf(databasePath));
  const detail = `it is missing or empty, but its log ${log} is not: put back the one that belongs to it`;
  throw storeError('corrupt', databasePath, new Error(detail));
}

/**
 * Refuses a log whose header is damaged: SQLite would take it for an empty one without a word, whatever
 * commits are in it. Throws `corrupt`, or what the operating system says.
 *
 * To be called while nobody has the database open. A killed process leaves no such header. SQLite writes
 * all 32 bytes at once, and to a log that begins anew over what was there: the header is the old one or
 * the new one, whole, and frames of the old log may follow. A power cut may tear it, on a disk that does
 * not write a sector as a whole. All that was in the log is in the database by then, but nothing says so:
 * it cannot be told from damage, and is refused too. Nor are frames checked: a crash may leave the last
 * ones torn, and SQLite ends the log at the first whose checksum is wrong.
 */
export function refuseDamagedLog(databasePath: string): void {
  const path = logPathOf(databasePath);
  // SQLite looks at no log that is not longer than its header.
  if (sizeOf(path) <= headerBytes) return;
  const file = openSync(path, 'r');
  try {
    if (hasWholeHeader(file) || isBlank(file)) return;
  } finally {
    closeSync(file);
  }
  throw storeError('corrupt', path, new Error('the checksum of its header is wrong'));
}

function hasWholeHeader(file: number): boolean {
  const header = Buffer.alloc(headerBytes);
  readSync(file, header, 0, headerBytes, 0);
  const mark = header.readUInt32BE(0);
  if (mark !== magic.littleEndian && mark !== magic.bigEndian) return false;
  const wordAt = (offset: number) =>
    mark === magic.bigEndian ? header.readUInt32BE(offset) : header.readUInt32LE(offset);
  let [first, second] = [0, 0];
  for (let offset = 0; offset < summedBytes; offset += 8) {
    first = (first + wordAt(offset) + second) >>> 0;
    second = (second + wordAt(offset + 4) + first) >>> 0;
  }
  return header.readUInt32BE(24) === first && header.readUInt32BE(28) === second;
}

/** Whether there are only zeros in it: no frame begins with them. */
function isBlank(file: number): boolean {
  const chunk = Buffer.alloc(64 * 1024);
  for (let position = 0; ; ) {
    const bytes = readSync(file, chunk, 0, chunk.length, position);
    if (bytes === 0) return true;
    if (chunk.subarray(0, bytes).some((byte) => byte !== 0)) return false;
    position += bytes;
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch (error) {
    throw asStoreError(error, path);
  }
}
