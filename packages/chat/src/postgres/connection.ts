import pg from 'pg';
import { StoreError } from '../store/store-error.ts';
import { storeErrorOf } from './errors.ts';

const connectWithinMs = 5_000;
const keepAliveMs = 10_000;

/** The insides of a client of `pg` that it does not document. */
interface ClientInsides {
  readonly processID: number | null;
  readonly connection: { readonly stream: { destroy(): void } };
}

/** A connection of its own to PostgreSQL. What is asked is asked when what was asked before is answered. */
export class Connection {
  readonly #client: pg.Client;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /**
   * Opens a connection. Rejects with a {@link StoreError} that says why there is none.
   *
   * @param name what it is for, as PostgreSQL shows it in `pg_stat_activity`
   * @param onEnd called once when it has ended, with the error if it was not closed
   */
  static async open(
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
    const connection = new Connection(client);
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
      connection.destroy();
      throw explained(error);
    }
    return connection;
  }

  /** The process that the connection was said to have at the other end. */
  get process(): number | null {
    return this.#insides.processID;
  }

  /** Asks for something. Rejects as `pg` does. */
  query<Row extends object>(
    text: string | pg.QueryConfig,
    values?: unknown[],
  ): Promise<{ readonly rows: Row[] }> {
    const answer = this.#last.then(() => this.#client.query<Row>(text as string, values));
    this.#last = answer.catch(() => {});
    return answer;
  }

  /** Takes the notifications that the connection listens to. */
  onNotification(take: (payload: string) => void): void {
    this.#client.on('notification', ({ payload = '' }) => take(payload));
  }

  /** Takes the codes of notices and warnings. */
  onNotice(take: (code: string | undefined) => void): void {
    this.#client.on('notice', ({ code }) => take(code));
  }

  /** Ends the connection when what was asked is answered. */
  async close(): Promise<void> {
    await this.#last;
    await this.#client.end().catch(() => {});
  }

  /** Ends the connection at once, whatever is under way on it. */
  destroy(): void {
    this.#client.end().catch(() => {});
    this.#insides.connection.stream.destroy();
  }

  get #insides(): ClientInsides {
    return this.#client as unknown as ClientInsides;
  }
}

/** Says what to connect to in place of what does not answer. */
function explained(error: unknown): StoreError {
  // Of an address with several forms, one error each.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const { code, message } = storeErrorOf(first);
  return new StoreError(code, message, { cause: error });
}
