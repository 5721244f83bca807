import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { asStoreError, storeError } from '../sqlite-errors.ts';

// https://sqlite.org/fileformat2.html#the_write_ahead_log
const headerBytes = 32;
const summedBytes = 24;
const frameHeaderBytes = 24;
const pageBytesMin = 512;
const pageBytesMax = 65_536;
// The magic number gives the byte order of the checksums: that of the machine that wrote the log.
const magic = { littleEndian: 0x377f0682, bigEndian: 0x377f0683 } as const;

// Read between two turns of the event loop: some milliseconds' work.
const chunkBytesMin = 1024 * 1024;

/** A place in a log: the end of a frame, which is a page that was written. */
export interface LogPosition {
  /** The two numbers that a log has drawn; the first rises by one when it begins anew. */
  readonly salts: readonly [number, number];
  /** The number of frames up to there. */
  readonly frames: number;
  /** The checksum of all of them. */
  readonly checksum: readonly [number, number];
}

/** Returns the path of the log of a database. */
export function logPathOf(databasePath: string): string {
  return `${databasePath}-wal`;
}

/** Returns whether there is anything in the log of a database, be the database there or not. */
export function hasLog(databasePath: string): boolean {
  return sizeOf(logPathOf(databasePath)) > 0;
}

/** Returns the size of a file in bytes, 0 if it is not there. Throws store errors. */
export function sizeOf(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch (error) {
    throw asStoreError(error, path);
  }
}

/** Returns whether a log has no header: it is empty, or begins with zeros. Throws what the operating system says. */
export function beginsBlank(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(headerBytes);
    readSync(file, header, 0, headerBytes, 0);
    return header.every((byte) => byte === 0);
  } finally {
    closeSync(file);
  }
}

/** The header of a log. */
interface LogHeader {
  readonly salts: readonly [number, number];
  readonly pageBytes: number;
  readonly bigEndian: boolean;
  readonly checksum: readonly [number, number];
}

/**
 * A log that is read as a file. SQLite takes a log with a damaged header for an empty one, and the first
 * frame with a wrong checksum for the end, without an error.
 */
export class LogFile {
  readonly #file: number;
  /** Undefined when the log is empty for SQLite: not longer than a header, or all zeros. */
  readonly header: LogHeader | undefined;

  private constructor(file: number, header: LogHeader | undefined) {
    this.#file = file;
    this.header = header;
  }

  /**
   * Opens a log; undefined when it is missing or empty. Throws `corrupt` when its header is damaged, and
   * the errors of the operating system.
   *
   * A killed process leaves no such header. SQLite writes all 32 bytes at once, and to a log that
   * begins anew over what was there: the header is the old one or the new one, whole, and frames of the
   * old log may follow. A power cut may tear it, on a disk that does not write a sector as a whole. All
   * that was in the log is in the database by then, but nothing says so: it cannot be told from damage,
   * and is refused too.
   */
  static open(path: string): LogFile | undefined {
    if (sizeOf(path) <= headerBytes) return undefined;
    const file = openSync(path, 'r');
    try {
      const header = readHeader(file);
      if (header !== undefined || isBlank(file)) return new LogFile(file, header);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    closeSync(file);
    throw storeError('corrupt', path, new Error('the checksum of its header is wrong'));
  }

  /**
   * Returns the end of the whole part of the log: before the first frame that fails, at most `framesMax`.
   * Rejects with the signal's reason.
   */
  async wholeThrough(framesMax: number, signal?: AbortSignal): Promise<LogPosition | undefined> {
    const { header } = this;
    if (header === undefined) return undefined;
    const frameBytes = frameHeaderBytes + header.pageBytes;
    const chunk = Buffer.alloc(frameBytes * Math.ceil(chunkBytesMin / frameBytes));
    let [frames, checksum, from] = [0, header.checksum, headerBytes];
    for (;;) {
      const bytes = readSync(this.#file, chunk, 0, chunk.length, from);
      for (let at = 0; at + frameBytes <= bytes && frames < framesMax; at += frameBytes) {
        const next = sumFrame(chunk.subarray(at, at + frameBytes), header, checksum);
        if (next === undefined) return { salts: header.salts, frames, checksum };
        [frames, checksum] = [frames + 1, next];
      }
      if (bytes < chunk.length || frames === framesMax) {
        return { salts: header.salts, frames, checksum };
      }
      from += bytes;
      await turn();
      signal?.throwIfAborted();
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

function readHeader(file: number): LogHeader | undefined {
  const header = Buffer.alloc(headerBytes);
  readSync(file, header, 0, headerBytes, 0);
  const mark = header.readUInt32BE(0);
  if (mark !== magic.littleEndian && mark !== magic.bigEndian) return undefined;
  const bigEndian = mark === magic.bigEndian;
  const checksum = sum(header.subarray(0, summedBytes), bigEndian, [0, 0]);
  if (!isChecksum(header, 24, checksum)) return undefined;
  const salts = [header.readUInt32BE(16), header.readUInt32BE(20)] as const;
  const pageBytes = header.readUInt32BE(8);
  if (pageBytes < pageBytesMin || pageBytes > pageBytesMax) return undefined;
  return { salts, pageBytes, bigEndian, checksum };
}

/** Returns the checksum including this frame; undefined when it is not a whole frame of this log. */
function sumFrame(
  frame: Buffer,
  { salts, bigEndian }: LogHeader,
  before: readonly [number, number],
): readonly [number, number] | undefined {
  if (frame.readUInt32BE(8) !== salts[0] || frame.readUInt32BE(12) !== salts[1]) return undefined;
  const header = sum(frame.subarray(0, 8), bigEndian, before);
  const checksum = sum(frame.subarray(frameHeaderBytes), bigEndian, header);
  return isChecksum(frame, 16, checksum) ? checksum : undefined;
}

function isChecksum(bytes: Buffer, at: number, checksum: readonly [number, number]): boolean {
  return bytes.readUInt32BE(at) === checksum[0] && bytes.readUInt32BE(at + 4) === checksum[1];
}

function sum(
  bytes: Buffer,
  bigEndian: boolean,
  before: readonly [number, number],
): readonly [number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let [first, second] = before;
  for (let at = 0; at < bytes.length; at += 8) {
    first = (first + view.getUint32(at, !bigEndian) + second) | 0;
    second = (second + view.getUint32(at + 4, !bigEndian) + first) | 0;
  }
  return [first >>> 0, second >>> 0];
}

/** Tells whether a file has only zeros: no frame begins with them. */
function isBlank(file: number): boolean {
  const chunk = Buffer.alloc(64 * 1024);
  for (let position = 0; ; ) {
    const bytes = readSync(file, chunk, 0, chunk.length, position);
    if (bytes === 0) return true;
    if (chunk.subarray(0, bytes).some((byte) => byte !== 0)) return false;
    position += bytes;
  }
}
