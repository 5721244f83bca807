import { StoreError } from '../../store/store-error.ts';
import type { Connection } from '../database/connection.ts';
import { leftoverFunctions } from './leftovers.ts';
import { nodeFunctions } from './nodes.ts';
import { stepFunctions } from './steps.ts';
import { tables } from './tables.ts';
import { trafficFunction } from './traffic.ts';

/**
 * The steps of the schema, each of which takes a database from the version that is its index to the next.
 * A step that has been released is not changed: a change is a further step.
 */
export const schemaSteps: readonly string[] = [
  [tables, nodeFunctions, leftoverFunctions, trafficFunction, stepFunctions].join(''),
];

// One lock for all who change the schema of a database.
const [lockClass, lockOfSchema] = [1_952_542_307, 1];

/**
 * Brings the schema to the version of this program. Rejects when it is of a later one.
 *
 * @param steps those of the schema: {@link schemaSteps}
 */
export async function migrate(connection: Connection, steps = schemaSteps): Promise<void> {
  // Without a lock, which a process that is stopped would hold.
  if ((await versionOf(connection, steps)) === steps.length) return;
  await connection.query('BEGIN');
  try {
    await raiseSchema(connection, steps);
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** Does the same in the transaction that has begun. Others who want it wait until that is over. */
export async function raiseSchema(connection: Connection, steps = schemaSteps): Promise<void> {
  await connection.query('SELECT pg_advisory_xact_lock($1, $2)', [lockClass, lockOfSchema]);
  const version = await versionOf(connection, steps);
  if (version === undefined) {
    await connection.query('CREATE SCHEMA IF NOT EXISTS tandem');
    await connection.query('CREATE TABLE tandem.schema_version (version integer NOT NULL)');
  }
  for (const step of steps.slice(version)) await connection.query(step);
  if (version !== steps.length) {
    await connection.query('DELETE FROM tandem.schema_version');
    await connection.query('INSERT INTO tandem.schema_version VALUES ($1)', [steps.length]);
  }
}

/** Returns the version of the schema; undefined for none. Rejects when it is of a later one. */
async function versionOf(
  connection: Connection,
  steps: readonly string[],
): Promise<number | undefined> {
  if (!(await hasRelation(connection, 'schema_version'))) return undefined;
  const { rows } = await connection.query<{ version: number }>(
    'SELECT version FROM tandem.schema_version',
  );
  const version = rows[0]?.version ?? 0;
  if (version > steps.length) {
    throw new StoreError(
      'newer',
      `the data in PostgreSQL is of schema version ${version}, and this program knows ${steps.length}`,
    );
  }
  return version;
}

/** Returns what makes searches slow, for an operator; undefined for nothing. */
export async function slownessOf(connection: Connection): Promise<string | undefined> {
  return (await hasRelation(connection, 'names_by_part')) ? undefined : noIndexOfParts;
}

const noIndexOfParts =
  'PostgreSQL has no pg_trgm for this user, so a search that begins with * reads all names: let somebody who may run CREATE EXTENSION pg_trgm, and then SELECT tandem.index_names()';

/** Tells if the database has this table, or index, of ours. */
export async function hasRelation(connection: Connection, name: string): Promise<boolean> {
  const { rows } = await connection.query(relationSql, [name]);
  return rows.length > 0;
}

// Not to_regclass, which may remember within a transaction that there was none before.
const relationSql = `
SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'tandem' AND c.relname = $1`;
