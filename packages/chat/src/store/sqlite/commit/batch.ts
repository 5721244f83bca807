import { Fifo } from '@tandem/core';
import type { SentBytes } from '../../sent-bytes.ts';
import type { Credentials, Removal, StoredMessage } from '../../store.ts';
import type { StoreError } from '../../store-error.ts';

/** A message whose sender waits, unless its recipient has taken it already. */
interface PendingMessage {
  readonly message: StoredMessage;
  readonly stored: PromiseWithResolvers<void>;
  /** The time at which it began to wait to be taken; undefined when it is to be written at once. */
  readonly sinceMs: number | undefined;
  taken: boolean;
}

/** The changes of a batch to one name. */
export interface Change {
  /** The change of the account; undefined for none. */
  account: 'added' | 'removed' | undefined;
  /** The id up to which rows of the mailbox are removed: all when the account comes or goes, 0 for none. */
  removedThroughId: number;
  /** Settled with the number of rows removed, for the first caller; undefined when there is none. */
  removal: PromiseWithResolvers<number> | undefined;
  /** The messages that come into the mailbox, in order. */
  messages: PendingMessage[];
  /** The new credentials of the account; undefined for no change. */
  credentials: { readonly become: Credentials | undefined } | undefined;
  /** The user to block or unblock; undefined for no change. */
  blocks: Map<string, boolean> | undefined;
}

/** More than any id. */
const allIds = Number.MAX_SAFE_INTEGER;

// The time that a message waits to be taken before it is written, if its recipient took the last one at
// once. Within a building that is long enough for a client that has nothing else to do.
const takingWaitMs = 2;

// The number of messages that wait so for which all of them wait a millisecond more: the server has to push
// each, and those who take them may share its processor. So a busy server need not write what is about to
// be taken.
const takingsPerMs = 5;

// The most time that a message waits to be taken, however many wait: its sender waits, too.
const takingWaitMsMax = 25;

// The time that a removal waits for another write to share a transaction with, if nobody waits for it.
// After a crash meanwhile, the messages are delivered once more.
const companyWaitMs = 200;

/**
 * The changes of one transaction before they are written, summed up by name. A change that is undone
 * within the batch is taken out and never written.
 *
 * A removal takes messages out of the batch, which settles them. Messages in the tables have to be
 * removed there; the caller knows whether there are any.
 *
 * A batch knows when it has to be written: usually at once, but later when nobody waits for its changes,
 * or when its messages will probably be taken first.
 */
export class Batch {
  readonly #changes = new Map<string, Change>();
  readonly #durable = Promise.withResolvers<void>();
  /** The messages that were removed with their account: they settle with the batch, and need no row. */
  readonly #dropped: PendingMessage[] = [];
  /** The messages that will probably be taken, in the order in which they came; the first is not taken. */
  readonly #patient = new Fifo<PendingMessage>();
  /** The number of those that are not taken. */
  #waiting = 0;
  readonly #takers: Set<string>;
  readonly #sent: SentBytes;
  #writes = 0;
  #urgent = 0;
  #removalsDueMs = Number.POSITIVE_INFINITY;

  /**
   * @param takers the recipients whose last message was taken before it was durable; kept up to date
   * @param sent counts the messages that come, and those that go without having been written
   */
  constructor(takers: Set<string>, sent: SentBytes) {
    this.#takers = takers;
    this.#sent = sent;
  }

  /** The number of writes in it; 0 when there is nothing to do. */
  get writes(): number {
    return this.#writes;
  }

