import type { Removal, StoredMessage } from '../../store.ts';
import type { StoreError } from '../../store-error.ts';

/** A message for which its sender waits, unless its recipient has taken it already. */
interface PendingMessage {
  readonly message: StoredMessage;
  readonly stored: PromiseWithResolvers<void>;
  /** When it is to be written, if it is not taken before; 0 for at once. */
  readonly dueMs: number;
  taken: boolean;
}

/** What a batch does to one name. */
export interface Change {
  /** What becomes of the account; undefined for nothing. */
  account: 'added' | 'removed' | undefined;
  /** The rows of the mailbox go up to this id: all when the account comes or goes, 0 for none. */
  removedThroughId: number;
  /** Settled with how many rows went so, for the first who asked for it; undefined when nobody did. */
  removal: PromiseWithResolvers<number> | undefined;
  /** What comes into the mailbox, in order. */
  messages: PendingMessage[];
}

/** More than any id. */
const allIds = Number.MAX_SAFE_INTEGER;

// How long a message to somebody who took the last one at once waits for the same to happen: on one
// machine or in one building it does, with hundreds of clients at work too. Nobody else is waited for.
const takingWaitMs = 2;

// How long a removal that nobody waits for goes without a transaction, for another write to come along.
// A crash meanwhile brings what was removed once more.
const companyWaitMs = 200;

/**
 * The changes of one transaction, before they are written: what they come to, by name. What is undone
 * within a batch is not in it any more, and never meets the disk.
 *
 * A removal takes messages out that are here, which settles them. What may be in the tables too has to
 * be removed there; whoever asks knows whether anything is.
 *
 * It knows when it has to be written: at once as a rule, but later when nobody waits for what is in it,
 * or when it will probably be taken first.
 */
export class Batch {
  readonly #changes = new Map<string, Change>();
  readonly #durable = Promise.withResolvers<void>();
  /** Messages that went with their account: they stand or fall with the batch, and need no row. */
  readonly #dropped: PendingMessage[] = [];
  /** Messages that will probably be taken, in the order in which they came. */
  readonly #patient = new Set<PendingMessage>();
  readonly #takers: Set<string>;
  #writes = 0;
  #urgent = 0;
  #removalsDueMs = Number.POSITIVE_INFINITY;

  /** @param takers whose last message was taken before it was durable; the batch keeps that up to date */
  constructor(takers: Set<string>) {
    this.#takers = takers;
  }

  /** How many writes it stands for; 0 when there is nothing to do. */
  get writes(): number {
    return this.#writes;
  }

  /** When it has to be written, on the clock of `performance.now`: 0 for now, infinity for never. */
  get dueMs(): number {
    if (this.#urgent > 0) return 0;
    const [first] = this.#patient;
    return Math.min(first?.dueMs ?? Number.POSITIVE_INFINITY, this.#removalsDueMs);
  }

  /** By name. */
  get changes(): ReadonlyMap<string, Change> {
    return this.#changes;
  }

  /** Adds an account with an empty mailbox. Resolves when the batch is durable. */
  addAccount(username: string): Promise<void> {
    return this.#changeAccount(username, 'added');
  }

  /** Removes an account with its mailbox. Resolves when the batch is durable. */
  removeAccount(username: string): Promise<void> {
    return this.#changeAccount(username, 'removed');
  }

  /** Adds a message. Resolves when the batch is durable, or when the message is taken before that. */
  addMessage(recipient: string, message: StoredMessage): Promise<void> {
    const stored = Promise.withResolvers<void>();
    const dueMs = this.#takers.has(recipient) ? performance.now() + takingWaitMs : 0;
    const pending = { message, stored, dueMs, taken: false };
    this.#changeOf(recipient).messages.push(pending);
    this.#writes++;
    if (dueMs === 0) this.#urgent++;
    else this.#patient.add(pending);
    return stored.promise;
  }

  /** Removes messages. @param hasRows whether the tables have any of the recipient's messages */
  removeMessages(recipient: string, throughId: number, hasRows: boolean): Removal {
    const known = this.#changes.get(recipient);
    const gone = known === undefined ? 0 : this.#cancel(recipient, known, throughId);
    // What the tables have goes with the account.
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

  /** Somebody waits for the removals. */
  hurryRemovals(): void {
    if (this.#removalsDueMs !== Number.POSITIVE_INFINITY) this.#removalsDueMs = 0;
  }

  /** Up to this id the recipient's messages in the tables count as removed; 0 for none. */
  removedThroughIdOf(recipient: string): number {
    return this.#changes.get(recipient)?.removedThroughId ?? 0;
  }

  /** The recipient's messages in this batch with an id above `afterId`, in order. */
  messagesOf(recipient: string, afterId: number): StoredMessage[] {
    const pending = this.#changes.get(recipient)?.messages ?? [];
    return pending.map(({ message }) => message).filter(({ id }) => id > afterId);
  }

  /** The recipient has taken the messages up to `throughId`: nobody need wait for them any longer. */
  taken(recipient: string, throughId: number): void {
    const messages = this.#changes.get(recipient)?.messages ?? [];
    for (const pending of messages) {
      if (pending.message.id > throughId) return;
      if (!pending.taken) this.#take(recipient, pending);
    }
  }

  /** It is durable. @param removed how many rows its removals took out, by name */
  resolve(removed: ReadonlyMap<string, number>): void {
    this.#durable.resolve();
    for (const { stored } of this.#dropped) stored.resolve();
    for (const [username, { messages, removal }] of this.#changes) {
      if (messages.some(({ taken }) => !taken)) this.#takers.delete(username);
      for (const { stored } of messages) stored.resolve();
      removal?.resolve(removed.get(username) ?? 0);
    }
  }

  /** Nothing of it has happened. */
  reject(error: StoreError): void {
    rejectQuietly(this.#durable, error);
    for (const { stored } of this.#dropped) rejectQuietly(stored, error);
    for (const { messages, removal } of this.#changes.values()) {
      for (const { stored } of messages) rejectQuietly(stored, error);
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
    const change = { account: undefined, removedThroughId: 0, removal: undefined, messages: [] };
    this.#changes.set(username, change);
    return change;
  }

  #changeAccount(username: string, account: 'added' | 'removed'): Promise<void> {
    const change = this.#changeOf(username);
    change.account = account;
    change.removedThroughId = allIds;
    this.#dropped.push(...change.messages);
    change.messages = [];
    this.#writes++;
    this.#urgent++;
    this.#takers.delete(username);
    return this.#durable.promise;
  }

  /** Takes messages out that were never written; returns how many. */
  #cancel(recipient: string, change: Change, throughId: number): number {
    const behind = change.messages.findIndex(({ message }) => message.id > throughId);
    const gone = change.messages.splice(0, behind === -1 ? change.messages.length : behind);
    for (const pending of gone) {
      this.#take(recipient, pending);
      this.#writes--;
      if (pending.dueMs === 0) this.#urgent--;
      else this.#patient.delete(pending);
    }
    const { account, removal, messages } = change;
    if (account === undefined && removal === undefined && messages.length === 0) {
      this.#changes.delete(recipient);
    }
    return gone.length;
  }
}

// Whoever waits is told by the promise; one that nobody waits for is no reason to crash.
function rejectQuietly<T>({ promise, reject }: PromiseWithResolvers<T>, error: StoreError): void {
  promise.catch(() => {});
  reject(error);
}
