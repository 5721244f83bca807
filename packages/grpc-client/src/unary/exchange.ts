import { status as GrpcStatus, Metadata } from '@grpc/grpc-js';
import {
  beginsSession,
  type ChatError,
  type ClientRequest,
  ConnectionExchange,
  conclude,
  type ExchangeListener,
  endsSession,
  isPage,
  isResponseTo,
  type Message,
  type Outcome,
  type ResponseContent,
  ResponseTimer,
  rejected,
  Status,
} from '@tandem/core';
import { loadMessageService } from '@tandem/protos';
import { Connection, type ConnectionOptions } from '../connection.ts';
import type { CallStatus } from '../failures.ts';
import {
  type CallResponse,
  callOf,
  contentOf,
  contentOfRefusal,
  methodOf,
  refusalOf,
  UnaryCall,
} from './call.ts';
import { RequestQueue, UnaryRequest } from './request-queue.ts';
import { UnarySession } from './session.ts';

const noMetadata = new Metadata();

interface UnaryResponse {
  readonly request: UnaryRequest;
  readonly status: Status;
  readonly content: ResponseContent;
}

/**
 * Requests and responses as unary calls, and a stream for the messages that come. Requests overlap, in
 * no order; those that change the session do not. See {@link RequestQueue}.
 */
export class UnaryExchange extends ConnectionExchange {
  protected readonly connection: Connection;
  readonly #service = loadMessageService();
  readonly #timer: ResponseTimer;
  readonly #queue = new RequestQueue();
  readonly #callsEnded = Promise.withResolvers<void>();
  #session: UnarySession | undefined;
  /** The error of the session's stream, which ended while a logout or a delete is under way. */
  #sessionEnd: ChatError | undefined;
  #callsUnderWay = 0;
  /** True once the server has refused a search without a session. [P-4.3] */
  #searchesInSession = false;
  /** The responses that wait for the acknowledgements that they confirm. */
  #unconfirmed: UnaryResponse[] = [];
  /** The reason to end as soon as nothing is under way. */
  #drainError: ChatError | undefined;

