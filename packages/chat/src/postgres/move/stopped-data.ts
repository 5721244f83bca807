import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { CheckProgress } from '../../store/sqlite/check/findings.ts';
import {
  databasePathOf,
  finishCutShort,
  refuseOddDataFiles,
} from '../../store/sqlite/directory/data-directory.ts';
import { hadData } from '../../store/sqlite/log/log-mark.ts';
import { checkWhole } from '../../store/sqlite/maintenance/check-store.ts';
import { openSnapshot } from '../../store/sqlite/maintenance/copy.ts';
import { asStoreError, storeError } from '../../store/sqlite/sqlite-errors.ts';
import { SqliteStore } from '../../store/sqlite/sqlite-store.ts';
import type { Reached } from '../../store/store.ts';

/** An account of a stopped server, with its whole mailbox. */
export interface StoppedAccount {
  readonly username: string;
  /** The hash of its secret; null for none. */
  readonly secret: string | null;
  /** The hashes of the tokens that resume the last session; null for none. */
  readonly token: string | null;
  readonly tokenBefore: string | null;
  /** The time at which they end, in milliseconds since 1970. */
  readonly tokensEndMs: number | null;
  /** The meaning of a count of its last session, when the first message of the mailbox is number 1. */
  readonly session: SessionNumbers;
  /** The messages that wait, the oldest first. */
  readonly messages: readonly StoppedMessage[];
}

/** A message that waits. */
interface StoppedMessage extends PlacedMessage {
  readonly sender: string;
  readonly body: string;
}

/** The number of things of each kind. */
export interface MoveCounts {
  readonly accounts: number;
  readonly secrets: number;
  readonly tokens: number;
  readonly messages: number;
  readonly blocks: number;
}

/** The options of opening the data of a stopped server. */
export interface StoppedDataOptions {
  /** The data directory. */
  readonly directory: string;
  /** Called now and then while the data is checked. */
  readonly onCheck?: (progress: CheckProgress) => void;
  /** Called with notices about the state of the directory, a sentence each. */
  readonly onNotice?: (notice: string) => void;
  /** Ends the opening. */
  readonly signal?: AbortSignal;
}

/** The data of a stopped server, which this process holds, so that no server starts on it meanwhile. */
export class StoppedData {
  readonly counts: MoveCounts;
  readonly #path: string;
  readonly #store: SqliteStore;
  readonly #database: DatabaseSync;

  private constructor(path: string, store: SqliteStore, database: DatabaseSync) {
    this.#path = path;
    this.#store = store;
    this.#database = database;
    this.counts = database.prepare(countsSql).get() as unknown as MoveCounts;
  }

