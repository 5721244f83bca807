import type { SentBytes } from '../../sent-bytes.ts';
import type { StoreError } from '../../store-error.ts';
import { Batch } from './batch.ts';

/** The options of {@link GroupCommit}. */
export interface GroupCommitOptions {
  /** Counts the messages that are added, and those that go without having been written. */
  readonly sent: SentBytes;
  /** Writes a batch as one transaction, or throws and has done nothing. Returns rows removed, by name. */
  readonly write: (batch: Batch) => ReadonlyMap<string, number>;
  /** Makes durable what was written before the call. */
  readonly sync: () => Promise<void>;
  /** Returns the store error of a failure. */
  readonly explain: (error: unknown) => StoreError;
  /** Called when a batch could not be written: nothing of it has happened. */
  readonly onFailure: (error: StoreError) => void;
  /** Called when written data could not be made durable. */
  readonly onSyncFailure: (error: StoreError) => void;
}

/** A batch that is in the log and not yet durable. */
interface Written {
  readonly batch: Batch;
  readonly removed: ReadonlyMap<string, number>;
}

// The most writes in a transaction. If each is for another mailbox, they change as many pages, which
// one commit then writes while everybody waits.
const writesPerCommitMax = 512;

/**
 * Group commit. Writes that come while the disk is busy are collected in memory and share the next
 * transaction: all of them become durable, or none. When the disk is idle, a transaction begins when the
 * first write is due, which is usually at the end of its turn of the event loop, see
 * {@link Batch.dueMs}. docs/decisions/0011 says why writes may wait.
 *
 * When a transaction fails, all that was decided on top of it has to fail, too. So a batch fails as a
 * whole, and no other begins before all callers know, at the end of the turn.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  /** The recipients whose last message was taken before it was durable. */
  readonly #takers = new Set<string>();
  /** The batch that is collected. */
  #batch: Batch;
  /** The batches that the next sync makes durable. */
  #written: Written[] = [];
  /** The batches that the sync under way makes durable. */
  #syncing: readonly Written[] = [];
  /** Settled when the sync under way is over. */
  #synced: Promise<void> | undefined;
  /** True when a transaction is to come at once, whatever is collected. */
  #forced = false;
  #atEndOfTurn: NodeJS.Immediate | undefined;
  #later: { readonly timer: NodeJS.Timeout; readonly atMs: number } | undefined;
  #failure: StoreError | undefined;
  #ended = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#batch = new Batch(this.#takers, options.sent);
  }

  /** The reason why nothing can be written at this moment; undefined for none. */
  get failure(): StoreError | undefined {
    return this.#failure;
  }

  /** The batch that is not written yet; changes may be added while there is no {@link failure}. */
  get batch(): Batch {
    return this.#batch;
  }

  /** To be called when the batch was added to. */
  added(): void {
    if (this.#batch.writes >= writesPerCommitMax) this.#write();
    this.#plan();
  }

  /** Writes removals as soon as other writes, as somebody waits for them. */
  flush(): void {
    this.#batch.hurryRemovals();
    this.#plan();
  }

  /** Makes the transaction that is planned for the end of this turn now; does nothing without one. */
  commitDue(): void {
    if (this.#atEndOfTurn !== undefined) this.#commitWhenDue();
  }

  /** Makes a transaction soon, even without writes, to clear away leftovers. */
  commit(): void {
    this.#forced = true;
    this.#plan();
  }

  /** Notes that the recipient has taken the messages up to this id that are not durable yet. */
  taken(recipient: string, throughId: number): void {
    for (const { batch } of this.#syncing) batch.taken(recipient, throughId);
    for (const { batch } of this.#written) batch.taken(recipient, throughId);
  }

  /** Writes what was added, and resolves when everything is durable or has failed. */
  async drain(): Promise<void> {
    while (this.#batch.writes > 0 || this.#written.length > 0 || this.#synced !== undefined) {
      this.#forced = true;
      this.#commit();
      await this.#synced;
    }
  }

  /** Ends group commit: refuses writes, and rejects those that are not durable. */
  end(error: StoreError): void {
    this.#ended = true;
    this.#failure = error;
    this.#stopWaiting();
    const lost = [...this.#syncing, ...this.#written, { batch: this.#batch }];
    this.#syncing = [];
    this.#written = [];
    this.#startBatch();
    for (const { batch } of lost) batch.reject(error);
  }

  /** Plans the next transaction. */
  #plan(): void {
    // Its end plans anew.
    if (this.#synced !== undefined) return;
    // Timers have whole milliseconds: one that is planned is not planned again for a part of one.
    const dueMs = Math.ceil(this.#dueMs());
    if (dueMs === 0) this.#commitAtEndOfTurn();
    else if (dueMs < (this.#later?.atMs ?? Number.POSITIVE_INFINITY)) this.#commitLater(dueMs);
  }

  #commitAtEndOfTurn(): void {
    this.#atEndOfTurn ??= setImmediate(() => this.#commitWhenDue());
  }

  #commitLater(atMs: number): void {
    clearTimeout(this.#later?.timer);
    const waitMs = Math.max(1, Math.ceil(atMs - performance.now()));
    // Timers of a busy turn are late, and come before its reads, among which may be what is waited for.
    this.#later = { timer: setTimeout(() => this.#commitAtEndOfTurn(), waitMs), atMs };
  }

  /** Commits what is due, if it was not taken since. */
  #commitWhenDue(): void {
    this.#stopWaiting();
    if (this.#dueMs() <= performance.now()) this.#commit();
    else this.#plan();
  }

  #stopWaiting(): void {
    clearImmediate(this.#atEndOfTurn);
    clearTimeout(this.#later?.timer);
    this.#atEndOfTurn = undefined;
    this.#later = undefined;
  }

  #dueMs(): number {
    return this.#forced || this.#written.length > 0 ? 0 : this.#batch.dueMs;
  }

  #commit(): void {
    if (this.#synced !== undefined) return;
    this.#stopWaiting();
    this.#write();
    if (this.#written.length > 0) this.#synced = this.#sync();
  }

  #write(): void {
    const batch = this.#batch;
    if (batch.writes === 0 && !this.#forced) return;
    this.#startBatch();
    try {
      this.#written.push({ batch, removed: this.#options.write(batch) });
    } catch (error) {
      this.#fail(batch, this.#options.explain(error));
    }
  }

  #startBatch(): void {
    this.#batch = new Batch(this.#takers, this.#options.sent);
    this.#forced = false;
  }

  async #sync(): Promise<void> {
    this.#syncing = this.#written;
    this.#written = [];
    try {
      await this.#options.sync();
      for (const { batch, removed } of this.#syncing) batch.resolve(removed);
    } catch (error) {
      // The end takes what was being made durable with it.
      this.#options.onSyncFailure(this.#options.explain(error));
    }
    this.#syncing = [];
    this.#synced = undefined;
    this.#plan();
  }

  #fail(batch: Batch, failure: StoreError): void {
    this.#failure ??= failure;
    batch.reject(failure);
    setImmediate(() => {
      if (!this.#ended) this.#failure = undefined;
    });
    this.#options.onFailure(failure);
  }
}
