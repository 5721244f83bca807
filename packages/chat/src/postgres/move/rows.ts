import type { Connection } from '../database/connection.ts';
import type { MoveCounts, StoppedAccount, StoppedData } from './stopped-data.ts';

// Some megabytes, and some tens of milliseconds of PostgreSQL.
const rowsAtOnce = 5_000;

/** The names and networks that may not come in. */
export interface MovedBans {
  readonly names: readonly string[];
  readonly networks: readonly string[];
}

/**
 * Writes what there is into empty tables, in the transaction that the connection has begun.
 *
 * @param onProgress called now and then with the number of messages and accounts that are written
 */
export async function writeAll(
  connection: Connection,
  data: StoppedData,
  bans: MovedBans,
  onProgress: (rows: number) => void,
): Promise<void> {
  const rows = new Rows(connection, await nextId(connection), onProgress);
  for (const account of data.accounts()) {
    rows.add(account);
    if (rows.waiting >= rowsAtOnce) await rows.write();
  }
  await rows.write();
  await rows.rememberIds();
  // As one whole: an index that grows by each name takes longer.
  await connection.query('DROP INDEX IF EXISTS tandem.names_by_part');
  await connection.query(namesSql, [], wholeTableWithinMs);
  await connection.query('SELECT tandem.index_names()', [], wholeTableWithinMs);
  for (const some of inParts(data.blocks())) {
    await connection.query(blocksSql, [
      some.map(({ blocker }) => blocker),
      some.map(({ name }) => name),
    ]);
  }
  await connection.query(bansSql, ['name', [...bans.names]]);
  await connection.query(bansSql, ['network', [...bans.networks]]);
}

/** The number of rows of each table, and of what they say. */
interface TableCounts extends MoveCounts {
  readonly bans: number;
  readonly names: number;
  /** The messages that wait, by the numbers of the mailboxes. */
  readonly waiting: number;
}

/** Counts what is in the tables. */
export async function countAll(connection: Connection): Promise<TableCounts> {
  const { rows } = await connection.query<TableCounts>(countsSql, [], wholeTableWithinMs);
  return rows[0] as TableCounts;
}

/** Accounts with their messages, on their way into the tables. */
class Rows {
  readonly #connection: Connection;
  readonly #onProgress: (rows: number) => void;
  #accounts: StoppedAccount[] = [];
  #messages = 0;
  #nextId: number;
  #written = 0;

  constructor(connection: Connection, nextId: number, onProgress: (rows: number) => void) {
    this.#connection = connection;
    this.#nextId = nextId;
    this.#onProgress = onProgress;
  }

  /** The number of rows that wait to be written. */
  get waiting(): number {
    return this.#accounts.length + this.#messages;
  }

  add(account: StoppedAccount): void {
    this.#accounts.push(account);
    this.#messages += account.messages.length;
  }

  async write(): Promise<void> {
    const accounts = this.#accounts.map((account) => ({ ...account, id: this.#nextId++ }));
    await this.#connection.query(accountsSql, [
      accounts.map(({ username }) => username),
      accounts.map(({ id }) => id),
      accounts.map(({ messages }) => messages.length),
      accounts.map(({ session }) => session.base),
      accounts.map(({ session }) => session.through),
      accounts.map(({ secret }) => secret),
      accounts.map(({ token }) => token),
      accounts.map(({ tokenBefore }) => tokenBefore),
      accounts.map(({ tokensEndMs }) => tokensEndMs),
    ]);
    const messages = accounts.flatMap(({ id, messages }) =>
      messages.map(({ sender, body }, i) => ({ id, number: i + 1, sender, body })),
    );
    // A mailbox may be larger than what is written at once.
    for (const some of inParts(messages)) {
      await this.#connection.query(messagesSql, [
        some.map(({ id }) => id),
        some.map(({ number }) => number),
        some.map(({ sender }) => sender),
        some.map(({ body }) => body),
      ]);
    }
    this.#written += this.waiting;
    this.#onProgress(this.#written);
    this.#accounts = [];
    this.#messages = 0;
  }

  /** Makes accounts to come get other numbers. */
  async rememberIds(): Promise<void> {
    await this.#connection.query("SELECT setval('tandem.account_ids', $1, false)", [this.#nextId]);
  }
}

async function nextId(connection: Connection): Promise<number> {
  const { rows } = await connection.query<{ id: number }>(
    "SELECT nextval('tandem.account_ids')::float8 AS id",
  );
  return rows[0]?.id ?? 1;
}

/** Parts of a list that are written at once. */
function* inParts<Row>(all: Iterable<Row>): Generator<Row[], void> {
  let part: Row[] = [];
  for (const row of all) {
    part.push(row);
    if (part.length < rowsAtOnce) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

/** The time for what reads a whole table, in milliseconds. */
export const wholeTableWithinMs = 600_000;

const accountsSql = `
INSERT INTO tandem.accounts (username, id, last_seq, session_base, session_through, secret, token,
  token_before, tokens_end)
SELECT username, id, messages, base, through, secret, token, token_before,
  to_timestamp(tokens_end_ms / 1000.0)
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
  $8::text[], $9::float8[])
  AS a (username, id, messages, base, through, secret, token, token_before, tokens_end_ms)`;

const namesSql = 'INSERT INTO tandem.names SELECT username FROM tandem.accounts';

const messagesSql = `
INSERT INTO tandem.messages (recipient, seq, sender, body)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[])`;

const blocksSql = `
INSERT INTO tandem.blocks (blocker, name)
SELECT a.id, b.name FROM unnest($1::text[], $2::text[]) AS b (blocker, name)
JOIN tandem.accounts a ON a.username = b.blocker`;

const bansSql = 'INSERT INTO tandem.bans (kind, target) SELECT $1, unnest($2::text[])';

const countsSql = `
SELECT (SELECT count(*)::float8 FROM tandem.messages) AS messages,
  (SELECT count(*)::float8 FROM tandem.blocks) AS blocks,
  (SELECT count(*)::float8 FROM tandem.bans) AS bans,
  (SELECT count(*)::float8 FROM tandem.names) AS names,
  count(*)::float8 AS accounts, count(secret)::float8 AS secrets, count(token)::float8 AS tokens,
  COALESCE(sum(last_seq - taken_seq), 0)::float8 AS waiting
FROM tandem.accounts`;
