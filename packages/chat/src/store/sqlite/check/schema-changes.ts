import { DatabaseSync } from 'node:sqlite';

/** The differences between the schema of a database and the one that our steps make. */
export interface SchemaChanges {
  /** The changes of another program, in words. */
  readonly altered: string | undefined;
  /** Indexes of ours that are not there. */
  readonly missingIndexes: readonly string[];
}

interface Entry {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string;
}

/**
 * Compares the schema of a database with that of the ladder. Other tables and views are allowed;
 * triggers and indexes on our tables are not.
 */
export function schemaChanges(database: DatabaseSync, ladder: readonly string[]): SchemaChanges {
  const expected = expectedEntries(ladder);
  const found = new Map(entriesOf(database).map((entry) => [entry.name, entry]));
  const missingIndexes: string[] = [];
  for (const { type, name, sql } of expected.values()) {
    const entry = found.get(name);
    if (entry === undefined && type === 'index') missingIndexes.push(name);
    else if (entry?.sql !== sql || entry.type !== type) {
      return { altered: `its ${type} ${name} is not as it was made`, missingIndexes };
    }
  }
  const added = [...found.values()].find(
    ({ type, name, tbl_name }) => type !== 'table' && !expected.has(name) && expected.has(tbl_name),
  );
  const altered = added && `it has the ${added.type} ${added.name} on the table ${added.tbl_name}`;
  return { altered, missingIndexes };
}

/**
 * Makes the indexes of a database anew, and drops the pages that nothing uses. Nobody else has the
 * database open. After a crash meanwhile it cannot be used.
 */
export function rebuildIndexes(path: string, ladder: readonly string[]): void {
  const indexes = [...expectedEntries(ladder).values()].filter(({ type }) => type === 'index');
  const database = new DatabaseSync(path, { defensive: false });
  try {
    // Not with DROP, which reads the pages of the index.
    database.exec("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE type = 'index'");
    database.exec('PRAGMA writable_schema = RESET; VACUUM');
    for (const { sql } of indexes) database.exec(sql);
  } finally {
    database.close();
  }
}

function expectedEntries(ladder: readonly string[]): Map<string, Entry> {
  const database = new DatabaseSync(':memory:');
  try {
    for (const step of ladder) database.exec(step);
    return new Map(entriesOf(database).map((entry) => [entry.name, entry]));
  } finally {
    database.close();
  }
}

function entriesOf(database: DatabaseSync): Entry[] {
  const rows = database
    .prepare(
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'",
    )
    .all();
  return rows as unknown as Entry[];
}
