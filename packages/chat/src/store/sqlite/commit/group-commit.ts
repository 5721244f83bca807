import type { StoreError } from '../../store-error.ts';
import { Batch } from './batch.ts';

/** How {@link GroupCommit} writes, and is told what it cannot know by itself. */
export interface GroupCommitOptions {
  /** Writes a batch as one transaction, or throws and has done nothing. Returns rows removed, by name. */
  readonly write: (batch: Batch) => ReadonlyMap<string, number>;
  /** Makes durable what was written before the call. */
  readonly sync: () => Promise<void>;
  /** What went wrong, in our words. */
  readonly explain: (error: unknown) => StoreError;
  /** A batch could not be written: nothing of it has happened. */
  readonly onFailure: (error: StoreError) => void;
  /** What was written could not be made durable. */
  readonly onSyncFailure: (error: StoreError) => void;
}

/** A batch that is in the log and not yet durable. */
interface Written {
  readonly batch: Batch;
  readonly removed: ReadonlyMap<string, number>;
}

// How many writes share a transaction at most: so many touch as many pages, if each is for a mailbox
// of its own, which one commit then writes while everybody waits.
const writesPerCommitMax = 512;

/**
 * Group commit: writes that come while the disk is at work on others are collected in memory, and
 * share the next transaction; they are durable together or not at all. When the disk has nothing to
 * do, it is made when the first of them is due: as a rule at the end of the turn of the event loop in
 * which that comes, see {@link Batch.dueMs}. docs/decisions/0011 says why each may wait.
 *
 * When a transaction fails, everything that was decided on top of it must fail too: so a batch fails
 * as a whole, and until everybody has been told, at the end of the turn, no other begins.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  /** Whose last message was taken before it was durable. */
  readonly #takers = new Set<string>();
  /** What is collected. */
  #batch = new Batch(this.#takers);
  /** What the next sync makes durable. */
  #written: Written[] = [];
  /** What the sync under way makes durable. */
  #syncing: readonly Written[] = [];
  /** Settled when the sync under way is over. */
  #synced: Promise<void> | undefined;
  /** Whether there is to be a transaction at once, whatever is collected. */
  #forced = false;
  #atEndOfTurn: NodeJS.Immediate | undefined;
  #later: { readonly timer: NodeJS.Timeout; readonly atMs: number } | undefined;
  #failure: StoreError | undefined;
  #ended = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Why nothing can be written at this moment; undefined when it can. */
  get failure(): StoreError | undefined {
    return this.#failure;
  }

  /** What is not written yet, and may be added to while there is no {@link failure}. */
  get batch(): Batch {
    return this.#batch;
  }

  /** To be called when the batch was added to. */
  added(): void {
    if (this.#batch.writes >= writesPerCommitMax) this.#write();
    this.#plan();
  }

  /** Somebody waits for removals. */
  flush(): void {
    this.#batch.hurryRemovals();
    this.#plan();
  }

  /** Makes a transaction soon, though there may be nothing to write: there is something to clear away. */
  commit(): void {
    this.#forced = true;
    this.#plan();
  }

  /** The recipient has taken what is written and not yet durable up to this id. */
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

  /** Nothing can be written from now on, and what is not durable has failed. */
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

  /** Sees to it that there is a transaction when there has to be one. */
  #plan(): void {
    // Its end plans anew.
    if (this.#synced !== undefined) return;
    const dueMs = this.#dueMs;
    if (dueMs === 0) this.#atEndOfTurn ??= setImmediate(() => this.#commitWhenDue());
    else if (dueMs < (this.#later?.atMs ?? Number.POSITIVE_INFINITY)) this.#commitLater(dueMs);
  }

  #commitLater(atMs: number): void {
    clearTimeout(this.#later?.timer);
    const waitMs = Math.max(1, Math.ceil(atMs - performance.now()));
    this.#later = { timer: setTimeout(() => this.#commitWhenDue(), waitMs), atMs };
  }

  /** What was due may have been taken since. */
  #commitWhenDue(): void {
    this.#stopWaiting();
    if (this.#dueMs <= performance.now()) this.#commit();
    else this.#plan();
  }

  #stopWaiting(): void {
    clearImmediate(this.#atEndOfTurn);
    clearTimeout(this.#later?.timer);
    this.#atEndOfTurn = undefined;
    this.#later = undefined;
  }

  get #dueMs(): number {
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
    this.#batch = new Batch(this.#takers);
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
