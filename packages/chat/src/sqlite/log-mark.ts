import { closeSync, constants, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { asStoreError, storeError } from './failures.ts';
import { refuseOddDataFile, syncDirectory } from './regular-file.ts';
import { LogFile, type LogPosition, logPathOf, sizeOf } from './write-ahead-log.ts';

/**
 * What is written down beside a database, for whoever opens it next: that it has data, and how much
 * log it had.
 */
interface Mark {
  /** Whether it was left by a clean stop, which moves the log into the database and may remove it. */
  readonly closed: boolean;
  /** Up to here the log was on the disk; absent when nothing was. */
  readonly log?: LogPosition;
}

// Written in place with one call: what a killed process leaves is the old text or the new one.
const markBytes = 256;

// https://sqlite.org/walformat.html#the_wal_index_file_format
const indexHeaderBytes = 48;

// How often a log can have begun anew since a mark was written, which a power cut may leave some time
// behind. The log of another database is as many away once in four thousand.
const renewalsMax = 1_000_000;

/** Returns the path of the mark of a database. */
export function markPathOf(databasePath: string): string {
  return `${databasePath}-mark`;
}

/**
 * Refuses a database that is missing or empty though it had data, or whose log is not what its last
 * owner left: SQLite would take what there is for all that there was, without a word.
 *
 * Of a killed process all is detected that was on the disk and is not there any more. After a power
 * cut the mark may be older than the log; then what was there at the mark has to be there. What a
 * crash or a power cut may leave is never refused: a mark is written when a sync of the log is over,
 * frames before it are never written over until the log begins anew, and a clean stop says so before
 * it removes the log.
 *
 * Returns a sentence for people when the mark cannot be read. Rejects with `corrupt`, `not-a-file`,
 * and what the operating system says.
 */
export async function refuseLoss(databasePath: string, signal?: AbortSignal): Promise<string[]> {
  for (;;) {
    const before = readMark(databasePath);
    try {
      await compare(databasePath, before, signal);
      return before === 'unreadable' ? [unreadableMark(databasePath)] : [];
    } catch (error) {
      // A server that is running may have stopped or gone on meanwhile.
      if (JSON.stringify(readMark(databasePath)) === JSON.stringify(before)) throw error;
    }
  }
}

/** Returns whether there is a mark: this database has had data. */
export function hasMark(databasePath: string): boolean {
  return readMark(databasePath) !== undefined;
}

async function compare(
  databasePath: string,
  mark: Mark | 'unreadable' | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const logPath = logPathOf(databasePath);
  refuseOddDataFile(logPath);
  if (sizeOf(databasePath) === 0) return refuseMissing(databasePath, mark !== undefined);
  const log = LogFile.open(logPath);
  try {
    if (mark === undefined || mark === 'unreadable' || mark.log === undefined) return;
    const lost = await lossOf(log, mark.log, mark.closed, signal);
    if (lost !== undefined) throw storeError('corrupt', logPath, new Error(lost));
  } finally {
    log?.close();
  }
}

/**
 * No crash leaves a log without a database, which has its first page on the disk before there is a
 * log; nor a mark, which is written when the database is there.
 */
function refuseMissing(databasePath: string, hadData: boolean): void {
  const log = basename(logPathOf(databasePath));
  const mark = basename(markPathOf(databasePath));
  if (sizeOf(logPathOf(databasePath)) > 0) {
    const detail = `it is missing or empty, but its log ${log} is not: put back the one that belongs to it`;
    throw storeError('corrupt', databasePath, new Error(detail));
  }
  if (!hadData) return;
  const detail = `it is missing or empty, but it had data: put it back, or delete ${mark} to begin with nothing`;
  throw storeError('corrupt', databasePath, new Error(detail));
}

/** Returns what is missing of a log, if anything is. */
async function lossOf(
  log: LogFile | undefined,
  was: LogPosition,
  mayBeGone: boolean,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (log?.header === undefined) {
    return mayBeGone ? undefined : `it is missing or empty, but had ${was.frames} pages`;
  }
  const { salts } = log.header;
  const renewals = (salts[0] - was.salts[0]) >>> 0;
  if (renewals > 0 && renewals <= renewalsMax) return undefined;
  if (renewals !== 0 || salts[1] !== was.salts[1]) {
    return 'it is of another database, or older than what was here';
  }
  const is = await log.wholeThrough(was.frames, signal);
  const frames = is?.frames ?? 0;
  if (frames < was.frames)
    return `it had ${was.frames} pages, of which the first ${frames} are whole`;
  const same = is?.checksum.every((half, at) => half === was.checksum[at]);
  return same === true ? undefined : 'its pages are not those that were written';
}

function unreadableMark(databasePath: string): string {
  return `${markPathOf(databasePath)} cannot be read: whether the log is as long as it was is not known`;
}

/** Returns the mark; undefined when there is none, and a word when nothing can be made of what is there. */
function readMark(databasePath: string): Mark | 'unreadable' | undefined {
  const path = markPathOf(databasePath);
  refuseOddDataFile(path);
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(markBytes);
    return parseMark(bytes.toString('utf8', 0, readSync(file, bytes, 0, markBytes, 0)));
  } catch (error) {
    const known = asStoreError(error, path);
    if (known.code === 'not-found') return undefined;
    throw known;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function parseMark(text: string): Mark | 'unreadable' {
  try {
    const mark = JSON.parse(text) as Mark;
    return isMark(mark) ? mark : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

function isMark(mark: Mark | null): boolean {
  if (typeof mark !== 'object' || typeof mark?.closed !== 'boolean') return false;
  const { log } = mark;
  if (log === undefined) return true;
  const numbers = [log.frames, ...(log.salts ?? []), ...(log.checksum ?? [])];
  return numbers.length === 5 && numbers.every((number) => Number.isSafeInteger(number));
}

/** Writes down that a restored database takes this place, about whose log nothing is known. */
export function resetMark(databasePath: string): void {
  writeDurably(databasePath, { closed: false });
}

/**
 * Writes down that the log may go: to be called after {@link refuseLoss} and before SQLite opens the
 * database to write, which may begin a log, and removes it when the opening fails. Without a mark
 * nothing is written.
 */
export function loosenMark(databasePath: string): void {
  const mark = readMark(databasePath);
  if (mark === undefined) return;
  const keepsLog = mark !== 'unreadable' && mark.log && sizeOf(logPathOf(databasePath)) > 0;
  writeDurably(databasePath, { closed: true, ...(keepsLog ? { log: mark.log } : {}) });
}

function writeDurably(databasePath: string, mark: Mark): void {
  const file = openMark(databasePath);
  try {
    write(file, mark);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

function openMark(databasePath: string): number {
  const path = markPathOf(databasePath);
  refuseOddDataFile(path);
  return openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
}

function write(file: number, mark: Mark): void {
  writeSync(file, `${JSON.stringify(mark)}`.padEnd(markBytes - 1).concat('\n'), 0);
}

/**
 * The mark of a database that SQLite has open. What begins and ends it is made durable; what follows a
 * sync of the log is given to the operating system, which has it though the process is killed.
 */
export class LogMark {
  readonly #file: number;
  readonly #index: number;

  /** Opens it; the log is durable as it is. */
  constructor(databasePath: string) {
    // SQLite's index of the log. To close it while SQLite has it open would end the locks on it.
    this.#index = openSync(`${databasePath}-shm`, 'r');
    this.#file = openMark(databasePath);
    write(this.#file, { closed: false });
    this.write(this.position());
    fdatasyncSync(this.#file);
    syncDirectory(dirname(databasePath));
  }

  /** Returns how far the log has been written; undefined when there is nothing in it. */
  position(): LogPosition | undefined {
    const header = Buffer.alloc(indexHeaderBytes);
    readSync(this.#index, header, 0, indexHeaderBytes, 0);
    const words = new Uint32Array(header.buffer, header.byteOffset, indexHeaderBytes / 4);
    const [frames = 0, first = 0, second = 0] = [words[4], words[6], words[7]];
    if (frames === 0) return undefined;
    const salts = [header.readUInt32BE(32), header.readUInt32BE(36)] as const;
    return { salts, frames, checksum: [first, second] };
  }

  /** Writes down that the log is durable up to there. A device that is full leaves the mark as it was. */
  write(log: LogPosition | undefined): void {
    try {
      write(this.#file, log === undefined ? { closed: false } : { closed: false, log });
    } catch (error) {
      if (asStoreError(error, '').code !== 'full') throw error;
    }
  }

  /** Writes down that the log goes: to be called before SQLite closes the database. */
  seal(): void {
    const log = this.position();
    write(this.#file, log === undefined ? { closed: true } : { closed: true, log });
    fdatasyncSync(this.#file);
  }

  /** Closes its files. To be called once, after SQLite has closed the database. */
  close(): void {
    closeSync(this.#index);
    closeSync(this.#file);
  }
}
