import type { Connection } from '../database/connection.ts';

/** Buries nodes that are dead, each once at a time. */
export class Burials {
  readonly #connection: Connection;
  readonly #onBuried: (node: number) => void;
  readonly #onError: (error: unknown) => void;
  readonly #burying = new Set<number>();

  /**
   * @param onBuried called when a node was buried by this one
   * @param onError called when that has failed: the next look finds the node again
   */
  constructor(
    connection: Connection,
    onBuried: (node: number) => void,
    onError: (error: unknown) => void,
  ) {
    this.#connection = connection;
    this.#onBuried = onBuried;
    this.#onError = onError;
  }

  /** Buries a node. Never rejects. */
  async bury(node: number): Promise<void> {
    if (this.#burying.has(node)) return;
    this.#burying.add(node);
    try {
      // A process that was stopped keeps its connections, and what it listens to fills a queue of all.
      await this.#connection.query(endConnectionsSql, [`^tandem [a-z]+ ${node}$`]);
      if (await endSessions(this.#connection, node)) this.#onBuried(node);
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#burying.delete(node);
    }
  }
}

/**
 * Makes a node change nothing any more, and ends its sessions in slices, so that nobody waits long for their
 * rows. Resolves with true when the node was there until this call.
 */
export async function endSessions(connection: Connection, node: number): Promise<boolean> {
  let news = false;
  for (let after: string | null = ''; after !== null; ) {
    const slice: Slice = await endSlice(connection, node, after);
    news ||= slice.news;
    after = slice.last;
  }
  return news;
}

/** A part of a burial. */
interface Slice {
  /** True when the node was there until then. */
  readonly news: boolean;
  /** The last user whose session it has ended; null when there was none. */
  readonly last: string | null;
}

/** Ends the sessions of a node that are of users behind the one who was the last. */
async function endSlice(connection: Connection, node: number, after: string): Promise<Slice> {
  const { rows } = await connection.query<Slice>({
    name: 'bury',
    text: 'SELECT news, last FROM tandem.bury($1, $2)',
    values: [node, after],
  });
  return rows[0] ?? { news: false, last: null };
}

const endConnectionsSql = `
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND application_name ~ $1`;