  /** The time at which it has to be written, by `performance.now`: 0 for now, infinity for never. */
  get dueMs(): number {
    if (this.#urgent > 0) return 0;
    const sinceMs = this.#patient.peek()?.sinceMs ?? Number.POSITIVE_INFINITY;
    const waitMs = Math.min(takingWaitMs + this.#waiting / takingsPerMs, takingWaitMsMax);
    return Math.min(sinceMs + waitMs, this.#removalsDueMs);
  }

  /** The changes, by name. */
  get changes(): ReadonlyMap<string, Change> {
    return this.#changes;
  }

  /** Adds an account with an empty mailbox. Resolves when the batch is durable. */
  addAccount(username: string, secret?: string): Promise<void> {
    const added = this.#changeAccount(username, 'added');
    if (secret !== undefined) {
      this.#changeOf(username).credentials = { become: { secret, tokens: undefined } };
    }
    return added;
  }

  /** Sets the credentials of an account. Resolves when the batch is durable. */
  setCredentials(username: string, become: Credentials | undefined): Promise<void> {
    this.#changeOf(username).credentials = { become };
    return this.#urgentWrite();
  }

  /** Blocks or unblocks. Resolves when the batch is durable. */
  setBlocked(username: string, name: string, blocked: boolean): Promise<void> {
    const change = this.#changeOf(username);
    change.blocks ??= new Map();
    change.blocks.set(name, blocked);
    return this.#urgentWrite();
  }

  /** Removes an account with its mailbox. Resolves when the batch is durable. */
  removeAccount(username: string): Promise<void> {
    return this.#changeAccount(username, 'removed');
  }

  /** Adds a message. Resolves when the batch is durable, or when the message is taken before that. */
  addMessage(recipient: string, message: StoredMessage): Promise<void> {
    const stored = Promise.withResolvers<void>();
    const sinceMs = this.#takers.has(recipient) ? performance.now() : undefined;
    const pending = { message, stored, sinceMs, taken: false };
    const change = this.#changeOf(recipient);
    if (change.messages.length === 0) change.messages = [pending];
    else change.messages.push(pending);
    this.#sent.add(message);
    this.#writes++;
    if (sinceMs === undefined) this.#urgent++;
    else {
      this.#patient.push(pending);
      this.#waiting++;
    }
    return stored.promise;
  }

  /** Removes messages. @param hasRows whether the tables have any of the recipient's messages */
  removeMessages(recipient: string, throughId: number, hasRows: boolean): Removal {
    const known = this.#changes.get(recipient);
    const gone = known === undefined ? 0 : this.#cancel(recipient, known, throughId);
    // The messages in the tables are removed with the account.
    if (!hasRows || known?.account !== undefined) return { gone, durable: undefined };
    const change = this.#changeOf(recipient);
    change.removedThroughId = Math.max(change.removedThroughId, throughId);
    if (change.removal !== undefined) {
      return { gone, durable: change.removal.promise.then(() => 0) };
    }
    this.#writes++;
    this.#removalsDueMs = Math.min(this.#removalsDueMs, performance.now() + companyWaitMs);
    change.removal = Promise.withResolvers();
    return { gone, durable: change.removal.promise };
  }

  /** Makes the removals due now, as somebody waits for them. */
  hurryRemovals(): void {
    if (this.#removalsDueMs !== Number.POSITIVE_INFINITY) this.#removalsDueMs = 0;
  }

  /** Returns the id up to which the recipient's messages in the tables count as removed; 0 for none. */
  removedThroughIdOf(recipient: string): number {
    return this.#changes.get(recipient)?.removedThroughId ?? 0;
  }

  /** Returns the recipient's messages in this batch with an id above `afterId`, in order. */
  messagesOf(recipient: string, afterId: number): StoredMessage[] {
    const pending = this.#changes.get(recipient)?.messages ?? [];
    return pending.map(({ message }) => message).filter(({ id }) => id > afterId);
  }

  /** Settles the messages up to `throughId`, as the recipient has taken them. */
  taken(recipient: string, throughId: number): void {
    const messages = this.#changes.get(recipient)?.messages ?? [];
    for (const pending of messages) {
      if (pending.message.id > throughId) return;
      if (!pending.taken) this.#take(recipient, pending);
    }
  }

  /** Settles all changes: the batch is durable. @param removed the number of rows removed, by name */
  resolve(removed: ReadonlyMap<string, number>): void {
    this.#durable.resolve();
    for (const { stored } of this.#dropped) stored.resolve();
    for (const [username, { messages, removal }] of this.#changes) {
      if (messages.some(({ taken }) => !taken)) this.#takers.delete(username);
      for (const { stored } of messages) stored.resolve();
      removal?.resolve(removed.get(username) ?? 0);
    }
  }

  /** Rejects all changes: nothing of the batch has happened. */
  reject(error: StoreError): void {
    rejectQuietly(this.#durable, error);
    for (const { stored } of this.#dropped) rejectQuietly(stored, error);
    for (const { messages, removal } of this.#changes.values()) {
      for (const { stored, message } of messages) {
        this.#sent.remove(message);
        rejectQuietly(stored, error);
      }
      if (removal !== undefined) rejectQuietly(removal, error);
    }
  }

  #take(recipient: string, pending: PendingMessage): void {
    pending.taken = true;
    pending.stored.resolve();
    this.#takers.add(recipient);
  }

  #changeOf(username: string): Change {
    const known = this.#changes.get(username);
    if (known !== undefined) return known;
    const change = {
      account: undefined,
      removedThroughId: 0,
      removal: undefined,
      messages: [],
      credentials: undefined,
      blocks: undefined,
    };
    this.#changes.set(username, change);
    return change;
  }

  #changeAccount(username: string, account: 'added' | 'removed'): Promise<void> {
    const change = this.#changeOf(username);
    change.account = account;
    change.removedThroughId = allIds;
    for (const pending of change.messages) {
      this.#dropped.push(pending);
      this.#sent.remove(pending.message);
    }
    change.messages = [];
    change.credentials = undefined;
    change.blocks = undefined;
    this.#takers.delete(username);
    return this.#urgentWrite();
  }

  #urgentWrite(): Promise<void> {
    this.#writes++;
    this.#urgent++;
    return this.#durable.promise;
  }

  /** Takes messages out that were never written; returns how many. */
  #cancel(recipient: string, change: Change, throughId: number): number {
    let gone = 0;
    for (const pending of change.messages) {
      if (pending.message.id > throughId) break;
      gone++;
      this.#take(recipient, pending);
      this.#sent.remove(pending.message);
      this.#writes--;
      if (pending.sinceMs === undefined) this.#urgent--;
      else this.#waiting--;
    }
    while (this.#patient.peek()?.taken === true) this.#patient.shift();
    const { account, removal, messages, credentials, blocks } = change;
    const changes = account ?? removal ?? credentials ?? blocks;
    if (changes === undefined && messages.length === gone) this.#changes.delete(recipient);
    else messages.splice(0, gone);
    return gone;
  }
}

// A promise that nobody waits for must not end the process.
function rejectQuietly<T>({ promise, reject }: PromiseWithResolvers<T>, error: StoreError): void {
  promise.catch(() => {});
  reject(error);
}
