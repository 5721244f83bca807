import {
  type Credentials,
  MemoryStore,
  type Removal,
  type Store,
  type StoredMessage,
  type StoredState,
} from '../../src/index.ts';

type Write =
  | {
      readonly kind: 'addAccount' | 'removeAccount' | 'setBlocked';
      readonly username: string;
    }
  | {
      readonly kind: 'setCredentials';
      readonly username: string;
      readonly credentials: Credentials | undefined;
    }
  | { readonly kind: 'addMessage'; readonly username: string; readonly message: StoredMessage }
  | { readonly kind: 'removeMessages'; readonly username: string; readonly throughId: number };

interface HeldWrite {
  readonly write: Write;
  readonly resolve: (count: number) => void;
  readonly reject: (error: Error) => void;
}

interface HeldRead {
  readonly fill: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * A store whose writes and reads are held back while the test says so, and then succeed or fail as
 * it says. It keeps the contract: a read sees the writes that are held, and one that failed has had
 * no effect.
 */
export class FaultyStore implements Store {
  /** True when writes wait for {@link commit} or {@link fail}. */
  holdsWrites = false;
  /** True when reads wait for {@link answerReads} or {@link failReads}. */
  holdsReads = false;
  /** True when a held read has the messages of the time of its call, and not of its end. */
  readsEarly = true;
  /** True when a removal takes out messages whose write is held, as a store may. */
  takes = false;
  reads = 0;
  /** The number of calls of `flush`. */
  flushes = 0;
  closed = 0;
  /** Every write that has not failed, in order: the store is what comes of playing them. */
  #log: Write[] = [];
  #view = new MemoryStore();
  #held: HeldWrite[] = [];
  #heldReads: HeldRead[] = [];

  /** The kinds of the writes that are held, in order. */
  get held(): readonly Write['kind'][] {
    return this.#held.map(({ write }) => write.kind);
  }

  get readsHeld(): number {
    return this.#heldReads.length;
  }

