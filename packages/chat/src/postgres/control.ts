import { prepare, type ServerState } from './checks.ts';
import { Connection } from './connection.ts';
import { NodeLost } from './errors.ts';
import { nodeLockClass } from './schema/nodes.ts';

/**
 * Opens a connection that holds the lock of a node, in place of one that has ended. Rejects when that one has
 * the lock still.
 *
 * @param server the state of the server that the node reached first
 * @param onEnd called once when the connection has ended, which may be before it is returned
 * @param listen makes it hear what other nodes tell
 */
export async function openControl(
  url: string,
  node: number,
  server: ServerState,
  onEnd: (control: Connection) => void,
  listen: (control: Connection) => Promise<void>,
): Promise<Connection> {
  const control = await Connection.open(url, `tandem control ${node}`, onEnd);
  try {
    await prepare(control, 'control', server);
    // PostgreSQL may not have heard of the end of the other one.
    await control.query(endHolderSql, [node]);
    const { rows } = await control.query<{ locked: boolean }>(lockSql, [node]);
    if (rows[0]?.locked !== true) throw new NodeLost('the lock of this node is not free yet');
    await listen(control);
    return control;
  } catch (error) {
    control.destroy();
    throw error;
  }
}

/** The end of a query for the locks of the nodes of this database. A node has its own while it is connected. */
export const fromNodeLocks = `
FROM pg_locks WHERE locktype = 'advisory' AND classid = ${nodeLockClass} AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

const endHolderSql = `SELECT pg_terminate_backend(pid) ${fromNodeLocks} AND objid = $1::int::oid`;

const lockSql = `SELECT pg_try_advisory_lock(${nodeLockClass}, $1) AS locked`;
