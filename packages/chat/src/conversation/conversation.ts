import { Operation, type SendOutcome, Status } from '@tandem/core';
import { turnCost } from '../scheduling/scheduler.ts';
import type { ListOutcome } from '../search/search.ts';
import type { ClientAgent, LoginResult } from '../service/client-agent.ts';
import type { Session } from '../service/session.ts';
import { isLong, type PageAccount, PageWriter } from './page-writer.ts';
import { ResponseQueue } from './response-queue.ts';
import { ClientGone, type Request, type ResponseDetail, type Wire } from './wire.ts';

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
      | typeof Operation.logout
      | typeof Operation.delete
      | typeof Operation.block
      | typeof Operation.unblock;
  }
>;

type SendRequest = Extract<Request, { operation: typeof Operation.send }>;

// The most requests of one client in a turn of the event loop. Few, as hundreds of clients may send
// requests as fast as they can, which together make the turn long.
const requestsPerTurnMax = 32;
const requestsPerCrowdedTurnMax = 8;

// The units after which a client goes on in a later turn, behind those who have not had theirs: what the most
// requests of a turn use, if they write. A request that has a long mailbox counted uses more by itself.
const unitsPerTurnMax = 64;

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
  readonly #account: PageAccount | undefined;
  /** Made when it is needed: most outcomes are known at once. */
  #responseQueue: ResponseQueue<Response> | undefined;
  #state: State = 'open';
  #brokenBy: string | undefined;
  #reading = true;
  #inputEnded = false;
  /** True while a long response is under way. */
  #busy = false;
  #requestsLeft = requestsPerTurnMax;
  #turnAwaited = false;
  /** Made when it is needed: most clients get no pages. */
  #pageWriter: PageWriter<Response> | undefined;

  /** @param account pays for long responses while they are made */
  constructor(agent: ClientAgent, wire: Wire<Response>, account?: PageAccount) {
    this.agent = agent;
    this.#wire = wire;
    this.#account = account;
  }

  /** True while a long response is under way. */
  get busy(): boolean {
    return this.#busy;
  }

  /** True while nothing is under way, so that a new one could go on in its place. */
  get resting(): boolean {
    return (
      this.#state === 'open' &&
      this.#reading &&
      !this.#inputEnded &&
      !this.#busy &&
      !this.#turnAwaited &&
      this.#owed() === 0
    );
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

  /** Writes a response whose turn has come. */
  responseReady(response: Response): void {
    this.#wire.write(response);
  }

  /** Takes requests again that waited for fewer pending responses. */
  owesLess(): void {
    if (!this.#reading) this.work();
  }

  /**
   * Takes requests while it may, then reads on, waits or finishes. To be called when the wire has become
   * blocked, or is no longer.
   */
  work(): void {
    const { scheduler } = this.agent;
    const unitsBefore = scheduler.unitsLeft;
    let outOfRequests = false;
    let mayTake = this.#mayTake();
    while (mayTake) {
      const request = this.#wire.next();
      outOfRequests = request === undefined;
      if (request === undefined) break;
      this.#requestsLeft--;
      scheduler.charge(costOf(request), this.agent.origin);
      this.#take(request);
      if (unitsBefore - scheduler.unitsLeft >= unitsPerTurnMax) this.#requestsLeft = 0;
      mayTake = this.#mayTake();
    }
    if (this.#requestsLeft === 0 || !this.#hasTime()) this.#workInTurn();
    this.#read(mayTake && this.#state === 'open' && !this.#inputEnded);
    if (this.#owed() > 0 || this.#busy) return;
    const allTaken = outOfRequests && (this.#inputEnded || this.#state === 'stopping');
    if (allTaken || this.#state === 'broken') this.#finish();
  }

  #mayTake(): boolean {
    return (
      (this.#state === 'open' || this.#state === 'stopping') &&
      !this.#busy &&
      this.#requestsLeft > 0 &&
      !this.#turnAwaited &&
      this.#hasTime() &&
      this.#mayOweMore() &&
      !this.#wire.blocked
    );
  }

  #mayOweMore(): boolean {
    const owed = this.#owed();
    return owed === 0 || (owed < responsesOwedMax && this.agent.mayOwe(owed));
  }

  #hasTime(): boolean {
    return this.agent.scheduler.hasTimeFor(this.agent.origin);
  }

  /** Goes on when its turn comes; with fewer requests while others wait. */
  #workInTurn(): void {
    if (this.#turnAwaited || this.#state === 'over') return;
    this.#turnAwaited = true;
    const { scheduler, origin } = this.agent;
    const again = this.#requestsLeft === 0;
    const work = () => {
      this.#turnAwaited = false;
      this.#requestsLeft = scheduler.crowded ? requestsPerCrowdedTurnMax : requestsPerTurnMax;
      this.work();
    };
    scheduler.defer(origin, work, again);
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
        this.#respondAtLength(this.#respondLater(this.agent.register(username, secret)));
        break;
      }
      case Operation.changeSecret: {
        const { username, current, secret } = request;
        this.#respondAtLength(
          this.#respondLater(this.agent.changeSecret(username, current, secret)),
        );
        break;
      }
      case Operation.search:
        this.#search(request.query);
        break;
      case Operation.send:
        this.#send(request);
        break;
      case 'unknown':
        this.#respondBadOperation(this.agent.refuseOperation());
        break;
      case 'broken':
        this.#break(request.reason, this.agent.refuseOperation());
        break;
      default:
        this.#responses().add(this.#respond(request));
    }
  }

  async #respond(request: ShortRequest): Promise<Response | undefined> {
    const agent = this.agent;
    switch (request.operation) {
      case Operation.register:
        return this.#statusOf(await agent.register(request.username));
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
    }
  }

  #statusOf({ status, ...detail }: { readonly status: Status } & ResponseDetail) {
    return this.#wire.status(status, detail);
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
    await this.#responseQueue?.whenEmpty();
    const result = await login;
    if (!('session' in result)) {
      this.#refuseLogin(result);
      return;
    }
    const { session, status, token } = result;
    this.#wire.sessionBegan?.();
    if (token !== undefined) this.#writeStatus(Status.resumable, { token });
    if (session.unread === 0) this.#writeStatus(status);
    else await this.#pages().writeUnread(session);
    session.goLive();
  }

  #refuseLogin({ status, ...detail }: Exclude<LoginResult, { readonly session: Session }>): void {
    if (status !== Status.badOperation) this.#writeStatus(status, detail);
    else this.#break('a resume that has taken more messages than were sent [P-4.9]', status);
  }

  /** Responds to a request that is decided later than its call. Later requests must not be decided before. */
  async #respondLater(
    outcome: Promise<{ readonly status: Status } & ResponseDetail>,
  ): Promise<void> {
    await this.#responseQueue?.whenEmpty();
    this.#write(this.#statusOf(await outcome));
  }

  /** Searches. Most outcomes are known at once. For one that waits, or is long, later requests wait. */
  #search(query: string): void {
    const outcome = this.agent.search(query);
    const waits = outcome instanceof Promise || this.#owed() > 0;
    if (waits || isLong(outcome)) this.#respondAtLength(this.#searchAtLength(outcome));
    else this.#writeShort(outcome);
  }

  /** Sends. A store in memory knows the outcome at once. */
  #send({ sender, recipient, body }: SendRequest): void {
    const outcome = this.agent.send(sender, recipient, body);
    const isToSelf = sender === recipient;
    if (outcome instanceof Promise || this.#owed() > 0) {
      const known = Promise.resolve(outcome);
      this.#responses().addOf(known, (sent) => this.#sendResponse(sent, isToSelf));
      if (this.agent.sendWaits) this.#respondAtLength(known.then(() => {}));
      return;
    }
    this.#write(this.#sendResponse(outcome, isToSelf));
  }

  #sendResponse(outcome: SendOutcome, isToSelf: boolean): Response | undefined {
    if (outcome.retryAfterS !== undefined) return this.#statusOf(outcome);
    return this.#wire.sendStatus(outcome.status, isToSelf);
  }

  async #searchAtLength(search: ListOutcome | Promise<ListOutcome>): Promise<void> {
    await this.#responseQueue?.whenEmpty();
    const outcome = await search;
    if (!isLong(outcome)) this.#writeShort(outcome);
    else if (!(await this.#pages().writeFound(outcome))) this.#writeStatus(Status.tooBusy);
  }

  #responses(): ResponseQueue<Response> {
    this.#responseQueue ??= new ResponseQueue<Response>(this);
    return this.#responseQueue;
  }

  /** The number of responses that are owed. */
  #owed(): number {
    return this.#responseQueue?.length ?? 0;
  }

  #pages(): PageWriter<Response> {
    const isOver = () => this.#state === 'over';
    this.#pageWriter ??= new PageWriter(this.agent, this.#wire, this.#account, isOver);
    return this.#pageWriter;
  }

  #writeShort(outcome: ListOutcome): void {
    if (!('usernames' in outcome)) {
      const { status, ...detail } = outcome;
      this.#writeStatus(status, detail);
    } else this.#wire.searchPage({ items: outcome.usernames, first: true, last: true }, outcome);
  }

  #writeStatus(status: Status, detail?: ResponseDetail): void {
    this.#write(this.#wire.status(status, detail));
  }

  #write(response: Response | undefined): void {
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
    this.#responses().add(Promise.resolve(this.#wire.status(status)));
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
    case Operation.acknowledge:
    case Operation.login:
    case Operation.loginWithSecret:
    case Operation.logout:
    case Operation.resume:
    case Operation.search:
    case 'broken':
    case 'unknown':
      return turnCost.request;
  }
}
