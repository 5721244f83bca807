import type { DatabaseSync } from 'node:sqlite';
import type { StoreError } from '../store-error.ts';

/** How {@link GroupCommit} is told what it cannot know by itself. */
export interface GroupCommitOptions {
  readonly database: DatabaseSync;
  /** What SQLite said, in our words. */
  readonly explain: (error: unknown) => StoreError;
  /** A batch begins: its transaction is open, and holds nothing yet. */
  readonly onBegin: () => void;
  /** A batch has become durable. */
  readonly onCommit: () => void;
  /** A batch was rolled back: nothing of it has happened. */
  readonly onFailure: (error: StoreError) => void;
}

// How many writes share a transaction at most: so many touch as many pages, if each is for a mailbox
// of its own, which one commit then writes while everybody waits.
const writesPerCommitMax = 512;

/** The writes of one transaction, and when they are durable. */
interface Batch {
  readonly durable: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: StoreError) => void;
  writes: number;
}

/**
 * Group commit: writes that arrive in the same turn of the event loop share one transaction, and are
 * durable together or not at all.
 *
 * A write takes effect within the call, so a read behind it sees it. When something fails, everything
 * that was decided on top of it must fail too: so a batch fails as a whole, and until everybody has
 * been told, at the end of the turn, no other begins.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #batch: Batch | undefined;
  #failure: StoreError | undefined;
  #ended = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Makes a change. Resolves when it is durable; all changes of a batch share that promise. */
  write(change: () => void): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    try {
      this.#batch ??= this.#begin();
      change();
    } catch (error) {
      return Promise.reject(this.#fail(error));
    }
    const { durable } = this.#batch;
    if (++this.#batch.writes === writesPerCommitMax) this.commit();
    return durable;
  }

  /** Makes a change. Resolves with what `change` returned when it is durable. */
  writeFor<Result>(change: () => Result): Promise<Result> {
    let result: Result;
    const durable = this.write(() => {
      result = change();
    });
    return durable.then(() => result);
  }

  /** Makes durable what was written. */
  commit(): void {
    const batch = this.#batch;
    if (batch === undefined) return;
    try {
      this.#options.database.exec('COMMIT');
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#batch = undefined;
    this.#options.onCommit();
    batch.resolve();
  }

  /** Nothing can be written from now on, and what was written and is not durable has failed. */
  end(error: StoreError): void {
    this.#ended = true;
    this.#fail(error);
  }

  #begin(): Batch {
    this.#options.database.exec('BEGIN IMMEDIATE');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Whoever wrote is told by the promise; a batch in which nobody waits is no reason to crash.
    promise.catch(() => {});
    setImmediate(() => this.commit());
    const batch = { durable: promise, resolve, reject, writes: 0 };
    this.#batch = batch;
    this.#options.onBegin();
    return batch;
  }

  #fail(cause: unknown): StoreError {
    const failure = this.#options.explain(cause);
    const batch = this.#batch;
    this.#batch = undefined;
    this.#failure = failure;
    const { database } = this.#options;
    // SQLite has done it by itself after some failures.
    if (database.isTransaction) database.exec('ROLLBACK');
    batch?.reject(failure);
    setImmediate(() => {
      if (!this.#ended) this.#failure = undefined;
    });
    this.#options.onFailure(failure);
    return failure;
  }
}
