import {
  type MemoryAccount,
  type Message,
  Operation,
  type SearchOutcome,
  Status,
  unreadPageMemoryBytes,
  usernamesMemoryBytes,
} from '@tandem/core';
import { turnCost } from '../scheduling/scheduler.ts';
import type { Peer } from '../service/peer.ts';
import type { Session } from '../service/session.ts';
import { type Page, unreadPages, usernamePages } from './pages.ts';
import type { Request } from './request.ts';
import { Answers } from './response-queue.ts';

/** Carries a conversation over a transport: has the requests, and takes the responses. */
export interface Wire<Response> {
  /** Returns the next request that was read and not yet taken; undefined when there is none. */
  next(): Request | undefined;
  /** Tells if so much waits to leave that the client is not to be asked for more. */
  readonly blocked: boolean;
  /** Reads on, or does not. Called only when that changes. */
  read(wanted: boolean): void;
  write(response: Response): void;
  /** Returns the response that is a status alone; undefined where the wire says it otherwise. */
  status(status: Status): Response | undefined;
  /** Returns the response to a send; undefined where the wire answers it by the push alone. */
  sendStatus(status: Status, toOneself: boolean): Response | undefined;
  /** Starts to count messages anew, on a wire that counts them: a session begins. */
  sessionBegan?(): void;
  /** Writes a page of the messages that were unread at a login, `unread` of them in all. [P-6.4] */
  loginPage(page: Page<Message>, unread: number): void;
  /** Writes a page of the usernames that a search found. [P-6.4] */
  searchPage(page: Page<string>, outcome: FoundOutcome): void;
  /** Resolves when the client has room for another page. Rejects with ClientGone when the wire is over. */
  drained(): Promise<void>;
  /**
   * Ends the wire: everything is written.
   *
   * @param reason what was wrong, and which clause says so, when the client broke the protocol
   */
  finish(end: ConversationEnd, reason?: string): void;
  /** Ends the connection: a fault of the server cut a long response short. */
  answerCutShort(error: unknown): void;
}

/** What a wire's connection may hold in memory. */
type Account = Pick<MemoryAccount, 'take' | 'charge' | 'give'>;

/** The client is gone before a long answer was written: nothing has failed. */
export class ClientGone extends Error {
  constructor() {
    super('the client is gone');
  }
}

/** The outcome of a search that found at least one username. */
export type FoundOutcome = Extract<SearchOutcome, { readonly usernames: readonly string[] }>;

// A list up to so long is made as fast as any other response. A longer one waits for room first.
const shortListMax = 64;

/** Why a conversation is over: the client said goodbye, or broke the protocol, or the server stops. */
export type ConversationEnd = 'goodbye' | 'broken' | 'stopping';

/**
 * - `open`: requests are read and answered
 * - `stopping`: nothing more is read; what was read is answered, then `over`
 * - `broken`: nothing more is taken; the answers owed are written, then `over`
 * - `over`: everything is said, or there is nobody to say it to
 */
type State = 'open' | 'stopping' | 'broken' | 'over';

/** A request whose answer is a status, and nothing at length. */
type ShortRequest = Extract<
  Request,
  {
    operation:
      | typeof Operation.register
      | typeof Operation.send
      | typeof Operation.logout
      | typeof Operation.delete;
  }
>;

// A turn of the event loop serves one client at most so many requests, then others come in. Few, as
// there may be hundreds of clients that ask as fast as they can: together they make the turn long.
const requestsPerTurnMax = 32;
const requestsPerCrowdedTurnMax = 8;

// Answers that wait for the store. A client that asks faster is not read from.
const answersOwedMax = 1_024;

/**
 * One client's requests, in order, and their answers, in the same order, over whatever wire has an
 * order: a socket, or a stream of frames. [P-6.6]
 *
 * Reading stops whenever the client does not read its answers, is owed too many of them, or has a
 * long answer (a login's mailbox, a search's names) under way; so what a client can make the server
 * hold is bounded whatever it sends.
 */
export class Conversation<Response> {
  /** The client that the conversation is with. */
  readonly peer: Peer;
  readonly #wire: Wire<Response>;
  readonly #account: Account | undefined;
  readonly #answers: Answers<Response>;
  #state: State = 'open';
  #brokenBy: string | undefined;
  #reading = true;
  #inputEnded = false;
  /** Whether a long answer is under way. */
  #busy = false;
  #requestsLeft = requestsPerTurnMax;
  #turnAwaited = false;

