import { closeSync, constants, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { StoreError } from '../../store-error.ts';
import { readDatabaseHeader } from '../database-header.ts';
import { isLeftWithData, ownerPathOf } from '../directory/owner.ts';
import { openAsFile } from '../read-only.ts';
import { ensurePrivateFile, refuseOddFile, syncDirectory } from '../regular-file.ts';
import { applicationId } from '../schema.ts';
import { asStoreError, storeError } from '../sqlite-errors.ts';
import { CommitCount } from './commit-count.ts';
import { hasLog, LogFile, type LogPosition, logPathOf, sizeOf } from './write-ahead-log.ts';

/**
 * The mark in a file beside a database, for the process that opens it next. It says that the database
 * has data, and how much log it had.
 */
interface Mark {
  /** The log that was on the disk; absent when nothing has to be there. */
  readonly log?: MarkedLog;
  /**
   * True when it was written without a log at a start, or by a restore. A mark with neither is that of a
   * clean stop: once a server has begun, it is an older one that somebody has put there.
   */
  readonly begun?: true;
}

/** The part of a log that was on the disk, and the number of commits in the database with it. */
interface MarkedLog extends LogPosition {
  /** {@link CommitCount} */
  readonly commits: number;
}

// Written in place with one call: a killed process leaves the old text or the new one.
const markBytes = 256;

// https://sqlite.org/walformat.html#the_wal_index_file_format
const indexHeaderBytes = 48;

/** Returns the path of the mark of a database. */
export function markPathOf(databasePath: string): string {
  return `${databasePath}-mark`;
}

/**
 * Refuses a database that is missing or empty though it had data, or whose log is not the one that its
 * last owner left. SQLite would open it without an error, as if nothing were missing.
 *
 * A mark stays true. It is written after a sync of the log. SQLite neither overwrites nor removes those
 * frames before the database has them, and each commit raises a count in the database. So a log may be
 * gone, or may have begun anew, if the database has that count. An old mark, which a full disk or a
 * power cut may leave, demands less.
 *
 * Returns a notice for people when nobody can tell: after anything but a clean stop, without a mark that was
 * written since, and with a mark that cannot be read. Rejects with `corrupt`, `altered`,
 * `not-a-file`, and what the operating system says. To be called before SQLite has the database open in this process.
 */
export async function refuseLoss(databasePath: string, signal?: AbortSignal): Promise<string[]> {
  for (let failed: string | undefined; ; ) {
    const mark = readMark(databasePath);
    try {
      await compare(databasePath, mark, signal);
      return doubts(databasePath, mark);
    } catch (error) {
      // A running server may have stopped or written meanwhile, so each mark is checked twice.
      if (failed === JSON.stringify(mark)) throw error;
      failed = JSON.stringify(mark);
    }
  }
}

/**
 * Refuses a database that a first start was making when it was killed: only who may write can take that
 * back, and there was no data yet. Throws `not-a-database`.
 */
export function refuseUnfinished(databasePath: string): void {
  const journal = `${databasePath}-journal`;
  if (sizeOf(journal) === 0 || sizeOf(databasePath) === 0 || hadData(databasePath)) return;
  const detail = `${basename(journal)} says that a first start was killed, before there was data: start tandem serve again`;
  throw storeError('not-a-database', databasePath, new Error(detail));
}

/** Tells whether this database has had data. */
export function hadData(databasePath: string): boolean {
  return proofsOf(databasePath).length > 0;
}

/** Returns the paths of the files that say that a database has had data. */
export function proofsOf(databasePath: string): string[] {
  return [
    ...(readMark(databasePath) === undefined ? [] : [markPathOf(databasePath)]),
    ...(isLeftWithData(databasePath) === true ? [ownerPathOf(dirname(databasePath))] : []),
  ];
}

async function compare(
  databasePath: string,
  mark: Mark | 'unreadable' | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const logPath = logPathOf(databasePath);
  refuseOddFile(logPath);
  if (sizeOf(databasePath) === 0) return refuseMissing(databasePath);
  refuseUnwritable(databasePath);
  if (hadData(databasePath)) refuseJournal(databasePath);
  const log = LogFile.open(logPath);
  try {
    if (mark === undefined || mark === 'unreadable' || mark.log === undefined) return;
    const lost = isSameLog(log, mark.log)
      ? await lossWithin(log, mark.log, signal)
      : lossWithout(databasePath, log, mark.log);
    if (lost !== undefined) throw storeError('corrupt', logPath, new Error(lost));
  } finally {
    log?.close();
  }
}

/**
 * Refuses a log or a proof of data without a database. No crash leaves them so: the first page of the
 * database is on the disk before there is a log, and before a proof is written.
 */
function refuseMissing(databasePath: string): void {
  const log = basename(logPathOf(databasePath));
  if (sizeOf(logPathOf(databasePath)) > 0) {
    const detail = `it is missing or empty, but its log ${log} is not: put back the one that belongs to it`;
    throw storeError('corrupt', databasePath, new Error(detail));
  }
  if (hadData(databasePath)) throw emptyError(databasePath);
}

/** Returns the error of a database with nothing in it: `corrupt` when it had data, otherwise `not-a-database`. */
export function emptyError(databasePath: string): StoreError {
  const proofs = proofsOf(databasePath).map((path) => basename(path));
  if (proofs.length === 0) {
    return storeError('not-a-database', databasePath, new Error('it is empty'));
  }
  const detail = `it is missing or empty, but it had data: put it back, with its log if it had one, or delete ${proofs.join(' and ')} to begin with nothing`;
  return storeError('corrupt', databasePath, new Error(detail));
}

/**
 * Refuses a journal beside a database that had data, which has had a log from its first page on: SQLite would
 * write older pages over it, from the journal of another program or of another database.
 */
function refuseJournal(databasePath: string): void {
  const journal = `${databasePath}-journal`;
  refuseOddFile(journal);
  if (sizeOf(journal) === 0) return;
  const detail = `this program leaves no ${basename(journal)} beside data: move it away`;
  throw storeError('altered', databasePath, new Error(detail));
}

/** Refuses a database of ours that SQLite could only read, by its header. */
function refuseUnwritable(databasePath: string): void {
  const header = readDatabaseHeader(databasePath);
  if (header?.applicationId !== applicationId || header.isWritable) return;
  throw storeError(
    'corrupt',
    databasePath,
    new Error('its header says that nobody may write to it'),
  );
}

function isSameLog(log: LogFile | undefined, { salts }: MarkedLog): log is LogFile {
  return log?.header?.salts.every((salt, at) => salt === salts[at]) === true;
}

/**
 * Returns what is missing of the log, undefined for nothing. SQLite would take the rest of it for newer
 * than the database.
 */
async function lossWithin(
  log: LogFile,
  was: MarkedLog,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const is = await log.wholeThrough(was.frames, signal);
  const frames = is?.frames ?? 0;
  if (frames < was.frames)
    return `it had ${was.frames} pages, of which the first ${frames} are whole`;
  const same = is?.checksum.every((half, at) => half === was.checksum[at]);
  return same === true ? undefined : 'its pages are not those that were written';
}

/** Returns why a missing log, or another log, is a loss; undefined when the database has all of the old one. */
function lossWithout(
  databasePath: string,
  log: LogFile | undefined,
  was: MarkedLog,
): string | undefined {
  if (commitsIn(databasePath) >= was.commits) return undefined;
  return log?.header === undefined
    ? `it is missing or empty, but had ${was.frames} pages`
    : 'it is of another database, or older than what was here';
}

/** Returns the number of commits in a database without its log; -1 when it has no such number. */
function commitsIn(databasePath: string): number {
  let database: DatabaseSync | undefined;
  try {
    database = openAsFile(databasePath);
    return new CommitCount(database).read();
  } catch {
    return -1;
  } finally {
    database?.close();
  }
}

/** Returns a notice when the mark cannot tell whether the log is whole. */
function doubts(databasePath: string, mark: Mark | 'unreadable' | undefined): string[] {
  const why = doubtOf(databasePath, mark);
  if (why === undefined) return [];
  const then =
    'nobody can tell if the log has its full length. If messages are missing, restore a backup';
  return [`${markPathOf(databasePath)} ${why}, so ${then}.`];
}

function doubtOf(databasePath: string, mark: Mark | 'unreadable' | undefined): string | undefined {
  if (sizeOf(databasePath) === 0) return undefined;
  if (mark === 'unreadable') return 'cannot be read';
  if (mark?.log !== undefined || mark?.begun) return undefined;
  const wasLeft = isLeftWithData(databasePath);
  // An earlier version does not say in its owner's file that there is data, and starts with the mark of its stop.
  if (mark === undefined ? wasLeft === false : wasLeft !== true) return undefined;
  const what = mark === undefined ? 'is missing or empty' : 'is of an earlier stop';
  return `${what}, and the server did not stop cleanly`;
}

/**
 * Returns the mark; undefined when there is none, or an empty one, which a killed start leaves before it
 * writes it; `unreadable` when it cannot be parsed.
 */
function readMark(databasePath: string): Mark | 'unreadable' | undefined {
  const path = markPathOf(databasePath);
  refuseOddFile(path);
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(markBytes);
    const length = readSync(file, bytes, 0, markBytes, 0);
    return length === 0 ? undefined : parseMark(bytes.toString('utf8', 0, length));
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
  if (typeof mark !== 'object' || mark === null || Array.isArray(mark)) return false;
  const { log } = mark;
  if (log === undefined) return true;
  const numbers = [log.frames, log.commits, ...(log.salts ?? []), ...(log.checksum ?? [])];
  return numbers.length === 6 && numbers.every((number) => Number.isSafeInteger(number));
}

/** Writes a mark without a log, durable: a restored database takes this place. */
export function resetMark(databasePath: string): void {
  const file = openMark(databasePath);
  try {
    write(file, { begun: true });
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

function openMark(databasePath: string): number {
  const path = markPathOf(databasePath);
  refuseOddFile(path);
  ensurePrivateFile(path);
  return openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
}

function write(file: number, mark: Mark): void {
  writeSync(file, `${JSON.stringify(mark)}`.padEnd(markBytes - 1).concat('\n'), 0);
}

/**
 * The mark of a database that SQLite has open. Its first text is made durable. Later texts, after each
 * sync of the log, are left to the operating system, which keeps them when the process is killed.
 */
export class LogMark {
  readonly #databasePath: string;
  readonly #commits: CommitCount;
  readonly #file: number;
  readonly #index: number;

  /** Opens it. The log is durable at this moment. */
  constructor(databasePath: string, commits: CommitCount) {
    this.#databasePath = databasePath;
    this.#commits = commits;
    // SQLite's index of the log. To close it while SQLite has it open would end the locks on it.
    this.#index = openSync(`${databasePath}-shm`, 'r');
    this.#file = openMark(databasePath);
    this.write(this.read());
    fdatasyncSync(this.#file);
    syncDirectory(dirname(databasePath));
  }

  /** Returns the mark to write once all that is committed now is durable. */
  read(): Mark {
    const header = Buffer.alloc(indexHeaderBytes);
    readSync(this.#index, header, 0, indexHeaderBytes, 0);
    const words = new Uint32Array(header.buffer, header.byteOffset, indexHeaderBytes / 4);
    const [frames = 0, first = 0, second = 0] = [words[4], words[6], words[7]];
    if (frames === 0) return { begun: true };
    const salts = [header.readUInt32BE(32), header.readUInt32BE(36)] as const;
    return { log: { salts, frames, checksum: [first, second], commits: this.#commits.value } };
  }

  /** Writes a mark whose log is durable now. On a full device the mark stays as it was. */
  write(mark: Mark): void {
    try {
      write(this.#file, mark);
    } catch (error) {
      if (asStoreError(error, '').code !== 'full') throw error;
    }
  }

  /**
   * Closes its files. To be called once, after SQLite has closed the database. Without a log the mark is
   * emptied, so that another database may be put in this place.
   *
   * @param inDoubt true when this is no clean stop
   */
  close(inDoubt: boolean): void {
    try {
      if (!hasLog(this.#databasePath)) write(this.#file, inDoubt ? { begun: true } : {});
    } catch {
      // The mark stays true.
    }
    closeSync(this.#index);
    closeSync(this.#file);
  }
}
