import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { isValidUsername, messageCharsMax } from '@tandem/core';
import { isPhc, isToken } from '@tandem/identity';
import { idMax } from '../schema.ts';
import { asStoreError } from '../sqlite-errors.ts';
import { type CheckOptions, type Findings, whole } from './findings.ts';

// Some hundredths of a second's work.
const rowsPerSlice = 5_000;

/**
 * Checks the rows, and then that the index has the same messages, by sums that do not depend on the
 * order, and has them in order. An index with more entries than rows shows that rows are lost.
 */
export async function checkRows(
  database: DatabaseSync,
  pagesDamage: string | undefined,
  options: CheckOptions,
): Promise<Findings> {
  const deadlineMs = performance.now() + (options.rowsMsMax ?? Number.POSITIVE_INFINITY);
  const tally = new Tally(database);
  const damage =
    checkNumbers(database) ??
    checkAccounts(database) ??
    checkRemovals(database) ??
    checkIdentities(database);
  if (damage !== undefined) return { ...whole, damage };
  const total = count(database, 'messages NOT INDEXED');
  const slices = database.prepare(sliceQuery(hasColumn(database, 'messages', 'session')));
  for (let [after, rows] = [0, 0]; ; ) {
    const slice = slices.get(after) as { rows: number; last: number; invalid: number };
    if (slice.invalid > 0)
      return { ...whole, damage: `${slice.invalid} messages are not valid: no user can send them` };
    if (slice.rows === 0) break;
    after = slice.last;
    rows += slice.rows;
    options.onProgress?.({ rowsShare: rows / total });
    await pause(options);
    if (performance.now() <= deadlineMs) continue;
    const skipped = `${total - rows} of ${total} messages, and the index of them`;
    return { ...whole, indexDamage: pagesDamage, skipped };
  }
  const index = checkIndex(database, tally, total, pagesDamage);
  if (index.damage !== undefined) return { ...whole, damage: index.damage };
  const { messages, lost } = index.damaged
    ? readMailboxes(database, 'NOT INDEXED')
    : index.mailboxes;
  if (lost > 0) return { ...whole, damage: `${lost} messages are to users without an account` };
  return { ...whole, indexDamage: index.damaged, accounts: count(database, 'accounts'), messages };
}

/** Returns the mailboxes as the index has them; undefined when an entry is none, in pages that are whole. */
function readIndex(database: DatabaseSync): Mailboxes | undefined {
  try {
    return readMailboxes(database, inIndex);
  } catch (error) {
    if (asStoreError(error, '').code === 'corrupt') return undefined;
    throw error;
  }
}

interface IndexFindings {
  /** Damage that cannot be repaired from the rows. */
  readonly damage?: string;
  /** The damage of the index alone. */
  readonly damaged: string | undefined;
  readonly mailboxes: Mailboxes;
}

/** Compares the index with the rows, of which the tally has the sum. */
function checkIndex(
  database: DatabaseSync,
  tally: Tally,
  total: number,
  pagesDamage: string | undefined,
): IndexFindings {
  const nothing = { entries: 0, messages: 0, lost: 0 };
  if (pagesDamage !== undefined) return { damaged: pagesDamage, mailboxes: nothing };
  const sumOfRows = tally.take();
  const mailboxes = readIndex(database);
  if (mailboxes === undefined) {
    return { damaged: 'the index mailboxes cannot be read', mailboxes: nothing };
  }
  const only = mailboxes.entries - total;
  if (only > 0) {
    const damage = `${only} messages are only in the index mailboxes`;
    return { damage, damaged: undefined, mailboxes };
  }
  if (tally.take() === sumOfRows) {
    const damaged = tally.inOrder ? undefined : 'the index mailboxes is not in order';
    return { damaged, mailboxes };
  }
  const { conflicts } = database.prepare(conflictsQuery).get() as { conflicts: number };
  const damage = `${conflicts} messages are to one user by their rows, and to another one by the index mailboxes`;
  const damaged = 'the index mailboxes does not match the messages';
  return conflicts > 0 ? { damage, damaged, mailboxes } : { damaged, mailboxes };
}

// Two sums below this add up without rounding.
const sumMax = 2 ** 52;

/** The functions of queries that check rows, faster than SQL, and the sum of the rows that they saw. */
class Tally {
  #sum = 0;
  #inOrder = true;
  #last = ['', 0] as [recipient: string, id: number];
  readonly #lastKeys = new Map<unknown, string>();

