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
 * Compares the schema of a database with that of the ladder. Other tables and their indexes are allowed, as
 * nothing writes to them. What could change or hide our rows is not: indexes on our tables, any view and any
 * trigger, a foreign key to our tables, and names that our statements use for something else.
 */
export function schemaChanges(database: DatabaseSync, ladder: readonly string[]): SchemaChanges {
  const expected = expectedEntries(ladder);
  const entries = entriesOf(database);
  const found = new Map(entries.map((entry) => [entry.name, entry]));
  const missingIndexes: string[] = [];
  for (const { type, name, sql } of expected.values()) {
    const entry = found.get(name);
    if (entry === undefined && type === 'index') missingIndexes.push(name);
    else if (entry?.sql !== sql || entry.type !== type) {
      return { altered: `its ${type} ${name} is not as it was made`, missingIndexes };
    }
  }
  const altered = entries
    .filter(({ name }) => !expected.has(name))
    .map((entry) => harmOf(database, entry, expected))
    .find((harm) => harm !== undefined);
  return { altered, missingIndexes };
}

/** Returns how an entry that is not ours may change or hide rows of ours, in words; undefined for not at all. */
function harmOf(
  database: DatabaseSync,
  { type, name, tbl_name }: Entry,
  expected: ReadonlyMap<string, Entry>,
): string | undefined {
  if (type === 'index') {
    return expected.has(tbl_name) ? `it has the index ${name} on the table ${tbl_name}` : undefined;
  }
  if (type !== 'table') return `it has the ${type} ${name}`;
  if (usedNames.test(name)) return `it has a table with the name ${name}, which this program uses`;
  const keys = database.prepare('SELECT "table" FROM pragma_foreign_key_list(?)').all(name);
  // SQLite ignores case, and has the name as it was written.
  const key = keys.find(({ table }) => expected.has(String(table).toLowerCase()));
  return key && `its table ${name} has a foreign key to ${key.table}`;
}

// SQLite takes a table of this name for one of its own functions, which statements of ours ask. The number of
// commits stands in `sqlite_sequence`, where a table of its name would be.
const usedNames = /^(pragma_.*|dbstat|commits)$/i;

/**
 * Makes the indexes of a database anew, and drops the pages that nothing uses. Nobody else has the
 * database open. After a crash meanwhile it cannot be used.
 */
export function rebuildIndexes(path: string, ladder: readonly string[]): void {
  const database = new DatabaseSync(path, { defensive: false });
  try {
    const entries = [...expectedEntries(ladder).values(), ...entriesOf(database)];
    const indexes = entries.filter(({ type }) => type === 'index').map(({ sql }) => sql);
    // Not with DROP, which reads the pages of the index. Those without SQL are a part of their table.
    const ofStatements = "type = 'index' AND sql IS NOT NULL";
    database.exec(`PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE ${ofStatements}`);
    database.exec('PRAGMA writable_schema = RESET; VACUUM');
    for (const sql of new Set(indexes)) database.exec(sql);
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
      `SELECT type, name, tbl_name, sql FROM sqlite_schema
      WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' OR type NOT IN ('table', 'index')`,
    )
    .all();
  return rows as unknown as Entry[];
}