  /** Makes the first `count` of the writes that are held durable; all of them if it is not said. */
  commit(count = this.#held.length): void {
    for (const { write, resolve } of this.#held.splice(0, count)) resolve(this.#removedBy(write));
  }

  /** Makes `count` of the writes that are held fail, from the one at `from` on. */
  fail(count = this.#held.length, from = 0): void {
    const failing = this.#held.splice(from, count);
    this.#log = this.#log.filter((write) => !failing.some((held) => held.write === write));
    this.#view = play(this.#log);
    for (const { reject } of failing) reject(new Error('the disk is full'));
  }

  answerReads(count = this.#heldReads.length): void {
    for (const { fill } of this.#heldReads.splice(0, count)) fill();
  }

  failReads(count = this.#heldReads.length): void {
    for (const { reject } of this.#heldReads.splice(0, count)) reject(new Error('cannot read'));
  }

  /** Holds nothing back from now on, and makes durable what was held. */
  release(): void {
    this.holdsWrites = false;
    this.holdsReads = false;
    this.commit();
    this.answerReads();
  }

  load(): Promise<StoredState> {
    return Promise.resolve({ accounts: [], lastMessageId: 0 });
  }

  /** The names of the accounts that there are, sorted. */
  accounts(): string[] {
    const names = new Set<string>();
    for (const { kind, username } of this.#log) {
      if (kind === 'addAccount') names.add(username);
      if (kind === 'removeAccount') names.delete(username);
    }
    return [...names].sort();
  }

  /** Returns a mailbox, as `sender|body`; never held back. */
  async mailbox(username: string): Promise<string[]> {
    const messages = await this.#view.readMessages(username, 0, 1_000_000);
    return messages.map(({ sender, body }) => `${sender}|${body}`);
  }

  async addAccount(username: string): Promise<void> {
    await this.#write({ kind: 'addAccount', username });
  }

  async removeAccount(username: string): Promise<void> {
    await this.#write({ kind: 'removeAccount', username });
  }

  async setCredentials(username: string, credentials: Credentials | undefined): Promise<void> {
    await this.#write({ kind: 'setCredentials', username, credentials });
  }

  async setBlocked(username: string): Promise<void> {
    await this.#write({ kind: 'setBlocked', username });
  }

  async addMessage(username: string, message: StoredMessage): Promise<void> {
    await this.#write({ kind: 'addMessage', username, message });
  }

  removeMessages(username: string, throughId: number): Removal {
    const gone = this.takes ? this.#take(username, throughId) : 0;
    const write: Write = { kind: 'removeMessages', username, throughId };
    if (this.takes && this.#removedBy(write) === 0) return { gone, durable: undefined };
    return { gone, durable: this.#write(write) };
  }

  countMessages(username: string, afterId: number): number {
    return this.#view.countMessages(username, afterId);
  }

  takenThroughId(username: string, token: string, taken: number): number {
    return this.#view.takenThroughId(username, token, taken);
  }

  bytesFrom(sender: string): number {
    return this.#view.bytesFrom(sender);
  }

  flush(): void {
    this.flushes++;
  }

  readMessages(username: string, afterId: number, messagesMax: number): Promise<StoredMessage[]> {
    this.reads++;
    const read = () => this.#view.readMessages(username, afterId, messagesMax);
    if (!this.holdsReads) return read();
    const early = this.readsEarly ? read() : undefined;
    return new Promise((resolve, reject) => {
      this.#heldReads.push({ fill: () => resolve(early ?? read()), reject });
    });
  }

  async close(): Promise<void> {
    this.closed++;
    this.release();
  }

  #write(write: Write): Promise<number> {
    this.#log.push(write);
    if (!this.holdsWrites) {
      const removed = this.#removedBy(write);
      void apply(this.#view, write);
      return Promise.resolve(removed);
    }
    void apply(this.#view, write);
    return new Promise((resolve, reject) => this.#held.push({ write, resolve, reject }));
  }

  /** Takes out messages of the mailbox that are held, and lets their writes succeed; returns how many. */
  #take(username: string, throughId: number): number {
    const account = this.#held.findLastIndex(
      ({ write }) => write.username === username && write.kind.endsWith('Account'),
    );
    const taken = this.#held.filter(
      ({ write }, at) =>
        at > account &&
        write.username === username &&
        write.kind === 'addMessage' &&
        write.message.id <= throughId,
    );
    this.#held = this.#held.filter((held) => !taken.includes(held));
    this.#log = this.#log.filter((write) => !taken.some((held) => held.write === write));
    this.#view = play(this.#log);
    for (const { resolve } of taken) resolve(0);
    return taken.length;
  }

  /** Returns the number of messages that this write has removed, or would, after all writes before it. */
  #removedBy(write: Write): number {
    if (write.kind !== 'removeMessages') return 0;
    let ids: number[] = [];
    const at = this.#log.indexOf(write);
    for (const before of at === -1 ? this.#log : this.#log.slice(0, at)) {
      if (before.username !== write.username) continue;
      if (before.kind === 'addMessage') ids.push(before.message.id);
      else if (before.kind === 'removeMessages') ids = ids.filter((id) => id > before.throughId);
      else if (before.kind.endsWith('Account')) ids = [];
    }
    return ids.filter((id) => id <= write.throughId).length;
  }
}

function play(log: readonly Write[]): MemoryStore {
  const store = new MemoryStore();
  for (const write of log) void apply(store, write);
  return store;
}

function apply(store: MemoryStore, write: Write): unknown {
  switch (write.kind) {
    case 'addAccount':
      return store.addAccount(write.username);
    case 'removeAccount':
      return store.removeAccount(write.username);
    case 'setCredentials':
      return store.setCredentials(write.username, write.credentials);
    // The service's memory has what it changes.
    case 'setBlocked':
      return undefined;
    case 'addMessage':
      return store.addMessage(write.username, write.message);
    case 'removeMessages':
      return store.removeMessages(write.username, write.throughId);
  }
}