  constructor(database: DatabaseSync) {
    const options = { directOnly: true };
    database.function('is_name', options, (name) => Number(isName(name)));
    database.function('is_message', options, (sender, body) =>
      Number(isName(sender) && isBody(body)),
    );
    database.function('is_credentials', options, (secret, last, before) =>
      Number(isPhc(String(secret)) && areTokens(last, before)),
    );
    database.function('is_next', options, (table, key) => Number(this.#isNext(table, String(key))));
    database.function('note', options, (recipient, id) =>
      this.#note(String(recipient), Number(id)),
    );
    database.function('note_next', options, (recipient, id) => {
      this.#noteOrder(String(recipient), Number(id));
      return this.#note(String(recipient), Number(id));
    });
  }

  /** True while each entry of the index has come after the one before it. */
  get inOrder(): boolean {
    return this.#inOrder;
  }

  /** Returns the sum of the rows since the last call. */
  take(): number {
    const sum = this.#sum;
    this.#sum = 0;
    return sum;
  }

  #note(recipient: string, id: number): number {
    this.#sum = (this.#sum + mix(recipient, id)) % sumMax;
    return 1;
  }

  #noteOrder(recipient: string, id: number): void {
    const [last, lastId] = this.#last;
    if (recipient === last ? id <= lastId : recipient < last) this.#inOrder = false;
    this.#last = [recipient, id];
  }

  /** Tells if a key comes after the one before it in its table. SQLite finds no row that is out of its place. */
  #isNext(table: unknown, key: string): boolean {
    const last = this.#lastKeys.get(table);
    this.#lastKeys.set(table, key);
    return last === undefined || key > last;
  }
}

function areTokens(last: unknown, before: unknown): boolean {
  if (last === null) return before === null;
  const isHash = (hash: unknown) => typeof hash === 'string' && isToken(hash);
  return isHash(last) && (before === null || isHash(before));
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && isValidUsername(name);
}

// Bodies of spaces alone were allowed once. [P-2.3]
const bodyPattern = /^[ -{}~]+$/;

function isBody(body: unknown): boolean {
  return typeof body === 'string' && body.length <= messageCharsMax && bodyPattern.test(body);
}

/** Returns a hash of a recipient and an id in 52 bits: FNV-1a, twice. http://www.isthe.com/chongo/tech/comp/fnv/ */
function mix(recipient: string, id: number): number {
  let [high, low] = [0x811c9dc5 ^ id, 0x050c5d1f ^ id];
  for (let at = 0; at < recipient.length; at++) {
    high = Math.imul(high ^ recipient.charCodeAt(at), 0x01000193);
    low = Math.imul(low ^ high, 0x01000193);
  }
  return (high >>> 12) * 2 ** 32 + (low >>> 0);
}

// The place of a message in a session has two numbers, or none.
const isPlaced = `coalesce(session IS NULL AND session_count IS NULL
  OR session BETWEEN 0 AND ${idMax} AND session_count BETWEEN 0 AND ${idMax}, 0)`;

const sliceQuery = (hasPlaces: boolean) => `
  SELECT count(note(recipient, id % 4294967296)) AS rows, max(id) AS last,
    count(*) FILTER (WHERE NOT (is_message(sender, body) AND ${hasPlaces ? isPlaced : 1})) AS invalid
  FROM (SELECT * FROM messages NOT INDEXED WHERE id > ? ORDER BY id LIMIT ${rowsPerSlice})`;

const isThere =
  'id > coalesce((SELECT through_id FROM leftovers WHERE leftovers.recipient = m.recipient), 0)';

/** The mailboxes, as the index has them or the rows. */
interface Mailboxes {
  readonly entries: number;
  readonly messages: number;
  readonly lost: number;
}

const inIndex = "INDEXED BY mailboxes WHERE recipient >= ''";

function readMailboxes(database: DatabaseSync, from: typeof inIndex | 'NOT INDEXED'): Mailboxes {
  return database.prepare(mailboxQuery(from)).get() as unknown as Mailboxes;
}

// An id in the index may be a number that JavaScript cannot hold.
const mailboxQuery = (from: string) => `
  SELECT count(note_next(recipient, CAST(id AS REAL))) AS entries,
    count(*) FILTER (WHERE ${isThere}) AS messages,
    count(*) FILTER (WHERE ${isThere} AND NOT EXISTS
      (SELECT 1 FROM accounts WHERE username = recipient)) AS lost
  FROM messages AS m ${from}`;

/** Checks the ids: they go up from 1, are numbers of JavaScript, and none was given twice. */
function checkNumbers(database: DatabaseSync): string | undefined {
  const { wrong } = database.prepare(numbersQuery).get() as { wrong: number };
  return wrong === 0 ? undefined : 'its messages have ids that the server never gave';
}

