import type { DatabaseSync } from 'node:sqlite';
import { openToRead } from '../read-only.ts';
import { checkVersion, migrations } from '../schema.ts';
import { asStoreError } from '../sqlite-errors.ts';
import { checkRows, pause } from './check-rows.ts';
import { type CheckOptions, type Findings, whole } from './findings.ts';
import { rebuildIndexes, schemaChanges } from './schema-changes.ts';

const cacheKilobytes = 64 * 1024;
// More than the pages of an index that is damaged: it must not hide what is wrong with a table.
const findingsMax = 1_000_000;

/**
 * Checks a database, and makes its indexes anew if they are damaged and the options say so; the findings
 * have the damage that was repaired. Throws what {@link checkDatabase} throws, and errors of SQLite.
 */
export async function checkAndRebuild(path: string, options: CheckOptions): Promise<Findings> {
  const found = await checkDatabase(path, options);
  const { damage, indexDamage, skipped } = found;
  if (!options.rebuilds || !indexDamage || damage !== undefined || skipped) return found;
  rebuildIndexes(path, options.ladder ?? migrations);
  return { ...(await checkDatabase(path, { ...options, pagesOnly: false })), rebuilt: indexDamage };
}

/**
 * Checks a database as it is at this moment, and writes nothing. It checks every page, each row, that
 * each message belongs to an account, and that the index of the mailboxes has exactly the messages.
 *
 * Throws `foreign`, `newer`, and errors of SQLite when the file cannot be opened; the signal's reason.
 */
async function checkDatabase(path: string, options: CheckOptions = {}): Promise<Findings> {
  const { ladder = migrations, pagesOnly = false } = options;
  const database = open(path);
  try {
    // All reads after this see one moment.
    database.exec(`PRAGMA cache_size = -${cacheKilobytes}; BEGIN`);
    const version = checkVersion(database, path, ladder.length);
    if (version === 0) return { ...whole, isNew: true };
    options.onProgress?.({ rowsShare: undefined });
    await pause(options);
    const pages = checkPages(database);
    if (pages.damage !== undefined) return { ...whole, ...pages };
    const { altered, missingIndexes } = schemaChanges(database, ladder.slice(0, version));
    if (altered !== undefined) return { ...whole, altered };
    const [missing] = missingIndexes;
    const indexDamage = pages.indexDamage ?? (missing && `the index ${missing} is missing`);
    // Whether an index may be made anew is not known before the rows are read.
    if (pagesOnly && indexDamage === undefined) return whole;
    return await checkRows(database, indexDamage, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    const known = asStoreError(error, path);
    if (known.code !== 'corrupt') throw known;
    return { ...whole, damage: error instanceof Error ? error.message : String(error) };
  } finally {
    database.close();
  }
}

function open(path: string): DatabaseSync {
  try {
    return openToRead(path);
  } catch (error) {
    throw asStoreError(error, path);
  }
}

type PageFindings = Pick<Findings, 'damage' | 'indexDamage'>;

/**
 * Checks every page, and the types of rows. Damage in the tree of an index, or within one of its pages, says
 * nothing about rows; pages that nothing uses may be those of a damaged index.
 */
function checkPages(database: DatabaseSync): PageFindings {
  const rows = database.prepare(`PRAGMA quick_check(${findingsMax})`).all();
  const lines = rows
    .flatMap(({ quick_check: text }) => String(text).split('\n'))
    .filter((line) => line !== 'ok' && line !== '' && !line.startsWith('***'));
  if (lines.length === 0) return { damage: undefined, indexDamage: undefined };
  const { roots, pagesOfTables } = readTrees(database);
  const isOfIndex = (line: string) => {
    const [, tree, page] = /^Tree (\d+) | page (\d+)$/.exec(line) ?? [];
    if (tree !== undefined) return roots.has(Number(tree));
    return page === undefined ? /entries in index/.test(line) : !pagesOfTables.has(Number(page));
  };
  const indexDamage = lines.find(isOfIndex);
  const others = lines.filter((line) => !isOfIndex(line));
  const unexplained = others.filter((line) => !/^Page \d+: never used/.test(line));
  const damage = indexDamage === undefined ? others[0] : unexplained[0];
  return { damage, indexDamage };
}

/** Returns the first pages of indexes, and all pages of tables. Throws what SQLite says of a damaged table. */
function readTrees(database: DatabaseSync) {
  const ofType = 'SELECT name, rootpage FROM sqlite_schema WHERE type = ? AND rootpage > 0';
  const indexes = database.prepare(ofType).all('index');
  const tables = [
    'sqlite_schema',
    ...database
      .prepare(ofType)
      .all('table')
      .map(({ name }) => name),
  ];
  const pages = database.prepare('SELECT pageno FROM dbstat WHERE name = ?');
  return {
    roots: new Set(indexes.map(({ rootpage }) => rootpage)),
    pagesOfTables: new Set(
      tables.flatMap((name) => pages.all(String(name)).map(({ pageno }) => pageno)),
    ),
  };
}
