import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { rowBytes, type SentRow } from './sent-rows.ts';

// The most rows that a removal takes out within its call. The usual removal is a session's window of
// messages, which takes less than a millisecond.
const rowsAtOnceMax = 256;

/**
 * The removals of messages. A removal of few messages deletes their rows at once. A removal of many, up
 * to tens of thousands, stores the id up to which the mailbox is removed, which is as durable and takes
 * no time. The rows that are left over are deleted later, a slice in each turn.
 *
 * All methods are called within a transaction.
 */
export class Leftovers {
  readonly #select: StatementSync;
  readonly #put: StatementSync;
  readonly #forget: StatementSync;
  readonly #nth: StatementSync;
  readonly #measure: StatementSync;
  readonly #delete: StatementSync;
  /** The id up to which each of these mailboxes is removed. */
  #throughIds = new Map<string, number>();
  /** The rows that were deleted since {@link takeDeleted}. */
  #deleted: SentRow[] = [];

  constructor(database: DatabaseSync) {
    this.#select = database.prepare('SELECT recipient, through_id FROM leftovers');
    this.#put = database.prepare(
      'INSERT INTO leftovers VALUES (?1, ?2) ON CONFLICT DO UPDATE SET through_id = ?2',
    );
    this.#forget = database.prepare('DELETE FROM leftovers WHERE recipient = ?');
    const range = 'FROM messages WHERE recipient = ? AND id > ? AND id <= ?';
    this.#nth = database.prepare(`SELECT id ${range} ORDER BY id LIMIT 1 OFFSET ${rowsAtOnceMax}`);
    this.#measure = database.prepare(`SELECT count(*) AS count, max(id) AS last ${range}`);
    this.#delete = database.prepare(`DELETE ${range} RETURNING id, sender, ${rowBytes} AS bytes`);
    this.reload();
  }

  /** True while there are rows to be taken out. */
  get any(): boolean {
    return this.#throughIds.size > 0;
  }

  /** Reads the leftovers again, after a transaction was rolled back. */
  reload(): void {
    const rows = this.#select.all() as { recipient: string; through_id: number }[];
    this.#throughIds = new Map(rows.map(({ recipient, through_id }) => [recipient, through_id]));
  }

  /** Returns the id up to which the messages of the recipient are removed, whatever the table has; 0 for none. */
  throughIdOf(recipient: string): number {
    return this.#throughIds.get(recipient) ?? 0;
  }

  /** Removes the recipient's messages up to and including `throughId`; returns how many. */
  remove(recipient: string, throughId: number): number {
    const afterId = this.throughIdOf(recipient);
    if (this.#nth.get(recipient, afterId, throughId) === undefined) {
      return this.#deleteRows(recipient, afterId, throughId);
    }
    const { count, last } = this.#measure.get(recipient, afterId, throughId) as {
      count: number;
      last: number;
    };
    this.#throughIds.set(recipient, last);
    this.#put.run(recipient, last);
    return count;
  }

  /** Deletes one slice of the rows that are left. */
  clear(): void {
    const [next] = this.#throughIds;
    if (next === undefined) return;
    const [recipient, throughId] = next;
    const nth = this.#nth.get(recipient, 0, throughId) as { id: number } | undefined;
    this.#deleteRows(recipient, 0, nth?.id ?? throughId);
    if (nth !== undefined) return;
    this.#forget.run(recipient);
    this.#throughIds.delete(recipient);
  }

  /** Returns the rows that were deleted since the last call; those of a transaction that failed are none. */
  takeDeleted(): readonly SentRow[] {
    const deleted = this.#deleted;
    this.#deleted = [];
    return deleted;
  }

  #deleteRows(recipient: string, afterId: number, throughId: number): number {
    const rows = this.#delete.all(recipient, afterId, throughId) as unknown as SentRow[];
    this.#deleted.push(...rows);
    return rows.length;
  }
}