  /** @param account what pays for long responses while they are made, if anything does */
  constructor(peer: Peer, wire: Wire<Response>, account?: Account) {
    this.peer = peer;
    this.#wire = wire;
    this.#account = account;
    this.#answers = new Answers<Response>(this);
  }

  /** Tells if a long answer is under way. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Something was read. */
  received(): void {
    this.#requestsLeft = requestsPerTurnMax;
    this.work();
  }

  /** The client says no more. What it asked before is still answered. [P-6.8] */
  endInput(): void {
    this.#inputEnded = true;
    this.work();
  }

  /** The server shuts down: what was read is answered, and nothing else. [P-6.9] */
  stop(): void {
    if (this.#state === 'open') this.#state = 'stopping';
    this.work();
  }

  /** Ends the conversation, and the session with it: nobody waits for answers. May be called twice. */
  end(): void {
    this.#state = 'over';
    this.peer.leave();
  }

  answered(response: Response): void {
    this.#wire.write(response);
  }

  owesLess(): void {
    if (!this.#reading) this.work();
  }

  /**
   * Takes requests while it may, then settles whether to read on, to wait, or to say goodbye. To be
   * called when the wire has become blocked, or is no longer.
   */
  work(): void {
    let outOfRequests = false;
    while (this.#mayTake()) {
      const request = this.#wire.next();
      outOfRequests = request === undefined;
      if (request === undefined) break;
      this.#requestsLeft--;
      this.peer.turns.charge(costOf(request));
      this.#take(request);
    }
    if (this.#requestsLeft === 0 || !this.peer.turns.hasTime) this.#workInTurn();
    this.#read(this.#mayTake() && this.#state === 'open' && !this.#inputEnded);
    if (this.#answers.length > 0 || this.#busy) return;
    const allTaken = outOfRequests && (this.#inputEnded || this.#state === 'stopping');
    if (allTaken || this.#state === 'broken') this.#finish();
  }

  #mayTake(): boolean {
    return (
      (this.#state === 'open' || this.#state === 'stopping') &&
      !this.#busy &&
      this.#requestsLeft > 0 &&
      !this.#turnAwaited &&
      this.peer.turns.hasTime &&
      this.#answers.length < answersOwedMax &&
      !this.#wire.blocked
    );
  }

  /** Goes on when its turn comes; with few requests when others wait for theirs, too. */
  #workInTurn(): void {
    if (this.#turnAwaited || this.#state === 'over') return;
    this.#turnAwaited = true;
    const { turns, origin } = this.peer;
    const again = this.#requestsLeft === 0;
    const work = () => {
      this.#turnAwaited = false;
      this.#requestsLeft = turns.crowded ? requestsPerCrowdedTurnMax : requestsPerTurnMax;
      this.work();
    };
    turns.wait(origin, work, again);
  }

  #take(request: Request): void {
    switch (request.operation) {
      case Operation.acknowledge:
        this.#acknowledge(request.count);
        break;
      case Operation.login:
        this.#answerAtLength(this.#login(request.username));
        break;
      case Operation.search:
        this.#search(request.query);
        break;
      case 'unknown':
        this.#answerBadOperation(this.peer.refuseOperation());
        break;
      case 'broken':
        this.#break(request.reason, this.peer.refuseOperation());
        break;
      default:
        this.#answers.add(this.#answer(request));
    }
  }

  async #answer(request: ShortRequest): Promise<Response | undefined> {
    const peer = this.peer;
    switch (request.operation) {
      case Operation.register:
        return this.#wire.status((await peer.register(request.username)).status);
      case Operation.logout:
        return this.#wire.status((await peer.logout(request.username)).status);
      case Operation.delete:
        return this.#wire.status((await peer.delete(request.username)).status);
      case Operation.send: {
        const { sender, recipient, body } = request;
        const { status } = await peer.send(sender, recipient, body);
        return this.#wire.sendStatus(status, sender === recipient);
      }
    }
  }

  /** An acknowledgement has no answer, unless it is false. [P-5.2] */
  #acknowledge(count: number | undefined): void {
    if (this.peer.username === undefined) return;
    if (count !== undefined && this.peer.acknowledge(count)) return;
    this.peer.end();
    const reason =
      count === undefined
        ? 'an acknowledgement that is no count [P-5.2]'
        : `an acknowledgement of ${count} messages, more than were sent to this session [P-5.2]`;
    // The peer has refused it already.
    this.#break(reason, Status.badOperation);
  }

  async #login(username: string): Promise<void> {
    const login = this.peer.login(username);
    await this.#answers.whenEmpty();
    const result = await login;
    const session = 'session' in result ? result.session : undefined;
    if (session !== undefined) this.#wire.sessionBegan?.();
    if (session === undefined || session.unread === 0) this.#writeStatus(result.status);
    else await this.#writeUnread(session);
    session?.goLive();
  }

  /** Writes pages one at a time, each made when there is room for it, unless there is only a short one. */
  async #writeUnread(session: Session): Promise<void> {
    const isLong = session.unread > shortListMax;
    if (isLong) await this.#roomForPage();
    if (isLong) this.#account?.charge(unreadPageMemoryBytes);
    try {
      for await (const page of unreadPages(session)) {
        this.#wire.loginPage(page, session.unread);
        if (!page.last) await this.#roomForPage();
      }
    } finally {
      if (isLong) this.#account?.give(unreadPageMemoryBytes);
    }
  }

  /** Most searches have their answer at once; one that waits, or is long, lets nothing overtake it. */
  #search(query: string): void {
    const outcome = this.peer.search(query);
    const waits = outcome instanceof Promise || this.#answers.length > 0;
    if (waits || isLong(outcome)) this.#answerAtLength(this.#searchAtLength(outcome));
    else this.#writeShort(outcome);
  }

