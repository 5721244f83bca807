import {
  type ChatError,
  encodeFramedRequest,
  Fifo,
  type FramedResponse,
  FramedResponseDecoder,
  hasContent,
  type Message,
  Operation,
  Status,
  splitMessage,
} from '@tandem/core';
import { canAnswer, isPage, messagesOf, type Outcome, usernamesOf } from './answer.ts';
import { Connection } from './connection.ts';
import { defaultResponseTimeoutMs, type SocketClientOptions } from './options.ts';
import { PendingRequest, rejected } from './pending-request.ts';
import { ResponseTimer } from './response-timer.ts';

/** What the exchange tells its owner, before the request's promise resolves. */
export interface ExchangeListener {
  /** A login was answered. @param unread the messages of the answer */
  loginAnswered(status: Status, unread: readonly Message[]): void;
  /** A logout or a delete was answered. */
  endingAnswered(status: Status): void;
  /** Returns false when there is no session that the message could belong to. */
  incoming(message: Message): boolean;
  /** Called once: the connection is over. */
  ended(): void;
}

// A server at its limit says 123 and hangs up. For this long, in milliseconds, a 123 that is the
// first thing the server says may turn out to be that, and not the answer to the first request.
// [P-6.10]
const busyGraceMs = 250;

/**
 * Requests and their answers over one connection. Answers come in the order of the requests, so a
 * queue tells whose each is; messages and a shutdown may stand between them. [P-6.6] [P-6.7]
 *
 * The queue is as long as the requests that the caller has under way, each a promise in its hand.
 */
export class Exchange {
  readonly #connection: Connection;
  readonly #listener: ExchangeListener;
  readonly #decoder = new FramedResponseDecoder();
  readonly #pending = new Fifo<PendingRequest>();
  readonly #timer: ResponseTimer;
  #error: ChatError | undefined;
  #heardAnything = false;
  #perhapsBusy: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: SocketClientOptions, listener: ExchangeListener) {
    this.#listener = listener;
    const timeoutMs = options.responseTimeoutMs ?? defaultResponseTimeoutMs;
    this.#timer = new ResponseTimer(
      timeoutMs,
      () => this.#pending.length > 0,
      () => this.#connection.fail(this.#connection.failures.responseTimeout(timeoutMs)),
    );
    this.#connection = new Connection(options, {
      received: (bytes) => this.#received(bytes),
      lost: (cause) => this.#lost(cause),
      ended: (error) => this.#ended(error),
    });
  }

  get connected(): Promise<void> {
    return this.#connection.connected;
  }

  get closed(): Promise<ChatError | undefined> {
    return this.#connection.closed;
  }

  /** Why nothing more can be asked; undefined while something can. */
  get error(): ChatError | undefined {
    return this.#error;
  }

  /**
   * Sends a request and resolves with its answer. The caller has validated the content, and says
   * which outcome belongs to the operation. Rejects with {@link error} when the connection is over.
   */
  request<O extends Outcome>(operation: Operation, content: string): Promise<O> {
    if (this.#error !== undefined) return rejected(this.#error);
    const request = new PendingRequest(operation);
    if (this.#pending.length === 0) this.#timer.start();
    this.#pending.push(request);
    this.#connection.write(encodeFramedRequest(operation, content));
    // Only a status that the operation can have resolves it, so the outcome is the operation's own.
    return request.promise as Promise<O>;
  }

  /** Says how many messages of the session were taken. Has no answer. [P-5.2] */
  acknowledge(count: number): void {
    this.#connection.write(encodeFramedRequest(Operation.acknowledge, String(count)));
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #received(bytes: Buffer): void {
    this.#timer.heard();
    this.#decoder.push(bytes);
    while (this.#error === undefined) {
      const frame = this.#decoder.next();
      if (frame === undefined) return;
      if (frame.kind === 'response') this.#handle(frame);
      else this.#broken(`sent the status ${frame.byte}, which does not exist`);
    }
  }

  #handle(frame: FramedResponse): void {
    if (this.#perhapsBusy !== undefined) this.#notBusy();
    const first = !this.#heardAnything;
    this.#heardAnything = true;
    if (frame.status === Status.incoming) this.#incoming(frame.content);
    else if (frame.status === Status.shuttingDown) this.#stopping = true;
    else if (frame.status === Status.tooBusy && first) this.#waitWhetherBusy();
    else this.#answer(frame);
  }

  #incoming(content: string): void {
    // That includes the time before a login's closing 8 or 9. [P-6.7]
    if (!this.#listener.incoming(splitMessage(content))) {
      this.#broken('sent a message outside a session');
    }
  }

  #answer({ status, content }: FramedResponse): void {
    const request = this.#pending.peek();
    if (request === undefined) {
      this.#unasked(status);
    } else if (!fits(request, status) || (content !== '' && !request.addPage(content))) {
      this.#broken(`answered operation ${request.operation} with status ${status}`);
    } else if (!isPage(status)) {
      this.#pending.shift();
      request.resolve(this.#outcome(request, status));
    }
  }

  #outcome({ operation, pages }: PendingRequest, status: Status): Outcome {
    switch (operation) {
      case Operation.login: {
        const unread = messagesOf(pages);
        this.#listener.loginAnswered(status, unread);
        if (status !== Status.loggedIn && status !== Status.loggedInUnread) break;
        return { status, unread: unread.length };
      }
      case Operation.search:
        if (status !== Status.found && status !== Status.foundCut) break;
        return { status, usernames: usernamesOf(pages) };
      case Operation.logout:
      case Operation.delete:
        this.#listener.endingAnswered(status);
    }
    return { status } as Outcome;
  }

  #unasked(status: Status): void {
    if (status === Status.tooBusy) this.#connection.fail(this.#connection.failures.serverBusy());
    else this.#broken(`sent the status ${status} though nothing was asked`);
  }

  #waitWhetherBusy(): void {
    if (this.#pending.length === 0) this.#unasked(Status.tooBusy);
    else this.#perhapsBusy = setTimeout(() => this.#notBusy(), busyGraceMs);
  }

  #notBusy(): void {
    clearTimeout(this.#perhapsBusy);
    this.#perhapsBusy = undefined;
    this.#answer({ kind: 'response', status: Status.tooBusy, content: '' });
  }

  #broken(what: string): void {
    this.#connection.fail(this.#connection.failures.protocolError(what));
  }

  #lost(cause: Error | undefined): ChatError {
    const { failures } = this.#connection;
    if (this.#stopping) return failures.serverStopped(cause);
    if (this.#perhapsBusy !== undefined) return failures.serverBusy();
    return failures.lost(this.#decoder.bufferedBytes > 0, cause);
  }

  #ended(error: ChatError): void {
    this.#error = error;
    this.#timer.stop();
    clearTimeout(this.#perhapsBusy);
    for (let request = this.#pending.shift(); request; request = this.#pending.shift()) {
      request.reject(error);
    }
    this.#listener.ended();
  }
}

/** Whether `status` can answer the request: it is the operation's own, and pages end as pages. [P-6.3] [P-6.4] */
function fits(request: PendingRequest, status: Status): boolean {
  return canAnswer(request.operation, status) && (request.pages.length === 0 || hasContent(status));
}