  constructor(attempt: ConnectionOptions, listener: ExchangeListener) {
    super(listener);
    const timeoutMs = attempt.responseTimeoutMs;
    this.#timer = new ResponseTimer(
      timeoutMs,
      () => this.#queue.pending,
      () => this.timedOut(timeoutMs),
    );
    this.connection = new Connection(attempt, {
      opened: () => {},
      draining: () => this.#drain(this.connection.failures.lost()),
      ended: (error) => this.ended(error),
      cancelCalls: () => this.#cancelCalls(),
    });
  }

  request<O extends Outcome>(request: ClientRequest): Promise<O> {
    if (this.error !== undefined) return rejected(this.error);
    // Not beside a logout or a delete: it could arrive after the end of its session. [P-5.2]
    if (this.#queue.changing === undefined) this.#session?.acknowledgeAgain();
    const pending = new UnaryRequest(request, this.#session);
    if (!this.#queue.pending) this.#timer.start();
    this.#queue.push(pending);
    this.#advance();
    // Only a status that the operation can have resolves it, so the outcome is the operation's own.
    return pending.promise as Promise<O>;
  }

  acknowledge(count: number): void {
    this.#session?.acknowledge(count);
  }

  close(): Promise<void> {
    return this.connection.close(() => {
      this.#advance();
      return this.#callsEnded.promise;
    });
  }

  /** Makes the calls that may be made now, or ends when nothing is under way. Called after each change. */
  #advance(): void {
    const busy = this.#callsUnderWay > 0 || this.#session?.acknowledging === true;
    if (this.error !== undefined) {
      if (!busy) this.#callsEnded.resolve();
    } else if (this.#drainError === undefined) {
      this.#callNext();
    } else if (!busy && !this.#streamSaysMore) {
      this.connection.fail(this.#drainError);
    }
  }

  #callNext(): void {
    while (this.connection.carriesCalls) {
      const request = this.#queue.next(this.#session);
      if (request === undefined) return;
      this.#call(request);
    }
  }

  #call(request: UnaryRequest): void {
    const { name, argument } = callOf(request.request);
    const metadata = this.#metadataFor(request);
    this.#callsUnderWay++;
    request.call = new UnaryCall(
      this.connection,
      methodOf(this.#service, name),
      argument,
      metadata,
      (end, response, headers) => {
        this.#callsUnderWay--;
        if (request.beginsSession) {
          request.token = headers?.get('session-token')[0]?.toString();
        }
        const again = metadata === noMetadata && this.#wantsSession(request, end);
        if (again) this.#callInSession(request);
        else if (this.error === undefined) this.#received(request, name, end, response);
        this.#advance();
      },
    );
  }

  // A header costs time on both sides.
  #metadataFor({ sessionUse }: UnaryRequest): Metadata {
    const inNone =
      sessionUse === 'in none' || (sessionUse === 'perhaps in' && !this.#searchesInSession);
    return inNone ? noMetadata : (this.#session?.metadata ?? noMetadata);
  }

  /** Tells if a call outside the session was refused for that, and may be made in it. [P-4.3] */
  #wantsSession({ sessionUse }: UnaryRequest, end: CallStatus | null): boolean {
    if (sessionUse !== 'perhaps in' || this.#session === undefined || end === null) return false;
    return refusalOf(end) === Status.notLoggedIn && this.connection.carriesCalls;
  }

  /** Makes a call again in the session, and those like it from now on. */
  #callInSession(request: UnaryRequest): void {
    this.#timer.heard();
    this.#searchesInSession = true;
    this.#call(request);
  }

  #received(
    request: UnaryRequest,
    name: string,
    end: CallStatus | null,
    response: CallResponse | undefined,
  ): void {
    this.#timer.heard();
    const status = end === null ? (response?.statusCode as Status) : refusalOf(end);
    if (status === undefined) this.#callFailed(name, end as CallStatus);
    else if (!isResponseTo(request.operation, status) || isPage(status)) {
      this.broken(`answered ${name} with status ${status}`);
    } else {
      const content = end === null ? contentOf(response) : contentOfRefusal(end);
      this.#confirm({ request, status, content });
    }
  }

  /** Passes a response on, or keeps it until the acknowledgements before it are durable or have failed. [P-5.2] */
  #confirm(received: UnaryResponse): void {
    const { request } = received;
    // It is made when no acknowledgement is under way, so its own response confirms all of them.
    const confirmation = request.endsSession ? 'confirmed' : request.confirmation;
    if (confirmation === 'confirmed') this.#finish(received);
    else if (confirmation === 'awaited') this.#unconfirmed.push(received);
    else this.#finish({ request, status: Status.unknownError, content: contentOf(undefined) });
  }

  #finish({ request, status, content }: UnaryResponse): void {
    const began = this.#changeSession(request, status);
    if (this.error !== undefined) return;
    this.#queue.done(request);
    request.resolve(conclude(request.operation, status, content, this.listener));
    began?.subscribe();
  }

  /** Begins or ends the session as a response says; returns the session that has begun. */
  #changeSession(request: UnaryRequest, status: Status): UnarySession | undefined {
    if (beginsSession(status)) {
      this.#session?.end();
      this.#session = this.#beginSession(request);
      return this.#session;
    }
    if (request.endsSession && endsSession(status)) {
      this.#session?.end();
      this.#session = undefined;
      this.#sessionEnd = undefined;
    }
    if (this.#sessionEnd !== undefined) this.connection.fail(this.#sessionEnd);
    return undefined;
  }

  #beginSession({ request, token }: UnaryRequest): UnarySession | undefined {
    if (token === undefined) {
      this.connection.fail(this.connection.failures.noToken());
      return undefined;
    }
    const username = 'username' in request ? request.username : '';
    const session: UnarySession = new UnarySession(username, token, this.connection, {
      incoming: (message) => {
        if (session === this.#session) this.#incoming(message);
      },
      acknowledgeDone: () => this.#acknowledgeDone(),
      acknowledgeFailed: (end) => {
        this.#callFailed('Acknowledge', end);
        this.#advance();
      },
      streamEnded: (end) => this.#streamEnded(end),
    });
    return session;
  }

  #incoming(message: Message): void {
    this.#timer.heard();
    if (this.error === undefined) this.listener.incoming(message);
  }

  /** Passes on the responses that waited for an acknowledgement, in the order in which they came. */
  #acknowledgeDone(): void {
    const received = this.#unconfirmed;
    this.#unconfirmed = [];
    for (const response of received) this.#confirm(response);
    this.#advance();
  }

  #streamEnded(end: CallStatus | undefined): void {
    const { failures } = this.connection;
    if (end !== undefined && end.code !== GrpcStatus.OK) this.#callFailed('Subscribe', end);
    // The response that the session is over may come after the end of its stream.
    else if (this.#queue.changing?.endsSession) this.#sessionEnd = failures.sessionEnded();
    else this.connection.fail(failures.sessionEnded());
    this.#advance();
  }

  #callFailed(name: string, end: CallStatus): void {
    const error = this.connection.failures.callFailed(name, end);
    // The server takes no more calls, but still responds to those that it has read.
    if (end.code === GrpcStatus.UNAVAILABLE) this.#drain(error);
    else this.connection.fail(error);
  }

  #drain(reason: ChatError): void {
    if (!this.#isStopped) this.#drainError = reason;
    this.#advance();
  }

  get #isStopped(): boolean {
    return this.#drainError?.code === 'server-stopped';
  }

  /** True when the session's stream is going to say why the connection ends. */
  get #streamSaysMore(): boolean {
    const subscribed = this.#session?.subscribed === true;
    return subscribed && !this.#isStopped && this.connection.state === 'draining';
  }

  protected rejectPending(error: ChatError): void {
    this.#timer.stop();
    this.#queue.reject(error);
  }

  #cancelCalls(): void {
    this.#queue.cancel();
    this.#session?.end();
  }
}
