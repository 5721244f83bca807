import { DatabaseSync } from 'node:sqlite';
import { check, refuseDamage } from '../check/checker.ts';
import type { CheckProgress } from '../check/findings.ts';
import { accessNotices } from '../directory/access.ts';
import { type DataDirectory, restoringPathOf } from '../directory/data-directory.ts';
import { emptyError, hadData, refuseLoss } from '../log/log-mark.ts';
import { sizeOf } from '../log/write-ahead-log.ts';
import { copyDatabase } from './copy.ts';

// Read in less than half a second.
const checkedBytesMax = 256 * 1024 * 1024;
// Rows and indexes of a gigabyte or so. Supervisors wait for a start for a minute or more.
const rowsMsMax = 20_000;

/** The options of what is done before a database is opened to write. */
export interface PrepareOptions {
  /** Called now and then while the database is checked, with the share of its messages; undefined for its pages. */
  readonly onCheck?: (progress: CheckProgress) => void;
  /** Called with notices about the state of the directory, and what was done about it, a sentence each. */
  readonly onNotice?: (notice: string) => void;
  /** Ends the opening, which then rejects with its reason. */
  readonly signal?: AbortSignal;
  /**
   * Up to how many bytes each page of the database is checked at each start, by default 256 MiB. A
   * larger one is checked when it was left by a crash or a failure, and the rows are, too, as far as
   * there is time; otherwise a start would read all of it.
   */
  readonly checkedBytesMax?: number;
  /** The steps of the schema; for tests of an upgrade. */
  readonly ladder?: readonly string[];
}

/**
 * Looks at the database of a data directory that is held before it is opened to write: whether it and
 * its log are what was left, and, after anything but a clean stop, at every page and at as many rows as
 * there is time for. An index that is damaged is made anew when the rows are whole.
 *
 * Rejects with store errors, and with the signal's reason; then nothing is changed.
 */
export async function prepareDatabase(
  directory: DataDirectory,
  options: PrepareOptions,
): Promise<void> {
  const { databasePath, inDoubt } = directory;
  const { signal, onNotice = () => {}, checkedBytesMax: bytesMax = checkedBytesMax } = options;
  for (const notice of await refuseLoss(databasePath, signal)) onNotice(notice);
  takeBackFirstStart(databasePath);
  const bytes = sizeOf(databasePath);
  if (bytes > 0 && (inDoubt || bytes <= bytesMax)) await checkAll(directory, options, onNotice);
  for (const notice of accessNotices(directory.path)) onNotice(notice);
}

/**
 * Takes back what a first start had begun that was killed before the database had a log: who may only read
 * cannot. Later there is no such journal.
 */
function takeBackFirstStart(databasePath: string): void {
  if (sizeOf(`${databasePath}-journal`) === 0) return;
  const database = new DatabaseSync(databasePath);
  try {
    database.exec('SELECT count(*) FROM sqlite_schema');
  } finally {
    database.close();
  }
}

async function checkAll(
  directory: DataDirectory,
  options: PrepareOptions,
  onNotice: (notice: string) => void,
): Promise<void> {
  const { databasePath, inDoubt } = directory;
  const { signal, onCheck: onProgress, ladder } = options;
  const found = await check(databasePath, {
    ...(inDoubt ? { rowsMsMax } : { pagesOnly: true }),
    signal,
    onProgress,
    ladder,
  });
  if (found.isNew && hadData(databasePath)) throw emptyError(databasePath);
  refuseDamage(found, databasePath);
  if (found.skipped !== undefined) {
    onNotice(`After a crash there was no time to check ${found.skipped}; tandem check does.`);
  }
  if (found.indexDamage === undefined) return;
  const restoring = restoringPathOf(directory.path);
  await copyDatabase(databasePath, restoring, { signal, onCheck: onProgress }, 'WAL');
  directory.replace();
  onNotice(
    `An index in ${databasePath} was damaged (${found.indexDamage}). It has been made anew; the messages are whole.`,
  );
}