  async #searchAtLength(search: SearchOutcome | Promise<SearchOutcome>): Promise<void> {
    await this.#answers.whenEmpty();
    const outcome = await search;
    if (isLong(outcome)) await this.#writeFound(outcome);
    else this.#writeShort(outcome);
  }

  #writeShort(outcome: SearchOutcome): void {
    if (!('usernames' in outcome)) this.#writeStatus(outcome.status);
    else this.#wire.searchPage({ items: outcome.usernames, first: true, last: true }, outcome);
  }

  async #writeFound(outcome: FoundOutcome): Promise<void> {
    const bytes = usernamesMemoryBytes(outcome.usernames.length);
    if (this.#account?.take(bytes) === false) {
      this.#writeStatus(Status.tooBusy);
      return;
    }
    try {
      await this.#roomForPage();
      for (const page of usernamePages(outcome.usernames)) {
        this.#wire.searchPage(page, outcome);
        if (!page.last) await this.#roomForPage();
      }
    } finally {
      this.#account?.give(bytes);
    }
  }

  /** Resolves when the client has room for a page, and a turn of the event loop has time to make it. */
  async #roomForPage(): Promise<void> {
    await this.#wire.drained();
    const { turns, origin } = this.peer;
    if (turns.hasTime && !turns.crowded) {
      turns.charge(turnCost.page);
    } else {
      await new Promise<void>((resolve) => {
        const goOn = () => {
          turns.charge(turnCost.page);
          resolve();
        };
        turns.wait(origin, goOn, true);
      });
    }
    if (this.#state === 'over') throw new ClientGone();
  }

  #writeStatus(status: Status): void {
    const response = this.#wire.status(status);
    if (response !== undefined) this.#wire.write(response);
  }

  /** Takes no other request until this answer is written, however long it is. */
  #answerAtLength(written: Promise<void>): void {
    this.#busy = true;
    void written
      .catch((error: unknown) => {
        if (!(error instanceof ClientGone)) this.#wire.answerCutShort(error);
      })
      .then(() => {
        this.#busy = false;
        this.work();
      });
  }

  #answerBadOperation(status: typeof Status.badOperation): void {
    this.#answers.add(Promise.resolve(this.#wire.status(status)));
  }

  /** Answers 126 after what was asked before, and takes nothing more. [P-6.5] */
  #break(reason: string, status: typeof Status.badOperation): void {
    this.#answerBadOperation(status);
    this.#state = 'broken';
    this.#brokenBy = reason;
  }

  #read(wanted: boolean): void {
    if (wanted === this.#reading || this.#state === 'over') return;
    this.#reading = wanted;
    this.#wire.read(wanted);
  }

  #finish(): void {
    const end = this.#state === 'open' ? 'goodbye' : this.#state;
    this.#state = 'over';
    if (end !== 'over') this.#wire.finish(end, this.#brokenBy);
  }
}

function costOf({ operation }: Request): number {
  switch (operation) {
    case Operation.register:
    case Operation.send:
    case Operation.delete:
      return turnCost.write;
    default:
      return turnCost.request;
  }
}

function isLong(outcome: SearchOutcome): outcome is FoundOutcome {
  return 'usernames' in outcome && outcome.usernames.length > shortListMax;
}
