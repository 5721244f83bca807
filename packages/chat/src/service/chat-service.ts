import { setImmediate as turn } from 'node:timers/promises';
import { type DeleteOutcome, type RegisterOutcome, type SendOutcome, Status } from '@tandem/core';
import { type Account, newAccount, unreadOf } from '../accounts/account.ts';
import { AccountChanges } from '../accounts/account-changes.ts';
import { Directory } from '../accounts/directory.ts';
import { NameList } from '../accounts/name-list.ts';
import { type Asker, type Origin, originOfItsOwn } from '../scheduling/fair-queue.ts';
import { Scheduler } from '../scheduling/scheduler.ts';
import type { SearchResult } from '../search/search.ts';
import { SearchQueue } from '../search/search-queue.ts';
import type { Store } from '../store/store.ts';
import { type Administration, LocalAdministration } from './administration.ts';
import type { Begun, Operations, Resumed } from './backend.ts';
import { type Chat, ChatBase, type ChatOptions } from './chat.ts';
import { Identity } from './identity.ts';
import { type Receiver, Session } from './session.ts';

/** The options of a chat service. */
export interface ChatServiceOptions extends ChatOptions {
  /** The store of accounts and mailboxes. The service closes it. */
  readonly store: Store;
  /** Tells if a user may not begin a session, as the operator wants it; asked at each login. [P-4.2] */
  readonly isBanned?: (username: string) => boolean;
  /** Ends the opening, which then rejects with its reason. */
  readonly signal?: AbortSignal;
}

// The messages of a mailbox that SQLite counts in the time of a unit of the scheduler.
const messagesCountedPerUnit = 200;

/**
 * The chat service: accounts, sessions and mailboxes, knowing no transport.
 *
 * Every operation decides at once, in memory, in the order of the calls, and answers when the store
 * has made durable what the response says. So overlapping operations have one order, and they share
 * the store's commits.
 *
 * A transport asks for a `ClientAgent` for each client and speaks to that.
 */
export class ChatService extends ChatBase implements Chat, Operations {
  /** The scheduler of all clients, of whatever transport. */
  readonly scheduler: Scheduler = new Scheduler(() => this.#store.commitDue?.());
  readonly identity: Identity;
  readonly available = true;
  readonly administration: Administration;
  readonly #store: Store;
  readonly #onStoreError: (error: unknown) => void;
  readonly #isBanned: (username: string) => boolean;
  readonly #directory = new Directory((username, origin) => this.#countUnread(username, origin));
  readonly #searches: SearchQueue;
  readonly #changes: AccountChanges;
  readonly #sessions = new Set<Session>();
  #lastMessageId = 0;
  #closed: Promise<void> | undefined;

  private constructor(options: ChatServiceOptions) {
    super(options);
    this.#store = options.store;
    this.#onStoreError = options.onStoreError ?? (() => {});
    this.#changes = new AccountChanges(this.#directory, this.#store, this.#onStoreError);
    this.#searches = new SearchQueue(this.#directory, this.limits, this.scheduler);
    this.identity = new Identity(
      this.#directory,
      this.#store,
      this.secrets,
      this.resumeMs,
      this.#onStoreError,
    );
    this.#isBanned = options.isBanned ?? (() => false);
    const operator: Asker = { origin: originOfItsOwn(), isGone: () => false };
    this.administration = new LocalAdministration({
      directory: this.#directory,
      identity: this.identity,
      secrets: this.secrets,
      changes: this.#changes,
      sessions: this.#sessions,
      search: (query) => this.search(query, operator),
      create: (username, secret) => this.create(username, secret, operator.origin),
      operator,
    });
  }

  /**
   * Opens the service on what the store holds. Rejects when the store cannot be read, or with the
   * signal's reason; then the store is closed.
   */
  static async open(options: ChatServiceOptions): Promise<ChatService> {
    const service = new ChatService(options);
    try {
      await service.#load(options.signal);
      return service;
    } catch (error) {
      await service.close();
      throw error;
    }
  }

  async #load(signal: AbortSignal | undefined): Promise<void> {
    const { accounts, lastMessageId } = await this.#store.load();
    this.#lastMessageId = lastMessageId;
    for (const block of accounts) {
      this.#directory.load(block);
      await turn();
      signal?.throwIfAborted();
    }
  }

