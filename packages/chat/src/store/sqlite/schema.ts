import type { DatabaseSync } from 'node:sqlite';
import { storeError } from './sqlite-errors.ts';

/** Marks a database as ours: "TNDM", in SQLite's `application_id`. */
export const applicationId = 0x544e444d;

/** The highest id, and the highest count: a number of JavaScript, with room for as many more as will ever be given. */
export const idMax = Number.MAX_SAFE_INTEGER - 2 ** 40;

/**
 * The ladder of schema versions: what stands at index 0 makes version 1 of an empty file, what stands
 * at index n makes version n + 1 of version n. A step that was released is never changed: a file of
 * any age climbs by the same steps.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE accounts (
    username TEXT NOT NULL PRIMARY KEY
  ) STRICT, WITHOUT ROWID;

  -- In the order in which they were sent: a new message goes to the end of the table, and those that
  -- are sent together share its pages. AUTOINCREMENT remembers the highest id that was ever given.
  CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    recipient TEXT NOT NULL,
    sender TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;

  -- The mailboxes. An index ends in the row's id, so each mailbox is in its order.
  CREATE INDEX mailboxes ON messages (recipient);

  -- Mailboxes whose messages up to an id are removed, but not yet taken out of the tables above.
  CREATE TABLE leftovers (
    recipient TEXT NOT NULL PRIMARY KEY,
    through_id INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  PRAGMA application_id = ${applicationId};
  `,
  `
  -- Accounts with a secret: its hash, and those of the tokens that resume the last session.
  CREATE TABLE credentials (
    username TEXT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL,
    last_token TEXT,
    token_before TEXT,
    tokens_end_ms INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE blocks (
    username TEXT NOT NULL,
    blocked TEXT NOT NULL,
    PRIMARY KEY (username, blocked)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The places of messages in the sessions that they came to, and what the session of the last token had
  -- reached when that was given: by them a count of taken messages has its meaning after a restart.
  ALTER TABLE messages ADD COLUMN session INTEGER;
  ALTER TABLE messages ADD COLUMN session_count INTEGER;
  ALTER TABLE credentials ADD COLUMN session INTEGER;
  ALTER TABLE credentials ADD COLUMN session_count INTEGER;
  ALTER TABLE credentials ADD COLUMN session_through_id INTEGER;
  `,
];

/**
 * Brings a database to the top of the ladder, each step in a transaction of its own. Returns the
 * version that it had, 0 for an empty file. Throws `newer`, or `foreign` if it is not ours.
 */
export function migrate(database: DatabaseSync, path: string, ladder = migrations): number {
  const found = checkVersion(database, path, ladder.length);
  for (const [version, step] of ladder.entries()) {
    if (version < found) continue;
    climb(database, step, version + 1);
  }
  return found;
}

function climb(database: DatabaseSync, step: string, version: number): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(`${step}; PRAGMA user_version = ${version}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** The schema version of a database of ours; 0 for an empty one. Throws `newer` and `foreign`. */
export function checkVersion(
  database: DatabaseSync,
  path: string,
  newest = migrations.length,
): number {
  const version = pragma(database, 'user_version');
  const isEmpty = pragma(database, 'schema_version') === 0;
  if (isEmpty && version === 0) return 0;
  if (pragma(database, 'application_id') !== applicationId || version < 1) {
    throw storeError('foreign', path);
  }
  if (version <= newest) return version;
  const detail = new Error(`its schema version is ${version}, this program knows up to ${newest}`);
  throw storeError('newer', path, detail);
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}
