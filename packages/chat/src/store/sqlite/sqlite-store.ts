import type { DatabaseSync } from 'node:sqlite';
import { SentBytes } from '../sent-bytes.ts';
import type {
  Credentials,
  Removal,
  Store,
  StoredAccounts,
  StoredMessage,
  StoredState,
} from '../store.ts';
import type { StoreError } from '../store-error.ts';
import { loadAccounts } from './accounts.ts';
import type { Batch } from './commit/batch.ts';
import { BatchWriter } from './commit/batch-writer.ts';
import { GroupCommit } from './commit/group-commit.ts';
import { Leftovers } from './commit/leftovers.ts';
import { SentRows } from './commit/sent-rows.ts';
import { Space } from './commit/space.ts';
import { openDatabase, prepareStatements, type Statements, useCache } from './database.ts';
import { type DataDirectory, holdDataDirectory } from './directory/data-directory.ts';
import { DirectoryWatch } from './directory/directory-watch.ts';
import { CommitCount } from './log/commit-count.ts';
import { LogSync, type SyncFile } from './log/log-sync.ts';
import { Mailboxes } from './mailboxes.ts';
import { type PrepareOptions, prepareDatabase } from './maintenance/prepare.ts';
import { migrations } from './schema.ts';
import { asStoreError, storeError } from './sqlite-errors.ts';

/** The options of a sqlite store. */
export interface SqliteStoreOptions extends PrepareOptions {
  /** The data directory; made if it is not there. */
  readonly directory: string;
  /** The command that holds the directory, for a process that is refused. */
  readonly purpose?: string;
  /**
   * The bytes of the database that may be in use. Beyond them, accounts and messages are refused with
   * `full`; removals go on, and make room. By default only the device is the limit.
   */
  readonly dataBytesMax?: number;
  /** Called now and then with the number of accounts that {@link SqliteStore.load} has read. */
  readonly onProgress?: (accounts: number) => void;
  /** Writes succeed again, after one that failed. */
  readonly onRecovery?: () => void;
  /** The store can do nothing any more, for another reason than a lack of space. Told once. */
  readonly onFatal?: (error: StoreError) => void;
  /** The time that another program may hold up a write, in milliseconds; by default a second. */
  readonly busyTimeoutMs?: number;
  /**
   * Told of each transaction and each sync of the log that has succeeded, and of its time in
   * milliseconds; nobody else is served while a transaction is written.
   */
  readonly onTime?: (step: StoreStep, ms: number) => void;
  /** Makes the log durable; for tests of the time before and after that. */
  readonly syncLog?: SyncFile;
}

/** The steps in which a store makes writes durable: a transaction goes into the log, which is synced. */
export type StoreStep = 'write' | 'sync';

// Between two slices of rows that are counted in the background.
const countPauseMs = 5;

/**
 * The durable store: one SQLite database in a data directory of its own.
 *
 * Durable data survives a crash of the process or the machine: it is in SQLite's log, and the log was
 * synced since, see {@link LogSync}. Writes are collected and share transactions, see {@link Batch} and
 * {@link GroupCommit}; a read sees the tables and the collected writes. Without space, writes are
 * refused until there is some. Any other failure ends the store, as the data on the disk is in doubt
 * then: a new process reads it.
 */
export class SqliteStore implements Store {
  readonly #directory: DataDirectory;
  readonly #database: DatabaseSync;
  readonly #options: SqliteStoreOptions;
  readonly #commits: GroupCommit;
  readonly #leftovers: Leftovers;
  readonly #statements: Statements;
  readonly #writer: BatchWriter;
  readonly #log: LogSync;
  readonly #mailboxes: Mailboxes;
  readonly #space: Space;
  readonly #sent = new SentBytes();
  readonly #sentRows: SentRows;
  #counting: NodeJS.Timeout | undefined;
  readonly #watch: DirectoryWatch;
  #ended: StoreError | undefined;
  #closing: StoreError | undefined;
  #clearing: 'not' | 'planned' | 'due' = 'not';
  #closed: Promise<void> | undefined;

