import { DatabaseSync } from 'node:sqlite';
import { nameEndCode } from '../../accounts/name-text.ts';
import { schemaChanges } from './check/schema-changes.ts';
import { ensurePrivateFile } from './regular-file.ts';
import { checkVersion, migrate } from './schema.ts';
import { storeError } from './sqlite-errors.ts';

// None should: another program that writes to the database.
const defaultBusyTimeoutMs = 1_000;
// What the log is cut to when it begins anew, which it does at a thousand pages, unless a backup reads:
// until that is over it only grows.
const logBytesMax = 64 * 1024 * 1024;
// While all rows are read in their order, a cache keeps what nobody asks for again.
const cacheKilobytes = { small: 4 * 1024, full: 64 * 1024 } as const;

/** The options of opening a database. */
export interface OpenDatabaseOptions {
  /** The steps of the schema. */
  readonly ladder: readonly string[];
  /** The time that another program may hold up a write, in milliseconds. By default a second. */
  readonly busyTimeoutMs?: number | undefined;
}

/**
 * Opens the database of a store, made and brought to the newest schema version if need be. Nobody else
 * has it open, and what is in it was checked. Throws what SQLite and the operating system say, and store errors.
 */
export function openDatabase(path: string, options: OpenDatabaseOptions): DatabaseSync {
  const { ladder, busyTimeoutMs = defaultBusyTimeoutMs } = options;
  // The log gets the same mode.
  ensurePrivateFile(path);
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
  try {
    // Before anything is written: it may not be ours.
    const version = checkVersion(database, path, ladder.length);
    // The check before leaves it out where it would have to read a large database.
    const { altered } = schemaChanges(database, ladder.slice(0, version));
    if (altered !== undefined) throw storeError('altered', path, new Error(altered));
    // A commit that finds a thousand pages in the log moves them into the database.
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = 1000;
      PRAGMA journal_size_limit = ${logBytesMax};
    `);
    useCache(database, 'full');
    checkWritable(database, version);
    migrate(database, path, ladder);
    // From here on the store syncs the log, and is not blocked while that lasts.
    database.exec('PRAGMA synchronous = NORMAL');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Sets how much of a database is kept in memory. To be called between two transactions. */
export function useCache(database: DatabaseSync, size: keyof typeof cacheKilobytes): void {
  database.exec(`PRAGMA cache_size = -${cacheKilobytes[size]}`);
}

/** Tries a write, and rolls it back, since SQLite opens a read-only database without an error. */
function checkWritable(database: DatabaseSync, version: number): void {
  database.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${version}; ROLLBACK`);
}

/** The statements of a store; those of removals are with the leftovers. */
export type Statements = ReturnType<typeof prepareStatements>;

/** Prepares them, once the schema is there. */
export function prepareStatements(database: DatabaseSync) {
  return {
    // The aggregates take the rows in their order, which is that of the table and of the index.
    accounts: database.prepare(`
      SELECT group_concat(username, char(${nameEndCode})) || char(${nameEndCode}) AS names, count(*) AS count
      FROM (SELECT username FROM accounts WHERE username > ? ORDER BY username LIMIT ?)`),
    rowsBetween: database.prepare(`
      SELECT count(*) AS rows FROM messages WHERE recipient > ? AND recipient <= ?`),
    recipientsBetween: database.prepare(`
      SELECT group_concat(recipient, char(${nameEndCode})) AS recipients FROM messages
      WHERE recipient > ? AND recipient <= ?`),
    // Ids of messages that were never written are given again after a restart; those that a token knows are not.
    lastId: database.prepare(`
      SELECT max(
        coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'messages'), 0),
        coalesce((SELECT max(session_through_id) FROM credentials), 0)
      ) AS last`),
    removed: database.prepare(`
      SELECT recipient, (SELECT count(*) FROM messages
        WHERE messages.recipient = leftovers.recipient AND id <= through_id) AS rows
      FROM leftovers`),
    messages: database.prepare('SELECT count(*) AS messages FROM messages'),
    addAccount: database.prepare('INSERT OR IGNORE INTO accounts VALUES (?)'),
    removeAccount: database.prepare('DELETE FROM accounts WHERE username = ?'),
    credentials: database.prepare('SELECT * FROM credentials'),
    setCredentials: database.prepare(`
      INSERT OR REPLACE INTO credentials VALUES (?, ?, ?, ?, ?, ?, ?, ?)`),
    removeCredentials: database.prepare('DELETE FROM credentials WHERE username = ?'),
    blocks: database.prepare('SELECT * FROM blocks ORDER BY username, blocked'),
    addBlock: database.prepare('INSERT OR IGNORE INTO blocks VALUES (?, ?)'),
    removeBlock: database.prepare('DELETE FROM blocks WHERE username = ? AND blocked = ?'),
    removeBlocks: database.prepare('DELETE FROM blocks WHERE username = ?'),
    addMessage: database.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?)'),
    readMessages: database.prepare(`
      SELECT id, sender, body FROM messages WHERE recipient = ? AND id > ? ORDER BY id LIMIT ?`),
    countMessages: database.prepare(`
      SELECT count(*) AS count FROM messages WHERE recipient = ? AND id > ?`),
    reached: database.prepare(`
      SELECT session, session_count AS count, session_through_id AS throughId FROM credentials
      WHERE username = ? AND last_token = ? AND session IS NOT NULL`),
    // Places of messages that were there when the token was given: from the last one backwards.
    reachedId: database.prepare(`
      SELECT id FROM messages WHERE recipient = ? AND id <= ? ORDER BY id DESC LIMIT 1 OFFSET ?`),
    laterId: database.prepare(`
      SELECT max(id) AS id FROM messages
      WHERE recipient = ? AND id > ? AND session = ? AND session_count <= ?`),
    bytesUsed: database.prepare(`
      SELECT (page_count - freelist_count) * page_size AS bytes
      FROM pragma_page_count, pragma_freelist_count, pragma_page_size`),
  };
}
