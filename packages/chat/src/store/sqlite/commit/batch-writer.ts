import type { DatabaseSync } from 'node:sqlite';
import type { Credentials, StoredMessage } from '../../store.ts';
import type { Statements } from '../database.ts';
import type { CommitCount } from '../log/commit-count.ts';
import type { Batch } from './batch.ts';
import type { Leftovers } from './leftovers.ts';
import type { SentRows } from './sent-rows.ts';

/** A message on its way into the table. */
interface Row {
  readonly recipient: string;
  readonly message: StoredMessage;
}

/** Writes a batch as a transaction, and counts the rows in the tables. */
export class BatchWriter {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #leftovers: Leftovers;
  readonly #commits: CommitCount;
  readonly #sentRows: SentRows;
  /** The number of messages in the tables, of each mailbox that was asked for. */
  readonly #rows = new Map<string, number>();
  /**
   * The users that may have credentials or blocks in the tables: few as a rule. Nothing of others
   * needs removing.
   */
  readonly #identified = new Set<string>();

  constructor(
    database: DatabaseSync,
    statements: Statements,
    leftovers: Leftovers,
    commits: CommitCount,
    sentRows: SentRows,
  ) {
    this.#database = database;
    this.#statements = statements;
    this.#leftovers = leftovers;
    this.#commits = commits;
    this.#sentRows = sentRows;
  }

  /** Tells whether the tables have messages of the recipient that are not removed. Throws what SQLite says. */
  hasRows(recipient: string): boolean {
    const known = this.#rows.get(recipient);
    if (known !== undefined) return known > 0;
    const fromId = this.#leftovers.throughIdOf(recipient);
    const count = Number(this.#statements.countMessages.get(recipient, fromId)?.count);
    this.#rows.set(recipient, count);
    return count > 0;
  }

  /** Notes whose credentials or blocks the tables have, before anything is written. */
  identified(username: string): void {
    this.#identified.add(username);
  }

  /**
   * Writes a batch. Returns the number of rows removed, by name. When it throws, nothing has happened.
   *
   * @param clears true to take out a slice of the leftovers of large removals, too
   */
  write(batch: Batch, clears: boolean): ReadonlyMap<string, number> {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const removed = this.#remove(batch);
      this.#identify(batch);
      for (const row of rowsOf(batch)) this.#insert(row);
      if (clears) this.#leftovers.clear();
      // A transaction that writes nothing is not counted.
      const counts = clears || batch.changes.size > 0;
      if (counts) this.#commits.count();
      this.#database.exec('COMMIT');
      if (counts) this.#commits.committed();
      this.#sentRows.removed(this.#leftovers.takeDeleted());
      this.#recount(batch, removed);
      return removed;
    } catch (error) {
      this.#leftovers.takeDeleted();
      // SQLite has done it by itself after some failures.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #remove(batch: Batch): Map<string, number> {
    const removed = new Map<string, number>();
    for (const [username, { account, removedThroughId }] of batch.changes) {
      if (account === 'added') this.#statements.addAccount.run(username);
      if (account === 'removed') this.#statements.removeAccount.run(username);
      if (removedThroughId === 0) continue;
      removed.set(username, this.#leftovers.remove(username, removedThroughId));
    }
    return removed;
  }

  #identify(batch: Batch): void {
    const statements = this.#statements;
    for (const [username, { account, credentials, blocks }] of batch.changes) {
      if (account !== undefined && this.#identified.has(username)) {
        statements.removeCredentials.run(username);
        statements.removeBlocks.run(username);
      }
      if (credentials !== undefined) this.#setCredentials(username, credentials.become);
      if (blocks === undefined) continue;
      this.#identified.add(username);
      for (const [name, blocked] of blocks) {
        (blocked ? statements.addBlock : statements.removeBlock).run(username, name);
      }
    }
  }

  #setCredentials(username: string, become: Credentials | undefined): void {
    const { removeCredentials, setCredentials } = this.#statements;
    if (become === undefined) {
      removeCredentials.run(username);
      return;
    }
    this.#identified.add(username);
    const { secret, tokens } = become;
    const { last = null, before = null, endMs = null } = tokens ?? {};
    const { session = null, count = null, throughId = null } = tokens?.reached ?? {};
    setCredentials.run(username, secret, last, before, endMs, session, count, throughId);
  }

  #insert({ recipient, message: { id, sender, body, place } }: Row): void {
    const { session = null, count = null } = place ?? {};
    this.#statements.addMessage.run(id, recipient, sender, body, session, count);
  }

  #recount(batch: Batch, removed: ReadonlyMap<string, number>): void {
    for (const [username, { account, messages }] of batch.changes) {
      const kept = account === undefined ? this.#rows.get(username) : 0;
      if (account === 'removed') this.#rows.delete(username);
      else if (kept !== undefined) {
        const rows = kept + messages.length;
        this.#rows.set(
          username,
          account === undefined ? rows - (removed.get(username) ?? 0) : rows,
        );
      }
    }
  }
}

/** Returns the messages of a batch in the order of their ids, so that the table grows at its end. */
function rowsOf(batch: Batch): Row[] {
  const rows: Row[] = [];
  for (const [recipient, { messages }] of batch.changes) {
    for (const { message } of messages) rows.push({ recipient, message });
  }
  return rows.sort((one, other) => one.message.id - other.message.id);
}
