import type { DatabaseSync } from 'node:sqlite';
import type { Store, StoredAccount, StoredMessage, StoredState } from '../store.ts';
import type { StoreError } from '../store-error.ts';
import { type DataDirectory, holdDataDirectory } from './data-directory.ts';
import { openDatabase, prepareStatements } from './database.ts';
import { asStoreError, storeError } from './failures.ts';
import { GroupCommit } from './group-commit.ts';
import { Leftovers } from './leftovers.ts';
import { migrations } from './schema.ts';

/** What a sqlite store is made of. */
export interface SqliteStoreOptions {
  /** The data directory; made if it is not there. */
  readonly directory: string;
  /** Who holds the directory, for another who wants it: a command. */
  readonly purpose?: string;
  /**
   * How many bytes of the database may be in use. Beyond them, accounts and messages are refused with
   * `full`; removals go on, and make room. By default only the device is the limit.
   */
  readonly dataBytesMax?: number;
  /** Told now and then how many accounts {@link SqliteStore.load} has read so far. */
  readonly onProgress?: (accounts: number) => void;
  /** Writes succeed again, after one that failed. */
  readonly onRecovery?: () => void;
  /** The store can do nothing any more, for another reason than a lack of space. Told once. */
  readonly onFatal?: (error: StoreError) => void;
  /**
   * Up to how many bytes the database is checked at each start, by default 256 MiB. A larger one is
   * checked when it was left by a crash or a failure; otherwise a start would read all of it.
   */
  readonly checkedBytesMax?: number;
  /** The steps of the schema; for tests of an upgrade. */
  readonly ladder?: readonly string[];
}

const accountsPerProgress = 10_000;

/**
 * The durable store: one SQLite database in a data directory of its own.
 *
 * WAL and `synchronous=FULL`: what was committed is there after a crash of the process or the machine.
 * Writes share transactions, see {@link GroupCommit}. A lack of space refuses writes until there is
 * some; any other failure of a write or a read ends the store, as what is on the disk is in doubt:
 * a new process reads what is there.
 */
