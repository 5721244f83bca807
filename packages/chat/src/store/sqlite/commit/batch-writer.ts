import type { DatabaseSync } from 'node:sqlite';
import type { StoredMessage } from '../../store.ts';
import type { Statements } from '../database.ts';
import type { CommitCount } from '../log/commit-count.ts';
import type { Batch, Change } from './batch.ts';
import type { Leftovers } from './leftovers.ts';

/** A message on its way into the table. */
interface Row {
  readonly recipient: string;
  readonly message: StoredMessage;
}

/** Makes a batch a transaction, and knows what that leaves in the tables. */
export class BatchWriter {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #leftovers: Leftovers;
  readonly #commits: CommitCount;
  /** How many messages of each mailbox the tables have; none is no entry. */
  readonly #rows = new Map<string, number>();
  /** Whether that is known of every mailbox. */
  #counted = false;

  constructor(
    database: DatabaseSync,
    statements: Statements,
    leftovers: Leftovers,
    commits: CommitCount,
  ) {
    this.#database = database;
    this.#statements = statements;
    this.#leftovers = leftovers;
    this.#commits = commits;
  }

  /** Whether the tables may have messages of the recipient that are not removed. */
  hasRows(recipient: string): boolean {
    return !this.#counted || this.#rows.has(recipient);
  }

  /** Notes what the tables have, before anything is written. */
  count(recipient: string, messages: number): void {
    if (messages > 0) this.#rows.set(recipient, messages);
  }

  /** Every mailbox is counted; those of which nothing was said are empty. */
  allCounted(): void {
    this.#counted = true;
  }

  /**
   * Writes a batch. Returns how many rows were removed, by name. When it throws, nothing has happened.
   *
   * @param clears whether to take out a slice of what large removals have left, too
   */
  write(batch: Batch, clears: boolean): ReadonlyMap<string, number> {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const removed = this.#remove(batch);
      for (const row of rowsOf(batch)) this.#insert(row);
      if (clears) this.#leftovers.clear();
      // One that writes nothing has nothing to be counted, or made durable.
      const counts = clears || batch.changes.size > 0;
      if (counts) this.#commits.count();
      this.#database.exec('COMMIT');
      if (counts) this.#commits.committed();
      this.#recount(batch, removed);
      return removed;
    } catch (error) {
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

  #insert({ recipient, message: { id, sender, body } }: Row): void {
    this.#statements.addMessage.run(id, recipient, sender, body);
  }

  #recount(batch: Batch, removed: ReadonlyMap<string, number>): void {
    for (const [username, change] of batch.changes) {
      const before = this.#rows.get(username) ?? 0;
      const after = rowsAfter(change, before - (removed.get(username) ?? 0));
      if (after > 0) this.#rows.set(username, after);
      else this.#rows.delete(username);
    }
  }
}

function rowsAfter({ account, messages }: Change, kept: number): number {
  return (account === undefined ? kept : 0) + messages.length;
}

/** The messages of a batch in the order of their ids, in which the table grows at its end. */
function rowsOf(batch: Batch): Row[] {
  const rows: Row[] = [];
  for (const [recipient, { messages }] of batch.changes) {
    for (const { message } of messages) rows.push({ recipient, message });
  }
  return rows.sort((one, other) => one.message.id - other.message.id);
}
