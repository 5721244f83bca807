import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { idMax } from '../schema.ts';

/**
 * The number of commits that a database has had, in the database itself: whoever finds it without its log
 * sees whether the log was moved into it. docs/decisions/0018 says what that is for.
 *
 * It stands in a row of its own in SQLite's table of the ids that were given, which may be changed as any
 * other table: most commits write the page with it anyway, and versions that do not know it leave it alone.
 */
export class CommitCount {
  readonly #select: StatementSync;
  readonly #update: StatementSync;
  readonly #insert: StatementSync;
  #value: number;

  constructor(database: DatabaseSync) {
    // No table has this name.
    const name = "name = 'commits'";
    const isCount = `seq BETWEEN 1 AND ${idMax}`;
    this.#select = database.prepare(`SELECT seq FROM sqlite_sequence WHERE ${name} AND ${isCount}`);
    this.#update = database.prepare(`UPDATE sqlite_sequence SET seq = ? WHERE ${name}`);
    this.#insert = database.prepare("INSERT INTO sqlite_sequence VALUES ('commits', ?)");
    this.#value = this.read();
  }

  /** The number of commits, as far as this process knows. */
  get value(): number {
    return this.#value;
  }

  /** Returns what the database says, 0 when it has no such number. */
  read(): number {
    return Number(this.#select.get()?.seq ?? 0);
  }

  /** Counts the transaction under way; to be followed by its commit and {@link committed}. */
  count(): void {
    const next = this.#value + 1;
    if (this.#update.run(next).changes === 0) this.#insert.run(next);
  }

  /** The transaction that was counted has been committed. */
  committed(): void {
    this.#value++;
  }
}
