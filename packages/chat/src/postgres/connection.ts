import pg from 'pg';
import { StoreError } from '../store/store-error.ts';
import { storeErrorOf } from './errors.ts';

/** A connection of its own to PostgreSQL. Queries on it are answered one after the other. */
export type Connection = pg.Client;

const connectWithinMs = 5_000;
const keepAliveMs = 10_000;

/**
 * Opens a connection. Rejects with a {@link StoreError} that says why there is none.
 *
 * @param name what it is for, as PostgreSQL shows it in `pg_stat_activity`
 * @param onEnd called once when it has ended, with the error if it was not closed
 */
export async function openConnection(
  url: string,
  name: string,
  onEnd: (error?: Error) => void,
): Promise<Connection> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: connectWithinMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
  });
  let ended = false;
  const end = (error?: Error) => {
    if (ended) return;
    ended = true;
    onEnd(error);
  };
  // Without a listener, an error between two queries would end the process.
  client.on('error', end);
  client.on('end', () => end());
  try {
    await client.connect();
  } catch (error) {
    ended = true;
    destroy(client);
    throw explained(error);
  }
  return client;
}

/** Ends a connection at once, whatever is under way on it. */
export function destroy(connection: Connection): void {
  connection.end().catch(() => {});
  (
    connection as unknown as { connection: { stream: { destroy(): void } } }
  ).connection.stream.destroy();
}

/** Says what to connect to in place of what does not answer. */
function explained(error: unknown): StoreError {
  // Of an address with several forms, one error each.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const { code, message } = storeErrorOf(first);
  return new StoreError(code, message, { cause: error });
}
