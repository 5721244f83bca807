import { closeSync, openSync, readSync } from 'node:fs';
import { asStoreError } from './sqlite-errors.ts';

/** The first bytes of a database file, as far as others than SQLite read them. */
export interface DatabaseHeader {
  /** The length of the file in bytes, by its number of pages. */
  readonly bytes: number;
  /** True when SQLite may write to it. It opens a file of a later format to read it, without an error. */
  readonly isWritable: boolean;
  readonly applicationId: number;
  readonly userVersion: number;
}

// https://sqlite.org/fileformat2.html#the_database_header
const headerBytes = 100;
const magic = 'SQLite format 3\0';
const writeVersionMax = 2;

/**
 * Reads the header of a database; undefined when the file does not begin as a database does. Nobody in this
 * process may have it open with SQLite, whose locks end when the file is closed. Throws store errors.
 */
export function readDatabaseHeader(path: string): DatabaseHeader | undefined {
  const header = Buffer.alloc(headerBytes);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, header, 0, headerBytes, 0);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw asStoreError(error, path);
  }
  if (header.toString('latin1', 0, magic.length) !== magic) return undefined;
  // The largest page size does not fit, and is written as 1.
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  return {
    bytes: pageBytes * header.readUInt32BE(28),
    isWritable: header.readUInt8(18) <= writeVersionMax,
    applicationId: header.readInt32BE(68),
    userVersion: header.readInt32BE(60),
  };
}
