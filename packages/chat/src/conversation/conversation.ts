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
import type { ClientAgent, LoginResult } from '../service/client-agent.ts';
import type { Session } from '../service/session.ts';
import { type Page, unreadPages, usernamePages } from './pages.ts';
import type { Request } from './request.ts';
import { ResponseQueue } from './response-queue.ts';

/** Carries a conversation over a transport: has the requests, and takes the responses. */
export interface Wire<Response> {
  /** Returns the next request that was read and not yet taken; undefined when there is none. */
  next(): Request | undefined;
  /** Tells if so much waits to leave that the client is not to be asked for more. */
  readonly blocked: boolean;
  /** Reads on, or does not. Called only when that changes. */
  read(wanted: boolean): void;
  write(response: Response): void;
  /** Returns the response that is a status, and little besides; undefined where the wire says it otherwise. */
  status(status: Status, detail?: ResponseDetail): Response | undefined;
  /** Returns the response to a send; undefined where the push of the message is the response. */
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
  responseCutShort(error: unknown): void;
}

/** What few responses say besides their status. [P-6.3] */
export interface ResponseDetail {
  /** What resumes the session. [P-4.9] */
  readonly token?: string | undefined;
  /** The time after which to come again, in seconds. [P-4.7] */
  readonly retryAfterS?: number;
}

/** The memory account of a wire's connection. */
type Account = Pick<MemoryAccount, 'take' | 'charge' | 'give'>;

/** Thrown when the client is gone before a long response is written: nothing has failed. */
export class ClientGone extends Error {
  constructor() {
    super('the client is gone');
  }
}

/** The outcome of a search that found at least one username. */
export type FoundOutcome = Extract<SearchOutcome, { readonly usernames: readonly string[] }>;

// A list up to so long is made as fast as any other response. A longer one waits for room first.
const shortListMax = 64;

/** The reason for the end of a conversation: the client left, or broke the protocol, or the server stops. */
export type ConversationEnd = 'goodbye' | 'broken' | 'stopping';

/**
 * - `open`: requests are read and carried out
 * - `stopping`: nothing more is read; requests that were read are carried out, then `over`
 * - `broken`: no more requests are taken; the responses owed are written, then `over`
 * - `over`: all responses are written, or the client is gone
 */
type State = 'open' | 'stopping' | 'broken' | 'over';

/** A request whose response is a status alone. */
type ShortRequest = Extract<
  Request,
  {
    operation:
      | typeof Operation.register
      | typeof Operation.send
      | typeof Operation.logout
      | typeof Operation.delete
      | typeof Operation.block
      | typeof Operation.unblock;
  }
>;

// The most requests of one client in a turn of the event loop. Few, as hundreds of clients may send
// requests as fast as they can, which together make the turn long.
const requestsPerTurnMax = 32;
const requestsPerCrowdedTurnMax = 8;

// Responses that wait for the store. A client that is owed so many is not read from.
const responsesOwedMax = 1_024;

/**
 * One client's requests, in order, and their responses, in the same order, over any wire that has an
 * order: a socket, or a stream of frames. [P-6.6]
 *
 * Reading stops while the client does not read its responses, while it is owed too many of them, and
 * while a long response (a login's mailbox, a search's names) is under way. So the memory that a client
 * can make the server use is bounded.
 */
export class Conversation<Response> {
  /** The agent of the client. */
  readonly agent: ClientAgent;
  readonly #wire: Wire<Response>;
  readonly #account: Account | undefined;
  readonly #responses: ResponseQueue<Response>;
  #state: State = 'open';
  #brokenBy: string | undefined;
  #reading = true;
  #inputEnded = false;
  /** True while a long response is under way. */
  #busy = false;
  #requestsLeft = requestsPerTurnMax;
  #turnAwaited = false;

