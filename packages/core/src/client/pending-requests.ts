import { Fifo } from '../fifo.ts';
import { Operation, Status } from '../rules/codes.ts';
import { type Message, searchResultsMax, usernameCharsMax } from '../rules/limits.ts';
import {
  beginsSession,
  hasContent,
  isPage,
  isResponseTo,
  type Outcome,
} from '../rules/outcomes.ts';
import type { ChatError } from './errors.ts';
import { ResponseTimer } from './response-timer.ts';

/** Is told what a response means for the session, before the request's promise resolves. */
export interface SessionListener {
  /** Takes the response to a login, with a secret or without, or to a resume. @param unread its messages */
  loginCompleted(status: Status, unread: readonly Message[]): void;
  /** Takes the token of the session that the last login has left; undefined for none. [P-4.9] */
  tokenGiven(token: string | undefined): void;
  /** Takes the response to a logout or a delete. */
  endingCompleted(status: Status): void;
}

/**
 * The pending requests of a connection whose responses come in the order of the requests. A response
 * belongs to the oldest. [P-6.6]
 *
 * There are as many as the caller has promises of.
 */
export class PendingRequests {
  readonly #listener: SessionListener;
  readonly #pending = new Fifo<PendingRequest>();
  readonly #timer: ResponseTimer;

  /** @param onTimeout called when a request has been pending, and nothing received, for `timeoutMs` */
  constructor(listener: SessionListener, timeoutMs: number, onTimeout: () => void) {
    this.#listener = listener;
    this.#timer = new ResponseTimer(timeoutMs, () => this.#pending.length > 0, onTimeout);
  }

  /** The number of pending requests. */
  get length(): number {
    return this.#pending.length;
  }

  /** The operation of the oldest request. */
  get oldest(): Operation | undefined {
    return this.#pending.peek()?.operation;
  }

  /** Adds a request that is about to be sent. Resolves with its outcome. */
  push(operation: Operation): Promise<Outcome> {
    const request = new PendingRequest(operation);
    if (this.#pending.length === 0) this.#timer.start();
    this.#pending.push(request);
    return request.promise;
  }

  /** Starts the timeout anew: something was received. */
  heard(): void {
    if (this.#pending.length > 0) this.#timer.heard();
  }

  /**
   * Takes a response, or a page of one, for the oldest request.
   *
   * @param content undefined when there is none
   * @param bytes the size of the content
   * @returns false when the response does not fit: it is another operation's, or its pages break off
   * or do not end. [P-3.2] [P-6.4]
   */
  respond(status: Status, content: ResponseContent | undefined, bytes: number): boolean {
    const request = this.#pending.peek();
    if (request === undefined || !fits(request, status)) return false;
    if (content !== undefined && !request.addPage(content, bytes)) return false;
    if (isPage(status) || status === Status.resumable) return true;
    this.#pending.shift();
    request.resolve(conclude(request.operation, status, request.content, this.#listener));
    return true;
  }

  /** Rejects all requests: the connection is over. */
  end(error: ChatError): void {
    this.#timer.stop();
    for (let request = this.#pending.shift(); request; request = this.#pending.shift()) {
      request.reject(error);
    }
  }
}

/** Tells if `status` fits the request: it is one of its operation, and pages end with a page. [P-6.3] [P-6.4] */
function fits(request: PendingRequest, status: Status): boolean {
  if (!isResponseTo(request.operation, status)) return false;
  if (!request.begun) return true;
  if (request.paged) return hasContent(status) && status !== Status.resumable;
  // The token has come, and the rest of the response has not begun.
  return beginsSession(status) || status === Status.loggedInMore;
}

/** The content of a response besides its status: messages for a login, usernames for a search. */
export interface ResponseContent {
  readonly messages: readonly Message[];
  readonly usernames: readonly string[];
  /** The token to resume with; empty for none. */
  readonly token?: string;
  /** The time after which to try again, in seconds. */
  readonly retryAfterS?: number;
}

/** The content of a response that has none. */
const noContent: ResponseContent = { messages: [], usernames: [] };

/** The most that a search's pages can hold, in bytes: as many usernames as one returns. [P-4.3] */
const searchBytesMax = searchResultsMax * (usernameCharsMax + 1);

// A server's mailbox limit is its operator's to choose. This is far beyond a sensible one, and ends
// a server that never stops.
const loginBytesMax = 256 * 1024 * 1024;

/** A request whose response has not come, or not all of it. */
export class PendingRequest {
  readonly operation: Operation;
  readonly promise: Promise<Outcome>;
  #resolve!: (outcome: Outcome) => void;
  #reject!: (error: ChatError) => void;
  #pages: ResponseContent[] | undefined;
  #pagesBytes = 0;

  constructor(operation: Operation) {
    this.operation = operation;
    // V8 compiles this into the code around it, and Promise.withResolvers into calls.
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Tells if a part of the response has come. */
  get begun(): boolean {
    return this.#pages !== undefined;
  }

  /** Tells if pages have come, so that only another page or the last can follow. [P-6.4] */
  get paged(): boolean {
    return this.#pages?.at(-1)?.token === undefined && this.begun;
  }

  /**
   * Adds the content of one frame. Returns false when the response is longer than it can be.
   *
   * @param bytes the size of the content
   */
  addPage(content: ResponseContent, bytes: number): boolean {
    // Most responses have one frame, and an array that grows from nothing gets room for 17 items.
    if (this.#pages === undefined) this.#pages = [content];
    else this.#pages.push(content);
    this.#pagesBytes += bytes;
    const bytesMax = this.operation === Operation.search ? searchBytesMax : loginBytesMax;
    return this.#pagesBytes <= bytesMax;
  }

  /** The content of all pages. */
  get content(): ResponseContent {
    const pages = this.#pages;
    if (pages === undefined) return noContent;
    if (pages.length === 1) return pages[0] as ResponseContent;
    const token = pages[0]?.token;
    return {
      messages: pages.flatMap(({ messages }) => messages),
      usernames: pages.flatMap(({ usernames }) => usernames),
      ...(token === undefined ? {} : { token }),
    };
  }

  /** Resolves with the outcome. */
  resolve(outcome: Outcome): void {
    this.#resolve(outcome);
  }

  /** Rejects. A promise that nobody awaits yet does not end the process. */
  reject(error: ChatError): void {
    this.promise.catch(ignore);
    this.#reject(error);
  }
}

/** Returns a rejected promise, which does not end the process if nobody awaits it. */
export function rejected(error: ChatError): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(ignore);
  return promise;
}

function ignore(): void {}

/** Tells the listener what a response means for the session, and returns its outcome. */
export function conclude(
  operation: Operation,
  status: Status,
  { messages, usernames, token, retryAfterS }: ResponseContent,
  listener: SessionListener,
): Outcome {
  switch (operation) {
    case Operation.login:
    case Operation.loginWithSecret:
    case Operation.resume:
      listener.loginCompleted(status, messages);
      if (!beginsSession(status)) break;
      listener.tokenGiven(token);
      return { status, unread: messages.length };
    case Operation.changeSecret:
      if (status === Status.secretChanged) listener.tokenGiven(token === '' ? undefined : token);
      break;
    case Operation.search:
      if (status !== Status.found && status !== Status.foundCut) break;
      return { status, usernames };
    case Operation.logout:
    case Operation.delete:
      listener.endingCompleted(status);
  }
  if (status === Status.tooBusy && retryAfterS !== undefined) {
    return { status, retryAfterS } as Outcome;
  }
  if (status === Status.tooManyTries) return { status, retryAfterS: retryAfterS ?? 1 };
  return { status } as Outcome;
}
