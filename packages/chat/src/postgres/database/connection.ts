import type { Duplex } from 'node:stream';
import pg from 'pg';
import { StoreError } from '../../store/store-error.ts';
import { NodeLost, storeErrorOf, within } from './errors.ts';

const connectWithinMs = 5_000;
const keepAliveMs = 10_000;
const responseWithinMs = 60_000;

// Of what is no warning, in whatever language.
const noticeCode = '00000';
// They warn of a table that needs a vacuum, for days, before a write is done.
const earlyWarnings = /^Get(?:NewTransaction|NewMultiXact)Id$/;

/** Tells whether what PostgreSQL says of a write leaves open if the write is kept. */
export function leavesInDoubt({
  code,
  routine = '',
}: {
  readonly code?: string | undefined;
  readonly routine?: string | undefined;
}): boolean {
  return code !== noticeCode && !earlyWarnings.test(routine);
}

/** The insides of a client of `pg` that it does not document. */
interface ClientInsides {
  readonly processID: number | null;
  readonly connection: {
    readonly stream: { destroy(): void };
    attachListeners(stream: Duplex): void;
  };
}

/** Takes the end of a connection, with the error if it was not closed. */
type OnEnd = (connection: Connection, error?: Error) => void;

/** A response of PostgreSQL. */
interface PostgresResponse<Row> {
  readonly rows: Row[];
  /** True when it came with a warning. A wait for a standby that was given up says so by a warning alone. */
  readonly warned: boolean;
}

/**
 * A connection of its own to PostgreSQL. What is asked is asked when what was asked before is answered.
 * A connection on which a response does not come in time ends: it is cut, though nobody has told so.
 */
export class Connection {
  readonly #client: pg.Client;
  readonly #onEnd: OnEnd;
  #last: Promise<unknown> = Promise.resolve();
  #ended = false;
  #warned = false;

  private constructor(client: pg.Client, onEnd: OnEnd) {
    this.#client = client;
    this.#onEnd = onEnd;
    endWhereNotUnderstood(this.#insides().connection);
    // Without a listener, an error between two queries would end the process.
    client.on('error', (error) => this.#end(error));
    client.on('end', () => this.#end());
    client.on('notice', (notice) => {
      if (leavesInDoubt(notice)) this.#warned = true;
    });
  }

  /**
   * Opens a connection. Rejects with a {@link StoreError} that says why there is none.
   *
   * @param name what it is for, as PostgreSQL shows it in `pg_stat_activity`
   * @param onEnd called once when it has ended, which may be before it is returned
   */
  static async open(url: string, name: string, onEnd: OnEnd): Promise<Connection> {
    const connection = new Connection(clientOf(url, name), onEnd);
    const client = connection.#client;
    try {
      await client.connect();
    } catch (error) {
      connection.#ended = true;
      connection.destroy();
      throw explained(error);
    }
    return connection;
  }

  /** The process that the connection was said to have at the other end. */
  get process(): number | null {
    return this.#insides().processID;
  }

  /**
   * Asks for something. Rejects as `pg` does, and with {@link NodeLost} when there is no response in time.
   *
   * @param withinMs counted from when it is asked, and not while it waits for others
   */
  query<Row extends object>(
    text: string | pg.QueryConfig,
    values?: unknown[],
    withinMs = responseWithinMs,
  ): Promise<PostgresResponse<Row>> {
    const response = this.#last.then(async () => {
      this.#warned = false;
      try {
        const asked = this.#client.query<Row>(text as string, values);
        const { rows } = await within(withinMs, asked);
        return { rows, warned: this.#warned };
      } catch (error) {
        if (error instanceof NodeLost) {
          this.#end(error);
          this.destroy();
        }
        throw error;
      }
    });
    this.#last = response.catch(() => {});
    return response;
  }

  /** Takes the notifications that the connection listens to. */
  onNotification(take: (payload: string) => void): void {
    this.#client.on('notification', ({ payload = '' }) => take(payload));
  }

  /** Ends the connection when what was asked is answered. */
  async close(): Promise<void> {
    await this.#last;
    await this.#client.end().catch(() => {});
  }

  /** Ends the connection at once, whatever is under way on it. */
  destroy(): void {
    this.#client.end().catch(() => {});
    this.#insides().connection.stream.destroy();
  }

  #insides(): ClientInsides {
    return this.#client as unknown as ClientInsides;
  }

  #end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd(this, error);
  }
}

/** Makes a client, which reads the certificates that the address names. */
function clientOf(url: string, name: string): pg.Client {
  try {
    return new pg.Client({
      connectionString: url,
      application_name: name,
      connectionTimeoutMillis: connectWithinMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveMs,
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'not-found' : 'unreadable';
    throw new StoreError(what, `a certificate of --postgres-url cannot be read: ${message}`);
  }
}

/**
 * Has a connection end with an error when what came on it cannot be read. `pg` throws while it reads, which would be an
 * error of nobody, and end the process.
 */
function endWhereNotUnderstood(connection: ClientInsides['connection']): void {
  const attach = connection.attachListeners.bind(connection);
  // Called again with the stream of TLS.
  connection.attachListeners = (stream) => {
    attach(stream);
    const read = stream.listeners('data').at(-1) as (chunk: Buffer) => void;
    stream.off('data', read);
    stream.on('data', (chunk: Buffer) => {
      try {
        read(chunk);
      } catch (error) {
        stream.destroy(error as Error);
      }
    });
  };
}

/** Says what to connect to in place of what does not answer. */
function explained(error: unknown): StoreError {
  // Of an address with several forms, one error each.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const { code, message } = storeErrorOf(first);
  return new StoreError(code, message, { cause: error });
}