  /** @param account pays for long responses while they are made */
  constructor(agent: ClientAgent, wire: Wire<Response>, account?: Account) {
    this.agent = agent;
    this.#wire = wire;
    this.#account = account;
    this.#responses = new ResponseQueue<Response>(this);
  }

  /** True while a long response is under way. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Takes requests that were read. */
  received(): void {
    this.#requestsLeft = requestsPerTurnMax;
    this.work();
  }

  /** Ends the input: the client sends no more requests. Those before are still carried out. [P-6.8] */
  endInput(): void {
    this.#inputEnded = true;
    this.work();
  }

  /** Stops reading, as the server shuts down. Requests that were read are carried out. [P-6.9] */
  stop(): void {
    if (this.#state === 'open') this.#state = 'stopping';
    this.work();
  }

  /** Ends the conversation and its session: nobody waits for responses. May be called twice. */
  end(): void {
    this.#state = 'over';
    this.agent.leave();
  }

  responseReady(response: Response): void {
    this.#wire.write(response);
  }

  owesLess(): void {
    if (!this.#reading) this.work();
  }

  /**
   * Takes requests while it may, then reads on, waits or finishes. To be called when the wire has become
   * blocked, or is no longer.
   */
  work(): void {
    let outOfRequests = false;
    while (this.#mayTake()) {
      const request = this.#wire.next();
      outOfRequests = request === undefined;
      if (request === undefined) break;
      this.#requestsLeft--;
      this.agent.turns.charge(costOf(request));
      this.#take(request);
    }
    if (this.#requestsLeft === 0 || !this.agent.turns.hasTime) this.#workInTurn();
    this.#read(this.#mayTake() && this.#state === 'open' && !this.#inputEnded);
    if (this.#responses.length > 0 || this.#busy) return;
    const allTaken = outOfRequests && (this.#inputEnded || this.#state === 'stopping');
    if (allTaken || this.#state === 'broken') this.#finish();
  }

  #mayTake(): boolean {
    return (
      (this.#state === 'open' || this.#state === 'stopping') &&
      !this.#busy &&
      this.#requestsLeft > 0 &&
      !this.#turnAwaited &&
      this.agent.turns.hasTime &&
      this.#responses.length < responsesOwedMax &&
      !this.#wire.blocked
    );
  }

  /** Goes on when its turn comes; with fewer requests while others wait. */
  #workInTurn(): void {
    if (this.#turnAwaited || this.#state === 'over') return;
    this.#turnAwaited = true;
    const { turns, origin } = this.agent;
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
        this.#respondAtLength(this.#login(this.agent.login(request.username)));
        break;
      case Operation.loginWithSecret: {
        const { username, secret } = request;
        this.#respondAtLength(this.#login(this.agent.loginWithSecret(username, secret)));
        break;
      }
      case Operation.resume: {
        const { username, token, count } = request;
        this.#respondAtLength(this.#login(this.agent.resume(username, token, count)));
        break;
      }
      case Operation.registerWithSecret: {
        const { username, secret } = request;
        this.#respondAtLength(this.#answerLater(this.agent.register(username, secret)));
        break;
      }
      case Operation.changeSecret: {
        const { username, current, secret } = request;
        this.#respondAtLength(
          this.#answerLater(this.agent.changeSecret(username, current, secret)),
        );
        break;
      }
      case Operation.search:
        this.#search(request.query);
        break;
      case 'unknown':
        this.#respondBadOperation(this.agent.refuseOperation());
        break;
      case 'broken':
        this.#break(request.reason, this.agent.refuseOperation());
        break;
      default:
        this.#responses.add(this.#respond(request));
    }
  }

  async #respond(request: ShortRequest): Promise<Response | undefined> {
    const agent = this.agent;
    switch (request.operation) {
      case Operation.register:
        return this.#wire.status((await agent.register(request.username)).status);
      case Operation.logout:
        return this.#wire.status((await agent.logout(request.username)).status);
      case Operation.delete:
        return this.#wire.status((await agent.delete(request.username)).status);
      case Operation.block:
      case Operation.unblock: {
        const { operation, username, name } = request;
        const blocks = operation === Operation.block;
        return this.#wire.status((await agent.setBlocked(username, name, blocks)).status);
      }
      case Operation.send: {
        const { sender, recipient, body } = request;
        const { status } = await agent.send(sender, recipient, body);
        return this.#wire.sendStatus(status, sender === recipient);
      }
    }
  }

  /** Passes an acknowledgement on. It has no response, unless it is false. [P-5.2] */
  #acknowledge(count: number | undefined): void {
    if (this.agent.username === undefined) return;
    if (count !== undefined && this.agent.acknowledge(count)) return;
    this.agent.end();
    const reason =
      count === undefined
        ? 'an acknowledgement that is no count [P-5.2]'
        : `an acknowledgement of ${count} messages, more than were sent to this session [P-5.2]`;
    // The agent has refused it already.
    this.#break(reason, Status.badOperation);
  }

  async #login(login: Promise<LoginResult>): Promise<void> {
    await this.#responses.whenEmpty();
    const result = await login;
    if (!('session' in result)) {
      this.#refuseLogin(result);
      return;
    }
    const { session, status, token } = result;
    this.#wire.sessionBegan?.();
    if (token !== undefined) this.#writeStatus(Status.resumable, { token });
    if (session.unread === 0) this.#writeStatus(status);
    else await this.#writeUnread(session);
    session.goLive();
  }

  #refuseLogin({ status, ...detail }: Exclude<LoginResult, { readonly session: Session }>): void {
    if (status !== Status.badOperation) this.#writeStatus(status, detail);
    else this.#break('a resume that has taken more messages than were sent [P-4.9]', status);
  }

