import {
  type DeleteOutcome,
  isValidUsername,
  type RegisterOutcome,
  type SendOutcome,
  Status,
} from '@tandem/core';
import type { Account } from './account.ts';
import { Directory } from './directory.ts';
import { type ChatLimits, defaultChatLimits } from './limits.ts';
import { Peer } from './peer.ts';
import type { SearchResult } from './search.ts';
import { SearchQueue } from './search-queue.ts';
import { type Receiver, Session } from './session.ts';
import type { Store } from './store.ts';

/** What a chat service is made of. */
export interface ChatServiceOptions {
  /** Where accounts and mailboxes live. The service closes it. */
  readonly store: Store;
  /** Limits that differ from {@link defaultChatLimits}. */
  readonly limits?: Partial<ChatLimits>;
  /** Told of every failure of the store; those who were waiting get 127 or 27. */
  readonly onStoreError?: (error: unknown) => void;
}

/**
 * The chat service: accounts, sessions and mailboxes, knowing no transport.
 *
 * Every operation decides at once, in memory, in the order of the calls, and answers when the store
 * has made durable what the answer says. So overlapping operations have one order, and they share
 * the store's commits.
 *
 * A transport asks for a {@link Peer} for each client and speaks to that.
 */
export class ChatService {
  readonly #store: Store;
  readonly #limits: ChatLimits;
  readonly #onStoreError: (error: unknown) => void;
  readonly #directory = new Directory();
  readonly #searches: SearchQueue;
  /** Registers and deletes that are not durable yet, by username: nobody is told of them before. */
  readonly #settling = new Map<string, Promise<void>>();
  #lastMessageId = 0;

  private constructor(options: ChatServiceOptions) {
    this.#store = options.store;
    this.#limits = { ...defaultChatLimits, ...options.limits };
    this.#onStoreError = options.onStoreError ?? (() => {});
    this.#searches = new SearchQueue(this.#directory, this.#limits);
  }

  /** Opens the service on what the store holds. Rejects when the store cannot be read. */
  static async open(options: ChatServiceOptions): Promise<ChatService> {
    const service = new ChatService(options);
    const { accounts, lastMessageId } = await options.store.load();
    service.#lastMessageId = lastMessageId;
    for (const { username, unread } of accounts) {
      service.#directory.add({ username, unread, session: undefined });
    }
    return service;
  }

  /** How many accounts there are. */
  get accountCount(): number {
    return this.#directory.size;
  }

  /** A client that has come, and may log in. Its messages go to `receiver`. */
  connect(receiver: Receiver): Peer {
    return new Peer(this, receiver);
  }

  /** Ends every session and closes the store. The transports have stopped before. */
  async close(): Promise<void> {
    for (const account of this.#directory.all()) account.session?.end();
    await this.#store.close();
  }

  /** Makes an account. [P-4.1] */
  async register(username: string): Promise<RegisterOutcome> {
    if (!isValidUsername(username)) return { status: Status.invalidContent };
    if (this.#directory.get(username) !== undefined) {
      await this.settled(username);
      return { status: Status.usernameTaken };
    }
    if (this.#directory.size >= this.#limits.accountsMax) return { status: Status.tooBusy };
    const account: Account = { username, unread: 0, session: undefined };
    this.#directory.add(account);
    await this.#settle(username, this.#store.addAccount(username), () => {
      account.session?.end();
      this.#directory.remove(username);
    });
    return { status: Status.registered };
  }

  /**
   * Begins a session, or says why not. The session exists when this returns; the login may be
   * answered when {@link settled} resolves. [P-4.2]
   */
  beginSession(
    username: string,
    receiver: Receiver,
  ): Session | typeof Status.notRegistered | typeof Status.alreadyLoggedIn {
    const account = this.#directory.get(username);
    if (account === undefined) return Status.notRegistered;
    if (account.session !== undefined) return Status.alreadyLoggedIn;
    account.session = new Session(account, this.#store, this.#limits, receiver);
    return account.session;
  }

  /** Resolves when whether this user exists is durable. Rejects if the store failed to make it so. */
  settled(username: string): Promise<void> | undefined {
    return this.#settling.get(username);
  }

  /** Usernames that match; undefined when too many searches wait. @param query valid [P-4.3] */
  async search(query: string): Promise<SearchResult | undefined> {
    const result = await this.#searches.run(query);
    if (this.#settling.size > 0) await Promise.allSettled(this.#settling.values());
    return result;
  }

  /** Sends a message; sender and body are valid and the sender is who they say. [P-4.4] */
  async post(sender: string, recipient: string, body: string): Promise<SendOutcome> {
    const account = this.#directory.get(recipient);
    if (account === undefined) {
      await this.settled(recipient);
      return { status: Status.noSuchUser };
    }
    if (account.unread >= this.#limits.mailboxMessagesMax) return { status: Status.mailboxFull };
    const message = { id: ++this.#lastMessageId, sender, body };
    account.unread++;
    const stored = this.#store.addMessage(recipient, message);
    const session = account.session;
    const pushed = session?.offer(message) ?? false;
    try {
      await stored;
    } catch (error) {
      this.#onStoreError(error);
      // What was pushed stays counted until it is acknowledged.
      if (!pushed) {
        account.unread--;
        session?.withdraw();
      }
      return { status: Status.sendFailed };
    }
    return { status: session === undefined ? Status.stored : Status.delivered };
  }

  /** Deletes the session's user with their mailbox, and ends the session. [P-4.6] */
  async delete(session: Session): Promise<DeleteOutcome> {
    const { username } = session;
    const account = this.#directory.get(username);
    session.end();
    if (account === undefined) return { status: Status.notLoggedIn };
    this.#directory.remove(username);
    await this.#settle(username, this.#store.removeAccount(username), () => {
      if (this.#directory.get(username) === undefined) this.#directory.add(account);
    });
    return { status: Status.deleted };
  }

  /**
   * Forgets what the session's client has taken. Undefined when it claims more than it was given;
   * otherwise resolves when that is durable. [P-5.2]
   */
  acknowledge(session: Session, count: number): Promise<void> | undefined {
    const taken = session.acknowledge(count);
    if (taken === undefined) return undefined;
    const account = this.#directory.get(session.username);
    if (taken.messages === 0 || account === undefined) return Promise.resolve();
    account.unread -= taken.messages;
    return this.#store.removeMessages(session.username, taken.throughId).catch((error: unknown) => {
      this.#onStoreError(error);
      account.unread += taken.messages;
      throw error;
    });
  }

  /** Remembers a register or delete until it is durable, and undoes it if the store fails. */
  async #settle(username: string, written: Promise<void>, undo: () => void): Promise<void> {
    this.#settling.set(username, written);
    try {
      await written;
    } catch (error) {
      this.#onStoreError(error);
      undo();
      throw error;
    } finally {
      if (this.#settling.get(username) === written) this.#settling.delete(username);
    }
  }
}
