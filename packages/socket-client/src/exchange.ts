import {
  type ChatError,
  type ClientRequest,
  type ExchangeListener,
  encodeFramedRequest,
  type FramedResponse,
  FramedResponseDecoder,
  formatMessage,
  Operation,
  OrderedExchange,
  type ResponseContent,
  Status,
  splitMessage,
  splitMessages,
} from '@tandem/core';
import { Connection, type ConnectionOptions } from './connection.ts';

// A server at its limit sends 123 and closes. A 123 that is the first frame of the server may be that,
// or the response to the first request. The end of the connection within this time, in milliseconds,
// decides. [P-6.10]
const busyGraceMs = 250;

/** Requests and their responses in frames over one connection. [P-6] */
export class FramedExchange extends OrderedExchange {
  protected readonly connection: Connection;
  readonly #decoder = new FramedResponseDecoder();
  #heardAnything = false;
  #perhapsBusy: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: ConnectionOptions, listener: ExchangeListener) {
    super(listener, options.responseTimeoutMs);
    this.connection = new Connection(options, {
      received: (buffer, start, end) => this.#received(buffer, start, end),
      lost: (cause) => this.#lost(cause),
      ended: (error) => this.ended(error),
    });
  }

  acknowledge(count: number): void {
    this.connection.write(encodeFramedRequest(Operation.acknowledge, String(count)));
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  protected send(request: ClientRequest): void {
    this.connection.write(encodeFramedRequest(request.operation, contentOf(request)));
  }

  #received(buffer: Buffer, start: number, end: number): void {
    this.#decoder.push(buffer, start, end);
    while (this.error === undefined) {
      const frame = this.#decoder.next();
      if (frame === undefined) break;
      if (frame.kind === 'response') this.#handle(frame);
      else this.broken(`sent the status ${frame.byte}, which does not exist`);
    }
    this.pending.heard();
  }

  #handle(frame: FramedResponse): void {
    if (this.#perhapsBusy !== undefined) this.#notBusy();
    const first = !this.#heardAnything;
    this.#heardAnything = true;
    if (frame.status === Status.incoming) this.incoming(splitMessage(frame.content));
    else if (frame.status === Status.shuttingDown) this.#stopping = true;
    else if (frame.status === Status.tooBusy && first) this.#waitWhetherBusy();
    else this.#respond(frame);
  }

  #respond({ status, content }: FramedResponse): void {
    this.respond(status, itemsOf(status, content), content.length);
  }

  protected override unasked(status: Status): void {
    if (status === Status.tooBusy) this.connection.fail(this.connection.failures.serverBusy());
    else super.unasked(status);
  }

  #waitWhetherBusy(): void {
    if (this.pending.length === 0) this.unasked(Status.tooBusy);
    else this.#perhapsBusy = setTimeout(() => this.#notBusy(), busyGraceMs);
  }

  #notBusy(): void {
    clearTimeout(this.#perhapsBusy);
    this.#perhapsBusy = undefined;
    this.respond(Status.tooBusy, undefined, 0);
  }

  #lost(cause: Error | undefined): ChatError {
    const { failures } = this.connection;
    if (this.#stopping) return failures.serverStopped(cause);
    if (this.#perhapsBusy !== undefined) return failures.serverBusy();
    return failures.lost(this.#decoder.bufferedBytes > 0, cause);
  }

  protected override rejectPending(error: ChatError): void {
    clearTimeout(this.#perhapsBusy);
    super.rejectPending(error);
  }
}

/** Returns the content of a request. [P-3.1] */
function contentOf(request: ClientRequest): string {
  switch (request.operation) {
    case Operation.send:
      return formatMessage(request.sender, request.recipient, request.body);
    case Operation.search:
      return request.query;
    case Operation.registerWithSecret:
    case Operation.loginWithSecret:
      return `${request.username}|${request.secret}`;
    case Operation.resume:
      return `${request.username}|${request.token}|${request.count}`;
    case Operation.changeSecret:
      return `${request.username}|${request.current}|${request.secret}`;
    case Operation.block:
    case Operation.unblock:
      return `${request.username}|${request.name}`;
    case Operation.register:
    case Operation.login:
    case Operation.logout:
    case Operation.delete:
      return request.username;
  }
}

/** Returns what a response carries besides its status; undefined for nothing. [P-6.4] */
function itemsOf(status: Status, content: string): ResponseContent | undefined {
  if (content === '') return undefined;
  switch (status) {
    case Status.loggedInMore:
    case Status.loggedInUnread:
      return { messages: splitMessages(content), usernames: [] };
    case Status.resumable:
    case Status.secretChanged:
      return { messages: [], usernames: [], token: content };
    case Status.tooManyTries:
      return { messages: [], usernames: [], retryAfterS: Number.parseInt(content, 10) || 1 };
    default:
      return { messages: [], usernames: content.includes('|') ? content.split('|') : [content] };
  }
}
