import { Fifo } from '../fifo.ts';
import { Operation, Status } from '../rules/codes.ts';
import { type Message, searchResultsMax, usernameCharsMax } from '../rules/limits.ts';
import { canAnswer, hasContent, isPage, type Outcome } from '../rules/outcomes.ts';
import type { ChatError } from './errors.ts';
import type { ExchangeListener } from './exchange.ts';
import { ResponseTimer } from './response-timer.ts';

/**
 * The requests of a connection whose answers come in the order of the requests: the oldest is whose
 * an answer is. [P-6.6]
 *
 * The queue is as long as the requests that the caller has under way, each a promise in its hand.
 */
export class PendingRequests {
  readonly #listener: ExchangeListener;
  readonly #pending = new Fifo<PendingRequest>();
  readonly #timer: ResponseTimer;

  /** @param onTimeout called when an answer has been owed, and nothing heard, for `timeoutMs` */
  constructor(listener: ExchangeListener, timeoutMs: number, onTimeout: () => void) {
    this.#listener = listener;
    this.#timer = new ResponseTimer(timeoutMs, () => this.#pending.length > 0, onTimeout);
  }

  /** How many requests wait for their answers. */
  get length(): number {
    return this.#pending.length;
  }

  /** The operation of the oldest request. */
  get oldest(): Operation | undefined {
    return this.#pending.peek()?.operation;
  }

  /** A request is about to be sent; resolves with its answer. */
  push(operation: Operation): Promise<Outcome> {
    const request = new PendingRequest(operation);
    if (this.#pending.length === 0) this.#timer.start();
    this.#pending.push(request);
    return request.promise;
  }

  /** Something was heard from the server. */
  heard(): void {
    this.#timer.heard();
  }

  /**
   * Takes an answer, or a page of one, for the oldest request.
   *
   * @param content undefined when there is none
   * @param bytes what the content weighs
   * @returns false when it cannot be its answer: another operation's, or pages that break off or
   * never end. [P-3.2] [P-6.4]
   */
  answer(status: Status, content: ResponseContent | undefined, bytes: number): boolean {
    const request = this.#pending.peek();
    if (request === undefined || !fits(request, status)) return false;
    if (content !== undefined && !request.addPage(content, bytes)) return false;
    if (isPage(status)) return true;
    this.#pending.shift();
    request.resolve(conclude(request.operation, status, request.content, this.#listener));
    return true;
  }

  /** The connection is over: rejects what waits. */
  end(error: ChatError): void {
    this.#timer.stop();
    for (let request = this.#pending.shift(); request; request = this.#pending.shift()) {
      request.reject(error);
    }
  }
}

/** Whether `status` can answer the request: it is the operation's own, and pages end as pages. [P-6.3] [P-6.4] */
function fits(request: PendingRequest, status: Status): boolean {
  return canAnswer(request.operation, status) && (!request.paged || hasContent(status));
}

/** What an answer carries besides its status: messages for a login, usernames for a search. */
export interface ResponseContent {
  readonly messages: readonly Message[];
  readonly usernames: readonly string[];
}

/** The content of an answer that has none. */
const noContent: ResponseContent = { messages: [], usernames: [] };

/** The most that a search's pages can hold, in bytes: as many usernames as one returns. [P-4.3] */
const searchBytesMax = searchResultsMax * (usernameCharsMax + 1);

// A server's mailbox limit is its operator's to choose. This is far beyond a sensible one, and ends
// a server that never stops.
const loginBytesMax = 256 * 1024 * 1024;

/** A request whose answer has not come, or not all of it. */
export class PendingRequest {
  readonly operation: Operation;
  readonly promise: Promise<Outcome>;
  readonly resolve: (outcome: Outcome) => void;
  readonly #reject: (error: ChatError) => void;
  #pages: ResponseContent[] | undefined;
  #pagesBytes = 0;

  constructor(operation: Operation) {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    this.operation = operation;
    this.promise = promise;
    this.resolve = resolve;
    this.#reject = reject;
  }

  /** Whether pages have come, so that only another page or the last can follow. [P-6.4] */
  get paged(): boolean {
    return this.#pages !== undefined;
  }

  /**
   * Adds the content of one frame. Returns false when that is more than the answer can hold.
   *
   * @param bytes what the content weighs
   */
  addPage(content: ResponseContent, bytes: number): boolean {
    this.#pages ??= [];
    this.#pages.push(content);
    this.#pagesBytes += bytes;
    const bytesMax = this.operation === Operation.search ? searchBytesMax : loginBytesMax;
    return this.#pagesBytes <= bytesMax;
  }

  /** All pages joined. */
  get content(): ResponseContent {
    const pages = this.#pages;
    if (pages === undefined) return noContent;
    if (pages.length === 1) return pages[0] as ResponseContent;
    return {
      messages: pages.flatMap(({ messages }) => messages),
      usernames: pages.flatMap(({ usernames }) => usernames),
    };
  }

  /** Rejects, also when the caller has not looked at the promise yet: that must not end the process. */
  reject(error: ChatError): void {
    this.promise.catch(ignore);
    this.#reject(error);
  }
}

/** A promise that has rejected, and does not end the process if nobody looks at it. */
export function rejected(error: ChatError): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(ignore);
  return promise;
}

function ignore(): void {}

/** Tells the listener what an answer means for the session, and makes the outcome of it. */
export function conclude(
  operation: Operation,
  status: Status,
  { messages, usernames }: ResponseContent,
  listener: ExchangeListener,
): Outcome {
  switch (operation) {
    case Operation.login:
      listener.loginAnswered(status, messages);
      if (status !== Status.loggedIn && status !== Status.loggedInUnread) break;
      return { status, unread: messages.length };
    case Operation.search:
      if (status !== Status.found && status !== Status.foundCut) break;
      return { status, usernames };
    case Operation.logout:
    case Operation.delete:
      listener.endingAnswered(status);
  }
  return { status } as Outcome;
}