  /** ResponseQueue what is decided later than it is asked: what comes behind it must not be decided before. */
  async #answerLater(
    outcome: Promise<{ readonly status: Status } & ResponseDetail>,
  ): Promise<void> {
    await this.#responses.whenEmpty();
    const { status, ...detail } = await outcome;
    this.#writeStatus(status, detail);
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

  /** Searches. Most outcomes are known at once. For one that waits, or is long, later requests wait. */
  #search(query: string): void {
    const outcome = this.agent.search(query);
    const waits = outcome instanceof Promise || this.#responses.length > 0;
    if (waits || isLong(outcome)) this.#respondAtLength(this.#searchAtLength(outcome));
    else this.#writeShort(outcome);
  }

  async #searchAtLength(search: SearchOutcome | Promise<SearchOutcome>): Promise<void> {
    await this.#responses.whenEmpty();
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
    const { turns, origin } = this.agent;
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

  #writeStatus(status: Status, detail?: ResponseDetail): void {
    const response = this.#wire.status(status, detail);
    if (response !== undefined) this.#wire.write(response);
  }

  /** Takes no other request until this response is written. */
  #respondAtLength(written: Promise<void>): void {
    this.#busy = true;
    void written
      .catch((error: unknown) => {
        if (!(error instanceof ClientGone)) this.#wire.responseCutShort(error);
      })
      .then(() => {
        this.#busy = false;
        this.work();
      });
  }

  #respondBadOperation(status: typeof Status.badOperation): void {
    this.#responses.add(Promise.resolve(this.#wire.status(status)));
  }

  /** Responds with 126 after the responses to earlier requests, and takes no more requests. [P-6.5] */
  #break(reason: string, status: typeof Status.badOperation): void {
    this.#respondBadOperation(status);
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
    case Operation.registerWithSecret:
    case Operation.changeSecret:
    case Operation.block:
    case Operation.unblock:
      return turnCost.write;
    default:
      return turnCost.request;
  }
}

function isLong(outcome: SearchOutcome): outcome is FoundOutcome {
  return 'usernames' in outcome && outcome.usernames.length > shortListMax;
}
