import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { isValidUsername, messageCharsMax } from '@tandem/core';
import { isPhc, isToken } from '@tandem/identity';
import { type CheckOptions, type Findings, whole } from './findings.ts';

// Some hundredths of a second's work.
const rowsPerSlice = 5_000;

/**
 * Checks the rows, and then that the index has the same messages, by sums that do not depend on the
 * order. An index with more entries than rows shows that rows are lost.
 */
export async function checkRows(
  database: DatabaseSync,
  pagesDamage: string | undefined,
  options: CheckOptions,
): Promise<Findings> {
  const deadlineMs = performance.now() + (options.rowsMsMax ?? Number.POSITIVE_INFINITY);
  const tally = new Tally(database);
  const damage = checkNumbers(database) ?? checkAccounts(database) ?? checkIdentities(database);
  if (damage !== undefined) return { ...whole, damage };
  const total = count(database, 'messages NOT INDEXED');
  const slices = database.prepare(sliceQuery);
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
  const inTable = tally.take();
  const from =
    pagesDamage === undefined ? "INDEXED BY mailboxes WHERE recipient >= ''" : 'NOT INDEXED';
  const found = database.prepare(mailboxQuery(from)).get() as {
    entries: number;
    messages: number;
    lost: number;
  };
  const { entries, messages, lost } = found;
  const accounts = count(database, 'accounts');
  if (entries > total) {
    return {
      ...whole,
      damage: `${entries - total} messages are only in the index mailboxes`,
    };
  }
  if (pagesDamage !== undefined || tally.take() !== inTable) {
    const indexDamage = pagesDamage ?? 'the index mailboxes does not match the messages';
    // The index cannot tell which messages have no account: that is checked again when it is made anew.
    return { ...whole, indexDamage, accounts, messages };
  }
  if (lost > 0) return { ...whole, damage: `${lost} messages are to users without an account` };
  return { ...whole, accounts, messages };
}

// Two sums below this add up without rounding.
const sumMax = 2 ** 52;

/** The functions of queries that check rows, faster than SQL, and the sum of the rows that they saw. */
class Tally {
  #sum = 0;

  constructor(database: DatabaseSync) {
    const options = { directOnly: true };
    database.function('is_name', options, (name) => Number(isName(name)));
    database.function('is_message', options, (sender, body) =>
      Number(isName(sender) && isBody(body)),
    );
    database.function('is_credentials', options, (secret, last, before, endMs) =>
      Number(isPhc(String(secret)) && areTokens(last, before, endMs)),
    );
    database.function('note', options, (recipient, id) => {
      this.#sum = (this.#sum + mix(String(recipient), Number(id))) % sumMax;
      return 1;
    });
  }

  /** Returns the sum of the rows since the last call. */
  take(): number {
    const sum = this.#sum;
    this.#sum = 0;
    return sum;
  }
}

function areTokens(last: unknown, before: unknown, endMs: unknown): boolean {
  if (last === null) return before === null && endMs === null;
  const isHash = (hash: unknown) => typeof hash === 'string' && isToken(hash);
  return isHash(last) && (before === null || isHash(before)) && Number(endMs) > 0;
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

const sliceQuery = `
  SELECT count(note(recipient, id % 4294967296)) AS rows, max(id) AS last,
    count(*) FILTER (WHERE NOT is_message(sender, body)) AS invalid
  FROM (SELECT * FROM messages NOT INDEXED WHERE id > ? ORDER BY id LIMIT ${rowsPerSlice})`;

const isThere =
  'id > coalesce((SELECT through_id FROM leftovers WHERE leftovers.recipient = m.recipient), 0)';

const mailboxQuery = (from: string) => `
  SELECT count(note(recipient, id % 4294967296)) AS entries,
    count(*) FILTER (WHERE ${isThere}) AS messages,
    count(*) FILTER (WHERE ${isThere} AND NOT EXISTS
      (SELECT 1 FROM accounts WHERE username = recipient)) AS lost
  FROM messages AS m ${from}`;

/** Checks the ids: they go up from 1, are numbers of JavaScript, and none was given twice. */
function checkNumbers(database: DatabaseSync): string | undefined {
  const { wrong } = database.prepare(numbersQuery).get() as { wrong: number };
  return wrong === 0 ? undefined : 'its messages have ids that the server never gave';
}

/** Ids are numbers of JavaScript, with room for as many more as will ever be given. */
const idMax = Number.MAX_SAFE_INTEGER - 2 ** 40;

const numbersQuery = `
  SELECT
    EXISTS (SELECT 1 FROM messages NOT INDEXED WHERE id < 1)
    OR (SELECT count(*) FROM sqlite_sequence WHERE name = 'messages') > 1
    OR EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'messages'
      AND NOT (typeof(seq) = 'integer' AND seq BETWEEN 0 AND ${idMax}))
    OR coalesce((SELECT max(id) FROM messages NOT INDEXED), 0)
      > coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'messages'), 0)
    OR EXISTS (SELECT 1 FROM leftovers WHERE NOT (through_id BETWEEN 0 AND ${idMax}))
    AS wrong`;

function checkAccounts(database: DatabaseSync): string | undefined {
  const invalid = count(database, 'accounts WHERE NOT is_name(username)');
  return invalid === 0 ? undefined : `${invalid} accounts have names that no user can have`;
}

/** Checks credentials and blocks: that each is an account's, and is what a store has written. */
function checkIdentities(database: DatabaseSync): string | undefined {
  // Version 1 has none.
  if (count(database, "sqlite_schema WHERE name = 'credentials'") === 0) return undefined;
  const credentials = count(
    database,
    `credentials WHERE NOT is_credentials(secret, last_token, token_before, tokens_end_ms) ${ownedByNobody('credentials')}`,
  );
  if (credentials > 0) return `${credentials} accounts have secrets that nobody can have set`;
  const reached = hasColumn(database, 'credentials', 'session')
    ? count(database, `credentials WHERE NOT coalesce(${isReached}, 0)`)
    : 0;
  if (reached > 0) return `${reached} accounts have tokens of sessions that cannot have existed`;
  const blocks = count(database, `blocks WHERE NOT is_name(blocked) ${ownedByNobody('blocks')}`);
  return blocks === 0 ? undefined : `${blocks} blocks are not valid: no user can have made them`;
}

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