const numbersQuery = `
  SELECT
    EXISTS (SELECT 1 FROM messages NOT INDEXED WHERE id < 1)
    OR (SELECT count(*) FROM sqlite_sequence WHERE name = 'messages') > 1
    OR EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'messages'
      AND NOT (typeof(seq) = 'integer' AND seq BETWEEN 0 AND ${idMax}))
    OR coalesce((SELECT max(id) FROM messages NOT INDEXED), 0)
      > coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'messages'), 0)
    AS wrong`;

// Rows of which nobody can say whose they are: the index has them for another account, and not for their own.
const conflictsQuery = `
  SELECT count(*) AS conflicts
  FROM messages AS entry INDEXED BY mailboxes CROSS JOIN messages AS m NOT INDEXED
  WHERE entry.recipient >= '' AND m.id = entry.id AND m.recipient <> entry.recipient
    AND EXISTS (SELECT 1 FROM accounts WHERE username = entry.recipient)
    AND NOT EXISTS (SELECT 1 FROM messages AS other INDEXED BY mailboxes
      WHERE other.recipient = m.recipient AND other.id = m.id)`;

function checkAccounts(database: DatabaseSync): string | undefined {
  const invalid = count(database, 'accounts WHERE NOT is_name(username)');
  if (invalid > 0) return `${invalid} accounts have names that no user can have`;
  return checkOrder(database, 'accounts', 'username');
}

/** Checks that the rows of a table are found by their key: that they are in its order, and none twice. */
function checkOrder(database: DatabaseSync, table: string, key: string): string | undefined {
  const stray = count(database, `${table} WHERE NOT is_next('${table}', ${key})`);
  return stray === 0 ? undefined : `${stray} rows of ${table} are out of order, or there twice`;
}

/** Checks removals that are not taken out yet: each is up to a message that is still there. */
function checkRemovals(database: DatabaseSync): string | undefined {
  const wrong = count(
    database,
    `leftovers WHERE NOT EXISTS (SELECT 1 FROM messages NOT INDEXED
      WHERE id = through_id AND messages.recipient = leftovers.recipient)`,
  );
  if (wrong > 0) return `${wrong} mailboxes were emptied up to messages that are not there`;
  return checkOrder(database, 'leftovers', 'recipient');
}

/** Checks credentials and blocks: that each is an account's, and is what a store has written. */
function checkIdentities(database: DatabaseSync): string | undefined {
  // Version 1 has none.
  if (count(database, "sqlite_schema WHERE name = 'credentials'") === 0) return undefined;
  const credentials = count(
    database,
    `credentials WHERE NOT (is_credentials(secret, last_token, token_before) AND ${haveEnd}) ${ownedByNobody('credentials')}`,
  );
  if (credentials > 0) return `${credentials} accounts have secrets that nobody can have set`;
  const reached = hasColumn(database, 'credentials', 'session')
    ? count(database, `credentials WHERE NOT coalesce(${isReached}, 0)`)
    : 0;
  if (reached > 0) return `${reached} accounts have tokens of sessions that cannot have existed`;
  const blocks = count(database, `blocks WHERE NOT is_name(blocked) ${ownedByNobody('blocks')}`);
  if (blocks > 0) return `${blocks} blocks are not valid: no user can have made them`;
  return (
    checkOrder(database, 'credentials', 'username') ??
    checkOrder(database, 'blocks', 'username || char(1) || blocked')
  );
}

const haveEnd = `coalesce(last_token IS NULL AND tokens_end_ms IS NULL
  OR last_token IS NOT NULL AND tokens_end_ms BETWEEN 1 AND ${idMax}, 0)`;

const ownedByNobody = (table: string) =>
  `OR NOT EXISTS (SELECT 1 FROM accounts WHERE accounts.username = ${table}.username)`;

/** Sessions are known together with what they had reached, or not at all. */
const isReached = `(
  session IS NULL AND session_count IS NULL AND session_through_id IS NULL
  OR last_token IS NOT NULL AND session BETWEEN 0 AND ${idMax}
    AND session_count BETWEEN 0 AND ${idMax} AND session_through_id BETWEEN 0 AND ${idMax}
)`;

/** Lets others have their turn, and ends with the reason of the signal. */
export async function pause({ signal }: CheckOptions): Promise<void> {
  await turn();
  signal?.throwIfAborted();
}

function hasColumn(database: DatabaseSync, table: string, column: string): boolean {
  return count(database, `pragma_table_info('${table}') WHERE name = '${column}'`) > 0;
}

function count(database: DatabaseSync, from: string): number {
  return Number(database.prepare(`SELECT count(*) AS count FROM ${from}`).get()?.count);
}
