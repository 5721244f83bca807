import {
  type ChatError,
  type ClientRequest,
  type Exchange,
  type ExchangeListener,
  encodeFramedRequest,
  type FramedResponse,
  FramedResponseDecoder,
  formatMessage,
  Operation,
  type Outcome,
  PendingRequests,
  type ResponseContent,
  rejected,
  Status,
  splitMessage,
  splitMessages,
} from '@tandem/core';
import { Connection, type ConnectionOptions } from './connection.ts';
import { defaultResponseTimeoutMs } from './options.ts';

// A server at its limit says 123 and hangs up. For this long, in milliseconds, a 123 that is the
// first thing the server says may turn out to be that, and not the answer to the first request.
// [P-6.10]
const busyGraceMs = 250;

/**
 * Requests and their answers in frames over one connection. Messages and a shutdown may stand
 * between the answers. [P-6.6] [P-6.7]
 */
export class FramedExchange implements Exchange {
  readonly #connection: Connection;
  readonly #listener: ExchangeListener;
  readonly #decoder = new FramedResponseDecoder();
  readonly #answers: PendingRequests;
  #error: ChatError | undefined;
  #heardAnything = false;
  #perhapsBusy: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: ConnectionOptions, listener: ExchangeListener) {
    this.#listener = listener;
    const timeoutMs = options.responseTimeoutMs ?? defaultResponseTimeoutMs;
    this.#answers = new PendingRequests(listener, timeoutMs, () =>
      this.#connection.fail(this.#connection.failures.responseTimeout(timeoutMs)),
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

  get error(): ChatError | undefined {
    return this.#error;
  }

  request<O extends Outcome>(request: ClientRequest): Promise<O> {
    if (this.#error !== undefined) return rejected(this.#error);
    const answer = this.#answers.push(request.operation);
    this.#connection.write(encodeFramedRequest(request.operation, contentOf(request)));
    // Only a status that the operation can have resolves it, so the outcome is the operation's own.
    return answer as Promise<O>;
  }

  acknowledge(count: number): void {
    this.#connection.write(encodeFramedRequest(Operation.acknowledge, String(count)));
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #received(bytes: Buffer): void {
    this.#answers.heard();
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
    const operation = this.#answers.oldest;
    if (operation === undefined) this.#unasked(status);
    else if (!this.#answers.answer(status, itemsOf(operation, content), content.length)) {
      this.#broken(`answered operation ${operation} with status ${status}`);
    }
  }

  #unasked(status: Status): void {
    if (status === Status.tooBusy) this.#connection.fail(this.#connection.failures.serverBusy());
    else this.#broken(`sent the status ${status} though nothing was asked`);
  }

  #waitWhetherBusy(): void {
    if (this.#answers.length === 0) this.#unasked(Status.tooBusy);
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
    clearTimeout(this.#perhapsBusy);
    this.#answers.end(error);
    this.#listener.ended();
  }
}

/** The content of a request. [P-3.1] */
function contentOf(request: ClientRequest): string {
  switch (request.operation) {
    case Operation.send:
      return formatMessage(request.sender, request.recipient, request.body);
    case Operation.search:
      return request.query;
    default:
      return request.username;
  }
}

/** The messages or usernames of a page; undefined when the answer carries none. [P-6.4] */
function itemsOf(operation: Operation, content: string): ResponseContent | undefined {
  if (content === '') return undefined;
  if (operation === Operation.login) return { messages: splitMessages(content), usernames: [] };
  return { messages: [], usernames: content.split('|') };
}
