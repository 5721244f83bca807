import type { Reached, StoredMessage } from '../store.ts';
import type { Batch } from './commit/batch.ts';
import type { BatchWriter } from './commit/batch-writer.ts';
import type { Leftovers } from './commit/leftovers.ts';
import type { Statements } from './database.ts';

/** The places that have a part of a mailbox. */
export interface MailboxParts {
  readonly statements: Statements;
  readonly writer: BatchWriter;
  readonly leftovers: Leftovers;
  /** Returns the writes that are collected. */
  readonly batch: () => Batch;
}

/** Reads mailboxes: the rows in the tables that are not removed, and the messages that are collected behind them. */
export class Mailboxes {
  readonly #parts: MailboxParts;

  constructor(parts: MailboxParts) {
    this.#parts = parts;
  }

  /** Returns the oldest messages after an id, at most `messagesMax`. */
  read(recipient: string, afterId: number, messagesMax: number): StoredMessage[] {
    const rows = this.#rowsOf(recipient, afterId, messagesMax);
    if (rows.length === messagesMax) return rows;
    const collected = this.#parts.batch().messagesOf(recipient, afterId);
    return [...rows, ...collected.slice(0, messagesMax - rows.length)];
  }

  /** Returns the number of messages after an id. */
  count(recipient: string, afterId: number): number {
    const { statements, writer, batch } = this.#parts;
    const collected = batch().messagesOf(recipient, afterId).length;
    if (!writer.hasRows(recipient)) return collected;
    const from = this.#unreadFrom(recipient, afterId);
    return collected + Number(statements.countMessages.get(recipient, from)?.count);
  }

  /** Returns the id of the message that was taken last, by the count of a session; see `Store.takenThroughId`. */
  takenThroughId(username: string, token: string, taken: number): number {
    const { reached, reachedId, laterId } = this.#parts.statements;
    const row: unknown = reached.get(username, token);
    if (row === undefined || taken <= 0) return 0;
    const { session, count, throughId } = row as Reached;
    const collected = this.#parts
      .batch()
      .messagesOf(username, throughId)
      .findLast(({ place }) => place?.session === session && place.count <= taken);
    const later = collected?.id ?? laterId.get(username, throughId, session, taken)?.id;
    // Those that were there when the token was given have their places from the last one backwards.
    const offset = Math.max(0, count - taken);
    return Number(later ?? reachedId.get(username, throughId, offset)?.id ?? 0);
  }

  /** Returns the messages of a mailbox in the tables, without those that are removed already. */
  #rowsOf(recipient: string, afterId: number, messagesMax: number): StoredMessage[] {
    const { statements, writer } = this.#parts;
    if (!writer.hasRows(recipient)) return [];
    const from = this.#unreadFrom(recipient, afterId);
    const rows = statements.readMessages.all(recipient, from, messagesMax);
    return rows as unknown as StoredMessage[];
  }

  /** Returns the id above which the messages in the tables are not removed, and above `afterId`. */
  #unreadFrom(recipient: string, afterId: number): number {
    const { leftovers, batch } = this.#parts;
    const removedThroughId = batch().removedThroughIdOf(recipient);
    return Math.max(afterId, removedThroughId, leftovers.throughIdOf(recipient));
  }
}
