import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SentBytes } from '../../sent-bytes.ts';

/** A row of the table of messages, as far as it counts for its sender. */
export interface SentRow {
  readonly id: number;
  readonly sender: string;
  readonly bytes: number;
}

/** The bytes of a row, as {@link SentBytes} counts them. */
export const rowBytes = 'octet_length(sender) + octet_length(body)';

// About a millisecond, and 300 KB that may have to come from the disk.
const rowsPerSlice = 1_024;

/**
 * Counts the rows that a database has when it is opened, a slice at a time, since a large database takes
 * many seconds to read. A row that is taken out meanwhile was counted, or never is.
 */
export class SentRows {
  readonly #sent: SentBytes;
  readonly #select: StatementSync;
  /** The id up to which rows are counted. */
  #throughId = 0;
  /** The highest id when the database was opened: later rows are counted when they come. */
  #lastId = 0;

  constructor(database: DatabaseSync, sent: SentBytes) {
    this.#sent = sent;
    this.#select = database.prepare(`
      SELECT id, sender, ${rowBytes} AS bytes FROM messages
      WHERE id > ? AND id <= ? ORDER BY id LIMIT ${rowsPerSlice}`);
  }

  /** Begins to count the rows up to this id. */
  begin(lastId: number): void {
    this.#lastId = lastId;
  }

  /** Counts the next slice, between two transactions. Returns true when there may be more. */
  countSlice(): boolean {
    const rows = this.#select.all(this.#throughId, this.#lastId) as unknown as SentRow[];
    for (const { sender, bytes } of rows) this.#sent.change(sender, bytes);
    const hasMore = rows.length === rowsPerSlice;
    this.#throughId = hasMore ? (rows.at(-1) as SentRow).id : this.#lastId;
    return hasMore;
  }

  /** Counts rows that a transaction has taken out. */
  removed(rows: readonly SentRow[]): void {
    for (const { id, sender, bytes } of rows) {
      if (id <= this.#throughId || id > this.#lastId) this.#sent.change(sender, -bytes);
    }
  }
}
