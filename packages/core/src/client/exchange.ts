import type { Status } from '../rules/codes.ts';
import type { Message } from '../rules/limits.ts';
import type { Outcome } from '../rules/outcomes.ts';
import type { ClientRequest } from '../rules/requests.ts';
import type { ChatError } from './errors.ts';
import type { ConnectionFailures } from './failures.ts';
import {
  PendingRequests,
  type ResponseContent,
  rejected,
  type SessionListener,
} from './pending-requests.ts';

/** The events of an exchange. */
export interface ExchangeListener extends SessionListener {
  /** Takes a message that was pushed. Returns false when there is no session. */
  incoming(message: Message): boolean;
  /** Ends the client: the connection is over. Called once. */
  ended(): void;
}

/** Carries requests and responses over one connection: the part of an `ExchangeClient` that a transport provides. */
export interface Exchange {
  /** Resolves when requests may be made; rejects when the connection fails before. */
  readonly connected: Promise<void>;
  /** Resolves when the connection is over: with the error that broke it, or undefined after {@link close}. */
  readonly closed: Promise<ChatError | undefined>;
  /** The error that every further request rejects with; undefined while requests may be made. */
  readonly error: ChatError | undefined;
  /**
   * Sends a request and resolves with its outcome, whose type the caller knows from the operation.
   * Rejects with {@link error} when the connection is over.
   */
  request<O extends Outcome>(request: ClientRequest): Promise<O>;
  /** Acknowledges the messages of the session up to `count`. Later responses confirm it. [P-5.2] */
  acknowledge(count: number): void;
  /** Sends what was written, and disconnects in order. May be called again. */
  close(): Promise<void>;
}

/** The connection that carries an exchange. */
export interface ExchangeConnection extends Pick<Exchange, 'connected' | 'closed'> {
  readonly failures: ConnectionFailures;
  /** Breaks the connection. Does nothing once it is closing or has ended. */
  fail(error: ChatError): void;
}

/** An exchange over one connection: the part that is the same for every kind of connection. */
export abstract class ConnectionExchange implements Exchange {
  protected abstract readonly connection: ExchangeConnection;
  protected readonly listener: ExchangeListener;
  #error: ChatError | undefined;

  constructor(listener: ExchangeListener) {
    this.listener = listener;
  }

  get connected(): Promise<void> {
    return this.connection.connected;
  }

  get closed(): Promise<ChatError | undefined> {
    return this.connection.closed;
  }

  get error(): ChatError | undefined {
    return this.#error;
  }

  abstract request<O extends Outcome>(request: ClientRequest): Promise<O>;
  abstract acknowledge(count: number): void;
  abstract close(): Promise<void>;

  /** Rejects what waits for a response. */
  protected abstract rejectPending(error: ChatError): void;

  /** Ends the exchange with its connection; to be called once. */
  protected ended(error: ChatError): void {
    this.#error = error;
    this.rejectPending(error);
    this.listener.ended();
  }

  /** Breaks the connection: a response is overdue. */
  protected timedOut(timeoutMs: number): void {
    this.connection.fail(this.connection.failures.responseTimeout(timeoutMs));
  }

  /** Breaks the connection: the server did what the protocol does not allow. */
  protected broken(what: string): void {
    this.connection.fail(this.connection.failures.protocolError(what));
  }
}

/** An exchange whose responses come in the order of the requests. Messages may stand between them. [P-6.6] */
export abstract class OrderedExchange extends ConnectionExchange {
  protected readonly pending: PendingRequests;

  /** @param timeoutMs the longest silence of the server while a request is pending, in milliseconds */
  constructor(listener: ExchangeListener, timeoutMs: number) {
    super(listener);
    this.pending = new PendingRequests(listener, timeoutMs, () => this.timedOut(timeoutMs));
  }

  request<O extends Outcome>(request: ClientRequest): Promise<O> {
    if (this.error !== undefined) return rejected(this.error);
    const outcome = this.pending.push(request.operation);
    this.send(request);
    // Only a status that the operation can have resolves it, so the outcome is the operation's own.
    return outcome as Promise<O>;
  }

  /** Sends a request, behind those that are pending. */
  protected abstract send(request: ClientRequest): void;

  /** Takes a response, or a page of one, for the oldest request. */
  protected respond(status: Status, content: ResponseContent | undefined, bytes: number): void {
    const operation = this.pending.oldest;
    if (operation === undefined) this.unasked(status);
    else if (!this.pending.respond(status, content, bytes)) {
      this.broken(`answered operation ${operation} with status ${status}`);
    }
  }

  /** Takes a response that no request waits for. */
  protected unasked(status: Status): void {
    this.broken(`sent the status ${status} without a request`);
  }

  /** Takes a message. One outside a session, the time before a login's 8 or 9 included, is an error. [P-6.7] */
  protected incoming(message: Message): void {
    if (!this.listener.incoming(message)) this.broken('sent a message outside a session');
  }

  protected rejectPending(error: ChatError): void {
    this.pending.end(error);
  }
}