  /** Counts the messages in the mailbox of an account that is used for the first time. */
  #countUnread(username: string, origin: Origin | undefined): number {
    const count = this.#store.countMessages(username, 0);
    this.scheduler.charge(Math.floor(count / messagesCountedPerUnit), origin);
    return count;
  }

  /** The number of accounts. */
  get accountCount(): number {
    return this.#directory.size;
  }

  /** Ends every session and closes the store. The transports have stopped before. May be called twice. */
  close(): Promise<void> {
    for (const session of [...this.#sessions]) session.end();
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.secrets.close();
    await this.#store.close();
  }

  async create(
    username: string,
    secret: string | undefined,
    origin: Origin,
  ): Promise<RegisterOutcome> {
    const refusal = this.secrets.refusalOf(username, secret);
    if (refusal !== undefined) return { status: refusal };
    if (secret === undefined) return this.#add(newAccount(username, 0));
    // Carried out though the client may be gone. [P-6.8]
    const asker: Asker = { origin, isGone: () => false };
    // Not hashed for nothing.
    const phc = this.#hasRoomFor(username) ? await this.secrets.hash(secret, asker) : '';
    if (typeof phc === 'number') return { status: phc };
    return this.#add(newAccount(username, 0, { secret: phc, tokens: undefined }));
  }

  async #add(account: Account): Promise<RegisterOutcome> {
    if (this.#directory.has(account.username)) {
      await this.settled(account.username);
      return { status: Status.usernameTaken };
    }
    if (this.#directory.size >= this.limits.accountsMax) return { status: Status.tooBusy };
    await this.#changes.add(account);
    return { status: Status.registered };
  }

  #hasRoomFor(username: string): boolean {
    const { size } = this.#directory;
    return !this.#directory.has(username) && size < this.limits.accountsMax;
  }

  /**
   * Begins a session, or says why not. The session exists when this returns; the login may be
   * answered when {@link settled} resolves. [P-4.2]
   *
   * @param proof the hash of the secret that the user has shown; undefined for none
   */
  beginSession(username: string, receiver: Receiver, proof?: string, origin?: Origin): Begun {
    const account = this.#directory.get(username, origin);
    if (account === undefined) return Status.notRegistered;
    if (account.credentials !== undefined && proof === undefined) return Status.notLoggedIn;
    if (this.#isBanned(username)) return Status.notLoggedIn;
    if (account.session !== undefined) return Status.alreadyLoggedIn;
    return this.#begin(account, receiver, origin);
  }

  /** Begins a session with a token; where the user has one, that ends. [P-4.9] */
  resumeSession(
    username: string,
    token: string,
    count: number,
    receiver: Receiver,
    origin?: Origin,
  ): Resumed {
    if (this.#isBanned(username)) return Status.notResumable;
    const resumed = this.identity.resume(username, token, count);
    if (typeof resumed === 'number') return resumed;
    const { account, ...rest } = resumed;
    account.session?.giveWay();
    return { session: this.#begin(account, receiver, origin), ...rest };
  }

  #begin(account: Account, receiver: Receiver, origin = originOfItsOwn()): Session {
    const session: Session = new Session({
      account,
      store: this.#store,
      limits: this.limits,
      receiver,
      lastMessageId: this.#lastMessageId,
      onStoreError: this.#onStoreError,
      origin,
      counts: this.counts,
      scheduler: this.scheduler,
      onEnd: () => this.#sessions.delete(session),
    });
    account.session = session;
    this.#sessions.add(session);
    return session;
  }

  /** The number of searches that wait for their turn. */
  get searchesWaiting(): number {
    return this.#searches.waiting;
  }

  /** Resolves when whether this user exists is durable. Rejects if the store failed to make it so. */
  settled(username: string): Promise<void> | undefined {
    return this.#changes.settled(username);
  }

  /**
   * Usernames that match; undefined when too many searches wait. No promise when nothing has to be
   * waited for. [P-4.3]
   *
   * @param query valid
   * @param asker who wants to know; when it is gone, the search finds nothing
   */
  search(
    query: string,
    asker: Asker,
  ): SearchResult | undefined | Promise<SearchResult | undefined> {
    const failuresBefore = this.#changes.failures;
    const result = this.#searches.run(query, asker);
    const waits = result instanceof Promise || this.#changes.pending;
    return waits ? this.#settledSearch(result, failuresBefore) : result;
  }

  async #settledSearch(
    search: SearchResult | undefined | Promise<SearchResult | undefined>,
    failuresBefore: number,
  ): Promise<SearchResult | undefined> {
    const result = await search;
    if (this.#changes.pending) await this.#changes.allSettled();
    if (result === undefined || this.#changes.failures === failuresBefore) return result;
    // Some name that was found may have been taken back.
    const exists = result.usernames.toArray().filter((username) => this.#directory.has(username));
    return { ...result, usernames: NameList.of(exists) };
  }

  /**
   * Sends a message; sender and body are valid and the sender is who they say. No promise when nothing has
   * to be waited for. [P-4.4]
   *
   * @param sending the session of the sender, whose client pays for the first use of the recipient's account
   */
  post(
    sender: string,
    recipient: string,
    body: string,
    sending?: Session,
  ): SendOutcome | Promise<SendOutcome> {
    const account = this.#directory.get(recipient, sending?.origin);
    if (account === undefined) {
      const outcome = { status: Status.noSuchUser };
      return this.settled(recipient)?.then(() => outcome) ?? outcome;
    }
    if (account.blocked?.has(sender)) return { status: Status.noSuchUser };
    if (unreadOf(account) >= this.limits.mailboxMessagesMax) return { status: Status.mailboxFull };
    if (!this.usage.mayStore(this.#store.bytesFrom(sender), sender.length + body.length)) {
      return { status: Status.tooBusy };
    }
    const { session } = account;
    const place = session?.nextPlace();
    const message = { id: ++this.#lastMessageId, sender, body, place };
    account.stored++;
    const stored = this.#store.addMessage(recipient, message);
    session?.offer(message);
    const outcome = { status: session === undefined ? Status.stored : Status.delivered };
    // Asked now: they may be deleted before the message is stored. And a message that was taken is
    // stored before anything is durable, the account that sent it included.
    const [one, other] = [this.settled(sender), this.settled(recipient)];
    const posted = this.#posted(outcome, account, stored);
    if (one === undefined && other === undefined) return posted;
    return this.#postedBetween(posted, [one, other]);
  }

  #posted(
    outcome: SendOutcome,
    account: Account,
    stored: Promise<void> | undefined,
  ): SendOutcome | Promise<SendOutcome> {
    if (stored === undefined) {
      this.counts.stored++;
      return outcome;
    }
    // An async function would take twice the memory, for each message.
    return stored.then(
      () => {
        this.counts.stored++;
        return outcome;
      },
      (error: unknown) => {
        account.stored--;
        this.#onStoreError(error);
        return { status: Status.sendFailed };
      },
    );
  }

  /** Waits until the accounts of a message that is stored are durable. */
  async #postedBetween(
    posted: SendOutcome | Promise<SendOutcome>,
    exist: readonly (Promise<void> | undefined)[],
  ): Promise<SendOutcome> {
    const outcome = await posted;
    if (outcome.status === Status.sendFailed) return outcome;
    for (const one of exist) if (one !== undefined) await one;
    return outcome;
  }

  /** Deletes the user of a session that has not ended, with their mailbox, and ends it. [P-4.6] */
  async delete(session: Session): Promise<DeleteOutcome> {
    session.end();
    await this.#changes.remove(session.username);
    return { status: Status.deleted };
  }
}
