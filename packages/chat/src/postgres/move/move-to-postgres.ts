import { StoreError } from '../../store/store-error.ts';
import { prepare } from '../database/checks.ts';
import { Connection } from '../database/connection.ts';
import { gaveUpWaiting, storeErrorOf } from '../database/errors.ts';
import { fromNodeLocks } from '../schema/nodes.ts';
import { hasRelation, raiseSchema } from '../schema/version.ts';
import { countAll, type MovedBans, wholeTableWithinMs, writeAll } from './rows.ts';
import { type MoveCounts, StoppedData, type StoppedDataOptions } from './stopped-data.ts';

/** The options of a move. */
export interface MoveOptions extends StoppedDataOptions {
  /** The address of the database, a URL that begins with `postgres:` or `postgresql:`. */
  readonly url: string;
  /** Reads who is banned, while the data directory is held. */
  readonly readBans?: () => MovedBans;
  /** Called now and then with how many accounts and messages are written, of how many. */
  readonly onProgress?: (rows: number, total: number) => void;
}

/** The number of things that were moved. */
export interface MoveSummary extends MoveCounts {
  readonly bans: number;
}

/**
 * Moves the data of a stopped server into an empty database, in one transaction: all of it, or nothing. The
 * data directory stays as it was.
 *
 * Rejects with a {@link StoreError}: those of a start on the directory and of a start on the database;
 * `not-found` (no data), `in-use` (a server has the directory, or nodes have the database), `exists` (the
 * database has data), `unreachable` also when nobody knows if the last word was heard. Rejects with the
 * signal's reason.
 */
export async function moveToPostgres(options: MoveOptions): Promise<MoveSummary> {
  const { url, signal } = options;
  let committing = false;
  const opening = Connection.open(url, 'tandem migrate', () => {});
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  const destroy = () => void opening.then((connection) => connection.destroy()).catch(() => {});
  const end = () => {
    ended.reject(signal?.reason);
    // PostgreSQL undoes what is not committed. A signal that comes later is too late.
    if (!committing) destroy();
  };
  signal?.addEventListener('abort', end);
  let data: StoppedData | undefined;
  try {
    const connection = await Promise.race([opening, ended.promise]);
    await prepare(connection, 'writer');
    await refuseUsed(connection);
    data = await StoppedData.open(options);
    const moved = await fill(connection, data, options);
    signal?.throwIfAborted();
    committing = true;
    await commit(connection);
    return moved;
  } catch (error) {
    if (!committing) signal?.throwIfAborted();
    throw storeErrorOf(error);
  } finally {
    signal?.removeEventListener('abort', end);
    destroy();
    await data?.close();
  }
}

/** Begins the transaction, and writes everything. */
async function fill(
  connection: Connection,
  data: StoppedData,
  { readBans = () => ({ names: [], networks: [] }), onProgress = () => {} }: MoveOptions,
): Promise<MoveSummary> {
  await connection.query('BEGIN');
  // Whoever starts a node waits until this is over.
  await raiseSchema(connection);
  await connection.query(lockSql);
  await refuseUsed(connection);
  const bans = readBans();
  const total = data.counts.accounts + data.counts.messages;
  await writeAll(connection, data, bans, (rows) => onProgress(rows, total));
  const expected = { ...data.counts, bans: bans.names.length + bans.networks.length };
  const { accounts: names, messages: waiting } = expected;
  refuseDifference({ ...(await countAll(connection)) }, { ...expected, names, waiting });
  await connection.query(analyzeSql, [], wholeTableWithinMs);
  return expected;
}

async function commit(connection: Connection): Promise<void> {
  const { warned } = await connection.query('COMMIT').catch((error) => {
    throw new StoreError('unreachable', `${(error as Error).message}, ${inDoubt}`);
  });
  if (warned) {
    throw new StoreError('unreachable', `everything is moved, but ${gaveUpWaiting}`);
  }
}

const inDoubt = 'and everything may be moved or nothing: the next try refuses if it is';

/** Refuses a database that nodes use, or that has data. One that has no schema of ours yet is empty. */
async function refuseUsed(connection: Connection): Promise<void> {
  if (!(await hasRelation(connection, 'accounts'))) return;
  const used = await connection.query<{ hasNodes: boolean }>(hasNodesSql);
  if (used.rows[0]?.hasNodes === true) {
    throw new StoreError('in-use', 'a server has that database in use');
  }
  // What deleted accounts have left over is no data.
  await connection.query(sweepAllSql, [], wholeTableWithinMs);
  const { rows } = await connection.query<{ hasData: boolean }>(hasDataSql);
  if (rows[0]?.hasData === true) {
    throw new StoreError('exists', 'that database has accounts, messages or bans already');
  }
}

function refuseDifference(
  found: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
): void {
  for (const [kind, count] of Object.entries(expected)) {
    if (found[kind] === count) continue;
    const what = `the database has ${found[kind]} ${kind} where the data directory has ${count}`;
    throw new StoreError('io', `${what}, so nothing was moved`);
  }
}

// Nobody has asked PostgreSQL to look at them yet.
const analyzeSql = 'ANALYZE tandem.accounts, tandem.names, tandem.messages, tandem.blocks';

const lockSql = `
LOCK TABLE tandem.nodes, tandem.accounts, tandem.messages, tandem.blocks, tandem.bans IN EXCLUSIVE MODE`;

// What a node that is dead has left does no harm.
const hasNodesSql = `SELECT EXISTS (SELECT ${fromNodeLocks}) AS "hasNodes"`;
const sweepAllSql = 'SELECT tandem.sweep(2147483647)';
const hasDataSql = `
SELECT EXISTS (SELECT FROM tandem.accounts) OR EXISTS (SELECT FROM tandem.messages)
  OR EXISTS (SELECT FROM tandem.blocks) OR EXISTS (SELECT FROM tandem.bans) AS "hasData"`;