export class SqliteStore implements Store {
  readonly #directory: DataDirectory;
  readonly #database: DatabaseSync;
  readonly #options: SqliteStoreOptions;
  readonly #commits: GroupCommit;
  readonly #leftovers: Leftovers;
  readonly #statements: ReturnType<typeof prepareStatements>;
  #refusing = false;
  #ended: StoreError | undefined;
  #full = false;
  #clearing = false;

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
    this.#commits = new GroupCommit({
      database,
      explain: (error) => this.#explain(error),
      onBegin: () => this.#measure(),
      onCommit: () => this.#committed(),
      onFailure: (error) => this.#failed(error),
    });
  }

  /**
   * Opens the store in a data directory, and holds that. Throws a {@link StoreError}: `directory`,
   * `in-use`, `unreadable`, `read-only`, `not-a-database`, `foreign`, `corrupt`, `newer`, `full`, `io`.
   */
  static open(options: SqliteStoreOptions): SqliteStore {
    const { purpose = 'a server', ladder = migrations, checkedBytesMax } = options;
    const directory = holdDataDirectory(options.directory, purpose);
    let database: DatabaseSync | undefined;
    try {
      const { databasePath, inDoubt } = directory;
      database = openDatabase(databasePath, { ladder, inDoubt, checkedBytesMax });
      return new SqliteStore(options, directory, database);
    } catch (error) {
      if (database?.isOpen) database.close();
      directory.release(directory.inDoubt);
      throw asStoreError(error, directory.databasePath);
    }
  }

  /** SQLite's `synchronous`: 2 is FULL. */
  get durability(): number {
    return Number(this.#database.prepare('PRAGMA synchronous').get()?.synchronous);
  }

  load(): Promise<StoredState> {
    return this.#read(() => {
      const { last } = this.#statements.lastId.get() as { last: number };
      this.#clearLeftovers();
      return { accounts: this.#accounts(), lastMessageId: last };
    });
  }

  addAccount(username: string): Promise<void> {
    return this.#add(() => {
      this.#statements.addAccount.run(username);
      this.#remove(username, Number.MAX_SAFE_INTEGER);
    });
  }

  removeAccount(username: string): Promise<void> {
    return this.#commits.write(() => {
      this.#statements.removeAccount.run(username);
      this.#remove(username, Number.MAX_SAFE_INTEGER);
    });
  }

  addMessage(recipient: string, { id, sender, body }: StoredMessage): Promise<void> {
    return this.#add(() => {
      this.#statements.addMessage.run(id, recipient, sender, body);
    });
  }

  removeMessages(recipient: string, throughId: number): Promise<number> {
    return this.#commits.writeFor(() => this.#remove(recipient, throughId));
  }

  readMessages(recipient: string, afterId: number, messagesMax: number): Promise<StoredMessage[]> {
    return this.#read(() => {
      const from = Math.max(afterId, this.#leftovers.throughIdOf(recipient));
      const rows = this.#statements.readMessages.all(recipient, from, messagesMax);
      return rows as unknown as StoredMessage[];
    });
  }

  close(): Promise<void> {
    if (!this.#database.isOpen) return Promise.resolve();
    this.#commits.commit();
    const inDoubt = this.#ended !== undefined;
    this.#ended ??= storeError('closed', this.#directory.databasePath);
    this.#commits.end(this.#ended);
    this.#database.close();
    this.#directory.release(inDoubt);
    return Promise.resolve();
  }

  /** Makes a change that takes room, if there is any. */
  #add(change: () => void): Promise<void> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    try {
      if (this.#isFull()) return this.#refuse();
    } catch (error) {
      return Promise.reject(this.#end(error));
    }
    return this.#commits.write(change);
  }

  #remove(recipient: string, throughId: number): number {
    const removed = this.#leftovers.remove(recipient, throughId);
    this.#clearLeftovers();
    return removed;
  }

  /** Takes out what large removals have left, a slice in each turn, until nothing is left. */
  #clearLeftovers(): void {
    if (this.#clearing || !this.#leftovers.any) return;
    this.#clearing = true;
    setImmediate(() => {
      this.#clearing = false;
      if (this.#ended !== undefined) return;
      const cleared = this.#commits.write(() => this.#leftovers.clear());
      // What could not be taken out is still written down: the next removal, or start, sees to it.
      cleared.then(
        () => this.#clearLeftovers(),
        () => {},
      );
    });
  }

  *#accounts(): Generator<StoredAccount, void> {
    let count = 0;
    try {
      for (const row of this.#statements.accounts.iterate()) {
        yield row as unknown as StoredAccount;
        if (++count % accountsPerProgress === 0) this.#options.onProgress?.(count);
      }
    } catch (error) {
      throw this.#end(error);
    }
  }

  #read<Result>(read: () => Result): Promise<Result> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    try {
      return Promise.resolve(read());
    } catch (error) {
      return Promise.reject(this.#end(error));
    }
  }

  /** Whether the limit on bytes is reached; looked at once a batch, and at each try once it is. */
  #isFull(): boolean {
    if (this.#full) this.#measure();
    return this.#full;
  }

  #measure(): void {
    const { bytes } = this.#statements.bytesUsed.get() as { bytes: number };
    this.#full = bytes >= (this.#options.dataBytesMax ?? Number.POSITIVE_INFINITY);
  }

  #refuse(): Promise<never> {
    this.#refusing = true;
    const limit = new Error(`the limit of ${this.#options.dataBytesMax} bytes is reached`);
    return Promise.reject(storeError('full', this.#directory.databasePath, limit));
  }

  #committed(): void {
    if (!this.#refusing || this.#full) return;
    this.#refusing = false;
    this.#options.onRecovery?.();
  }

  #failed(error: StoreError): void {
    this.#refusing = true;
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