  /**
   * Opens it as a server does, and checks it whole. Rejects with a store error when there is none, when a
   * server holds it, and when it is damaged; with the signal's reason.
   */
  static async open(options: StoppedDataOptions): Promise<StoppedData> {
    const { directory, onCheck = () => {}, onNotice = () => {}, signal } = options;
    const path = databasePathOf(directory);
    const purpose = 'tandem migrate';
    refuseOddDataFiles(directory);
    finishCutShort(directory, purpose);
    // An opening would make them.
    if (!existsSync(path) && !hadData(path)) throw storeError('not-found', path);
    const ending = signal === undefined ? {} : { signal };
    const store = await SqliteStore.open({ directory, purpose, onCheck, onNotice, ...ending });
    try {
      await checkWhole(path, { onProgress: onCheck, signal });
      return new StoppedData(path, store, openSnapshot(path));
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** Returns all accounts, in the order of their names. Throws a store error when they cannot be read. */
  *accounts(): Generator<StoppedAccount, void> {
    try {
      yield* this.#accounts();
    } catch (error) {
      throw asStoreError(error, this.#path);
    }
  }

  *#accounts(): Generator<StoppedAccount, void> {
    const messages = this.#database.prepare(messagesSql).iterate() as Iterator<unknown>;
    let next = messages.next();
    for (const row of this.#database.prepare(accountsSql).iterate()) {
      const account = row as unknown as AccountRow;
      const mailbox: StoppedMessage[] = [];
      // Both are in the order of names, and no message is of nobody: it was checked.
      for (; next.done !== true; next = messages.next()) {
        const message = next.value as MessageRow;
        if (message.recipient !== account.username) break;
        mailbox.push(message);
      }
      const { session, count, throughId } = account;
      const reached =
        session === null || count === null || throughId === null
          ? undefined
          : { session, count, throughId };
      yield { ...account, session: sessionNumbersOf(mailbox, reached), messages: mailbox };
    }
  }

  /** Returns whom users block; see {@link accounts}. */
  *blocks(): Generator<{ readonly blocker: string; readonly name: string }, void> {
    try {
      const rows: Iterable<unknown> = this.#database.prepare(blocksSql).iterate();
      yield* rows as Iterable<{ blocker: string; name: string }>;
    } catch (error) {
      throw asStoreError(error, this.#path);
    }
  }

  /** Lets the data go, as it was. */
  async close(): Promise<void> {
    this.#database.close();
    await this.#store.close();
  }
}

interface AccountRow extends Omit<StoppedAccount, 'session' | 'messages'> {
  readonly session: number | null;
  readonly count: number | null;
  readonly throughId: number | null;
}

interface MessageRow extends StoppedMessage {
  readonly recipient: string;
}

// What is removed, and not yet taken out of the table, is no message.
const waiting = `messages m LEFT JOIN leftovers l ON l.recipient = m.recipient
WHERE m.id > coalesce(l.through_id, 0)`;

const messagesSql = `
SELECT m.recipient, m.id, m.sender, m.body, m.session, m.session_count AS count
FROM ${waiting} ORDER BY m.recipient, m.id`;

const accountsSql = `
SELECT a.username, c.secret, c.last_token AS token, c.token_before AS tokenBefore,
  c.tokens_end_ms AS tokensEndMs, c.session, c.session_count AS count, c.session_through_id AS throughId
FROM accounts a LEFT JOIN credentials c ON c.username = a.username ORDER BY a.username`;

const blocksSql = 'SELECT username AS blocker, blocked AS name FROM blocks';

const countsSql = `
SELECT (SELECT count(*) FROM accounts) AS accounts,
  (SELECT count(secret) FROM credentials) AS secrets,
  (SELECT count(last_token) FROM credentials) AS tokens,
  (SELECT count(*) FROM ${waiting}) AS messages,
  (SELECT count(*) FROM blocks) AS blocks`;

/** A message with its place among those of a session, as a data directory has it. */
interface PlacedMessage {
  readonly id: number;
  /** The session that it came to, and the count that covers it; null where no token needs them. */
  readonly session: number | null;
  readonly count: number | null;
}

/** The meaning of a count of a session that can be resumed, in the numbers of a mailbox. */
interface SessionNumbers {
  /** The number before its first message: a count is added to it. */
  readonly base: number;
  /** The number of the last message that came to it; null when it is not known. */
  readonly through: number | null;
}

// A count that is added to it is no message.
const coversNothing = Number.MIN_SAFE_INTEGER;

/**
 * Says what a count of the last session means for a mailbox whose messages get the numbers from 1 on. A
 * count never covers a message that was not taken. Where places are too high, as after a message that could
 * not be stored, it may cover less than was taken: that comes again.
 *
 * @param messages the messages that wait, the oldest first
 * @param reached the place that the session had reached when its token was given; undefined for no token
 */
function sessionNumbersOf(
  messages: readonly PlacedMessage[],
  reached: Reached | undefined,
): SessionNumbers {
  const there = messages.filter(({ id }) => reached !== undefined && id <= reached.throughId);
  let base: number | undefined;
  let through: number | null = null;
  for (const [i, message] of messages.entries()) {
    const number = i + 1;
    // Those that were there when the token was given have their places from the last one backwards.
    const place =
      number <= there.length ? (reached?.count ?? 0) - (there.length - number) : message.count;
    const isOfSession = number <= there.length || message.session === reached?.session;
    if (!isOfSession || place === null) continue;
    base = Math.min(base ?? Number.POSITIVE_INFINITY, number - place);
    through = number;
  }
  return { base: base ?? coversNothing, through };
}
