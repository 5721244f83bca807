import { StoreError } from '../store/store-error.ts';
import type { Connection } from './connection.ts';
import { schemaSteps } from './schema.ts';

/** The oldest PostgreSQL whose SQL the schema uses. */
const versionMin = 130_000;
// One lock for all who change the schema of a database.
const [lockClass, lockOfSchema] = [1_952_542_307, 1];

/** The state of a server that its writes rest on. */
interface ServerState {
  readonly version: number;
  readonly versionName: string;
  readonly standby: boolean;
  readonly readOnly: string;
  readonly fsync: string;
  readonly process: number;
}

/**
 * Checks that a server can keep the promises, and makes the connection keep them. Rejects with a
 * {@link StoreError} that says what is in the way.
 *
 * @param onNotice told of what weakens a promise
 */
export async function checkServer(
  connection: Connection,
  onNotice: (notice: string) => void,
): Promise<void> {
  const { rows } = await connection.query<ServerState>(`
    SELECT current_setting('server_version_num')::int AS version,
      current_setting('server_version') AS "versionName",
      pg_is_in_recovery() AS standby,
      current_setting('default_transaction_read_only') AS "readOnly",
      current_setting('fsync') AS fsync,
      pg_backend_pid() AS process`);
  const [state] = rows as [ServerState];
  if (state.version < versionMin) {
    throw new StoreError(
      'unfit',
      `PostgreSQL ${state.versionName} is too old: it takes 13 or newer`,
    );
  }
  if (state.standby) {
    throw new StoreError('unfit', 'that PostgreSQL is a standby, which takes no writes');
  }
  if (state.readOnly === 'on') {
    throw new StoreError(
      'unfit',
      'that PostgreSQL is set to read only (default_transaction_read_only)',
    );
  }
  if (connection.process !== null && connection.process !== state.process) {
    throw new StoreError(
      'unfit',
      'a pooler (PgBouncer, say) stands before that PostgreSQL, and neither notifications nor locks get through one',
    );
  }
  if (state.fsync === 'off') {
    onNotice(
      'PostgreSQL has fsync = off: a crash of its machine loses what was answered, and may lose all',
    );
  }
}

/** Brings the schema to the version of this program. Rejects when it is of a later one. */
export async function migrate(connection: Connection): Promise<void> {
  await connection.query('BEGIN');
  try {
    await connection.query('SELECT pg_advisory_xact_lock($1, $2)', [lockClass, lockOfSchema]);
    if (!(await hasSchema(connection))) {
      await connection.query('CREATE SCHEMA IF NOT EXISTS tandem');
      await connection.query('CREATE TABLE tandem.schema_version (version integer NOT NULL)');
    }
    const { rows } = await connection.query<{ version: number }>(
      'SELECT version FROM tandem.schema_version',
    );
    const version = rows[0]?.version ?? 0;
    if (version > schemaSteps.length) {
      throw new StoreError(
        'newer',
        `the data in PostgreSQL is of schema version ${version}, and this program knows ${schemaSteps.length}`,
      );
    }
    for (const step of schemaSteps.slice(version)) await connection.query(step);
    if (version < schemaSteps.length) {
      await connection.query('DELETE FROM tandem.schema_version');
      await connection.query('INSERT INTO tandem.schema_version VALUES ($1)', [schemaSteps.length]);
    }
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

async function hasSchema(connection: Connection): Promise<boolean> {
  const { rows } = await connection.query<{ has: boolean }>(
    "SELECT to_regclass('tandem.schema_version') IS NOT NULL AS has",
  );
  return rows[0]?.has === true;
}