  private constructor(
    options: SqliteStoreOptions,
    directory: DataDirectory,
    database: DatabaseSync,
  ) {
    this.#options = options;
    this.#directory = directory;
    this.#database = database;
    this.#leftovers = new Leftovers(database);
    this.#statements = prepareStatements(database);
    const commits = new CommitCount(database);
    this.#sentRows = new SentRows(database, this.#sent);
    this.#writer = new BatchWriter(
      database,
      this.#statements,
      this.#leftovers,
      commits,
      this.#sentRows,
    );
    this.#space = new Space({
      bytesUsed: () => Number(this.#statements.bytesUsed.get()?.bytes),
      bytesMax: options.dataBytesMax,
      path: directory.databasePath,
      onRecovery: () => options.onRecovery?.(),
    });
    this.#mailboxes = new Mailboxes({
      statements: this.#statements,
      writer: this.#writer,
      leftovers: this.#leftovers,
      batch: () => this.#commits.batch,
    });
    // Last: it holds a file.
    this.#log = new LogSync(directory.databasePath, commits, options.syncLog);
    this.#watch = new DirectoryWatch(directory.databasePath, (error) => this.#end(error));
    this.#commits = new GroupCommit({
      sent: this.#sent,
      write: (batch) => this.#write(batch),
      sync: () => this.#sync(),
      explain: (error) => this.#explain(error),
      onFailure: (error) => this.#failed(error),
      onSyncFailure: (error) => this.#end(error),
    });
  }

  /**
   * Opens the store in a data directory, and holds that. What can be made good without losing anything
   * is. Rejects with a {@link StoreError}: `directory`, `in-use`, `unreadable`, `read-only`,
   * `not-a-database`, `not-a-file`, `foreign`, `altered`, `corrupt`, `newer`, `full`, `io`; with the
   * signal's reason.
   */
  static async open(options: SqliteStoreOptions): Promise<SqliteStore> {
    const { purpose = 'a server', ladder = migrations, busyTimeoutMs } = options;
    const directory = holdDataDirectory(options.directory, purpose);
    const { databasePath } = directory;
    let database: DatabaseSync | undefined;
    try {
      await prepareDatabase(directory, options);
      database = openDatabase(databasePath, { ladder, busyTimeoutMs });
      const store = new SqliteStore(options, directory, database);
      directory.noteData();
      return store;
    } catch (error) {
      if (database?.isOpen) database.close();
      directory.release(directory.inDoubt);
      options.signal?.throwIfAborted();
      throw asStoreError(error, databasePath);
    }
  }

  load(): Promise<StoredState> {
    return this.#read(() => {
      const { last } = this.#statements.lastId.get() as { last: number };
      this.#sentRows.begin(last);
      return { accounts: this.#accounts(), lastMessageId: last };
    });
  }

  addAccount(username: string, secret?: string): Promise<void> {
    return this.#add((batch) => batch.addAccount(username, secret));
  }

  // Not refused when there is no space: a login changes a row, and what is read then makes room.
  setCredentials(username: string, credentials: Credentials | undefined): Promise<void> {
    return this.#change((batch) => batch.setCredentials(username, credentials));
  }

  setBlocked(username: string, name: string, blocked: boolean): Promise<void> {
    const change = (batch: Batch) => batch.setBlocked(username, name, blocked);
    return blocked ? this.#add(change) : this.#change(change);
  }

  removeAccount(username: string): Promise<void> {
    return this.#change((batch) => batch.removeAccount(username));
  }

  addMessage(recipient: string, message: StoredMessage): Promise<void> {
    return this.#add((batch) => batch.addMessage(recipient, message));
  }

  removeMessages(recipient: string, throughId: number): Removal {
    const refusal = this.#refusal();
    if (refusal !== undefined) return { gone: 0, durable: Promise.reject(refusal) };
    this.#commits.taken(recipient, throughId);
    try {
      const hasRows = this.#writer.hasRows(recipient);
      const removal = this.#commits.batch.removeMessages(recipient, throughId, hasRows);
      this.#commits.added();
      return removal;
    } catch (error) {
      return { gone: 0, durable: Promise.reject(this.#end(error)) };
    }
  }

  flush(): void {
    this.#commits.flush();
  }

  commitDue(): void {
    this.#commits.commitDue();
  }

  readMessages(recipient: string, afterId: number, messagesMax: number): Promise<StoredMessage[]> {
    return this.#read(() => this.#mailboxes.read(recipient, afterId, messagesMax));
  }

  countMessages(recipient: string, afterId: number): number {
    return this.#ask(() => this.#mailboxes.count(recipient, afterId));
  }

  takenThroughId(username: string, token: string, taken: number): number {
    return this.#ask(() => this.#mailboxes.takenThroughId(username, token, taken));
  }

  bytesFrom(sender: string): number {
    return this.#sent.of(sender);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing = storeError('closed', this.#directory.databasePath);
    clearTimeout(this.#counting);
    await this.#commits.drain();
    if (this.#ended === undefined) this.#watch.look();
    const inDoubt = this.#ended !== undefined;
    this.#ended ??= this.#closing;
    this.#commits.end(this.#ended);
    this.#watch.close();
    // SQLite removes by name what is not this store's any more. The end of the process closes it.
    if (this.#ended.code === 'replaced') return;
    this.#database.close();
    // The mark of a clean stop comes last: beside the file of an owner it is an older one.
    if (!inDoubt) this.#directory.forgetOwner();
    this.#log.close(inDoubt);
    this.#directory.release(inDoubt);
  }

  /** Makes a change that takes room, if there is any. */
  #add(change: (batch: Batch) => Promise<void>): Promise<void> {
    if (this.#refusal() !== undefined) return Promise.reject(this.#refusal());
    try {
      const full = this.#space.refusal();
      if (full === undefined) return this.#change(change);
      // What was removed makes room, and need not wait for company.
      this.#commits.flush();
      return Promise.reject(full);
    } catch (error) {
      return Promise.reject(this.#end(error));
    }
  }

  #change(change: (batch: Batch) => Promise<void>): Promise<void> {
    if (this.#refusal() !== undefined) return Promise.reject(this.#refusal());
    const changed = change(this.#commits.batch);
    this.#commits.added();
    return changed;
  }

  /** The reason why no write is taken at this moment. */
  #refusal(): StoreError | undefined {
    return this.#ended ?? this.#closing ?? this.#commits.failure;
  }

  #write(batch: Batch): ReadonlyMap<string, number> {
    const beginMs = performance.now();
    const removed = this.#writer.write(batch, this.#clearing === 'due');
    this.#options.onTime?.('write', performance.now() - beginMs);
    this.#clearing = 'not';
    this.#written();
    return removed;
  }

  async #sync(): Promise<void> {
    const beginMs = performance.now();
    await this.#log.sync();
    this.#options.onTime?.('sync', performance.now() - beginMs);
  }

  /** Goes on after a write. A failure from here on ends the store, and undoes nothing. */
  #written(): void {
    try {
      this.#space.written();
      this.#clearLeftovers();
    } catch (error) {
      this.#end(error);
    }
  }

  /** Takes out what large removals have left, a slice in each turn, until nothing is left. */
  #clearLeftovers(): void {
    if (this.#clearing !== 'not' || !this.#leftovers.any) return;
    this.#clearing = 'planned';
    setImmediate(() => {
      this.#clearing = 'not';
      if (this.#refusal() !== undefined) return;
      this.#clearing = 'due';
      this.#commits.commit();
    });
  }

  *#accounts(): Generator<StoredAccounts, void> {
    try {
      // Each page is read once, here and when the messages of senders are counted.
      useCache(this.#database, 'small');
      yield* loadAccounts({
        statements: this.#statements,
        writer: this.#writer,
        path: this.#directory.databasePath,
        onProgress: this.#options.onProgress,
      });
      this.#clearLeftovers();
      this.#countSent();
    } catch (error) {
      throw this.#end(error);
    }
  }

  /** Counts what senders have in the tables, a slice at a time. */
  #countSent(): void {
    if (this.#ended !== undefined || this.#closing !== undefined) return;
    try {
      if (!this.#sentRows.countSlice()) {
        useCache(this.#database, 'full');
        return;
      }
    } catch (error) {
      this.#end(error);
      return;
    }
    this.#counting = setTimeout(() => this.#countSent(), countPauseMs).unref();
  }

  #read<Result>(read: () => Result): Promise<Result> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    try {
      return Promise.resolve(read());
    } catch (error) {
      return Promise.reject(this.#end(error));
    }
  }

  /** Asks at once. A failure ends the store, and is 0: nothing that rests on it is written any more. */
  #ask(ask: () => number): number {
    if (this.#ended !== undefined) return 0;
    try {
      return ask();
    } catch (error) {
      this.#end(error);
      return 0;
    }
  }

  #failed(error: StoreError): void {
    this.#space.failed();
    if (this.#ended !== undefined) return;
    if (error.code === 'full' || error.code === 'in-use') this.#reloadLeftovers();
    else this.#end(error);
  }

  // What was changed of them was rolled back.
  #reloadLeftovers(): void {
    try {
      this.#leftovers.reload();
    } catch (error) {
      this.#end(error);
    }
  }

  /** Ends the store: what is on the disk is in doubt. */
  #end(cause: unknown): StoreError {
    if (this.#ended !== undefined) return this.#ended;
    this.#ended = this.#explain(cause);
    this.#commits.end(this.#ended);
    this.#options.onFatal?.(this.#ended);
    return this.#ended;
  }

  #explain(error: unknown): StoreError {
    return asStoreError(error, this.#directory.databasePath);
  }
}
