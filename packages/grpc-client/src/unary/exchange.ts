import { status as GrpcStatus, Metadata } from '@grpc/grpc-js';
import {
  type ChatError,
  type ClientRequest,
  canAnswer,
  conclude,
  type Exchange,
  type ExchangeListener,
  endsSession,
  isPage,
  type Message,
  Operation,
  type Outcome,
  ResponseTimer,
  rejected,
  Status,
} from '@tandem/core';
import { loadMessageService } from '@tandem/protos';
import { Connection, type ConnectionOptions } from '../connection.ts';
import type { CallEnd } from '../failures.ts';
import { defaultResponseTimeoutMs } from '../options.ts';
import { type CallResponse, callOf, methodOf, refusalOf, UnaryCall } from './call.ts';
import { UnaryRequest, UnaryTurns } from './serializer.ts';
import { UnarySession } from './session.ts';

const noMetadata = new Metadata();

interface UnaryAnswer {
  readonly request: UnaryRequest;
  readonly status: Status;
  readonly response: CallResponse | undefined;
}

/**
 * Requests and their answers as unary calls, and a stream for the messages that come. Requests
 * overlap and have no order among themselves; those that change the session have.
 */
export class UnaryExchange implements Exchange {
  readonly #connection: Connection;
  readonly #listener: ExchangeListener;
  readonly #service = loadMessageService();
  readonly #timer: ResponseTimer;
  readonly #turns = new UnaryTurns();
  readonly #saidGoodbye = Promise.withResolvers<void>();
  #session: UnarySession | undefined;
  /** How the session's stream ended, while a logout or a delete is under way that may have ended it. */
  #sessionEnd: ChatError | undefined;
  #callsUnderWay = 0;
  /** Answers that wait for the acknowledgements that they confirm. */
  #unconfirmed: UnaryAnswer[] = [];
  /** Why this ends as soon as what is under way has its answers. */
  #reasonToLeave: ChatError | undefined;
  #error: ChatError | undefined;

  constructor(options: ConnectionOptions, listener: ExchangeListener) {
    this.#listener = listener;
    const timeoutMs = options.responseTimeoutMs ?? defaultResponseTimeoutMs;
    this.#timer = new ResponseTimer(
      timeoutMs,
      () => this.#turns.owed,
      () => this.#connection.fail(this.#connection.failures.responseTimeout(timeoutMs)),
    );
    this.#connection = new Connection(options, {
      opened: () => {},
      leaving: () => this.#leave(this.#connection.failures.lost()),
      ended: (error) => this.#ended(error),
      cut: () => this.#cut(),
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
    // Never beside a logout or a delete: it might come after the end of its session. [P-5.2]
    if (this.#turns.changing === undefined) this.#session?.acknowledgeAgain();
    const pending = new UnaryRequest(request, this.#session);
    if (!this.#turns.owed) this.#timer.start();
    this.#turns.push(pending);
    this.#advance();
    // Only a status that the operation can have resolves it, so the outcome is the operation's own.
    return pending.promise as Promise<O>;
  }

  acknowledge(count: number): void {
    this.#session?.acknowledge(count);
  }

  close(): Promise<void> {
    return this.#connection.close(() => {
      this.#advance();
      return this.#saidGoodbye.promise;
    });
  }

  /** Something has changed: calls what may be called now, or ends when nothing is left to wait for. */
  #advance(): void {
    const busy = this.#callsUnderWay > 0 || this.#session?.acknowledging === true;
    if (this.#error !== undefined) {
      if (!busy) this.#saidGoodbye.resolve();
    } else if (this.#reasonToLeave === undefined) {
      this.#callNext();
    } else if (!busy && !this.#hearsMore) {
      this.#connection.fail(this.#reasonToLeave);
    }
  }

  #callNext(): void {
    while (this.#connection.carriesCalls) {
      const request = this.#turns.next(this.#session);
      if (request === undefined) return;
      this.#call(request);
    }
  }

  #call(request: UnaryRequest): void {
    const { name, argument } = callOf(request.request);
    this.#callsUnderWay++;
    request.call = new UnaryCall(
      this.#connection,
      methodOf(this.#service, name),
      argument,
      this.#metadataFor(request),
      (end, response, headers) => {
        this.#callsUnderWay--;
        if (request.operation === Operation.login) {
          request.token = headers?.get('session-token')[0]?.toString();
        }
        if (this.#error === undefined) this.#answered(request, name, end, response);
        this.#advance();
      },
    );
  }

  // What anybody may do needs no token; a header that is not sent costs nobody anything.
  #metadataFor({ operation }: UnaryRequest): Metadata {
    const forAnybody = operation === Operation.search || operation === Operation.register;
    return forAnybody ? noMetadata : (this.#session?.metadata ?? noMetadata);
  }

  #answered(
    request: UnaryRequest,
    name: string,
    end: CallEnd | null,
    response: CallResponse | undefined,
  ): void {
    this.#timer.heard();
    const status = end === null ? (response?.statusCode as Status) : refusalOf(end);
    if (status === undefined) this.#callFailed(name, end as CallEnd);
    else if (!canAnswer(request.operation, status) || isPage(status)) {
      this.#broken(`answered ${name} with status ${status}`);
    } else this.#confirm({ request, status, response });
  }

  /** Gives an answer, or keeps it until the acknowledgements before it are durable or have failed. [P-5.2] */
  #confirm(answer: UnaryAnswer): void {
    const { request } = answer;
    // It is called when no acknowledgement is under way, so its own answer stands for all of them.
    const confirmation = request.endsSession ? 'confirmed' : request.confirmation;
    if (confirmation === 'confirmed') this.#finish(answer);
    else if (confirmation === 'awaited') this.#unconfirmed.push(answer);
    else this.#finish({ request, status: Status.unknownError, response: undefined });
  }

  #finish({ request, status, response }: UnaryAnswer): void {
    const began = this.#changeSession(request, status);
    if (this.#error !== undefined) return;
    this.#turns.done(request);
    const content = { messages: response?.messages ?? [], usernames: response?.results ?? [] };
    request.resolve(conclude(request.operation, status, content, this.#listener));
    began?.subscribe();
  }

  /** Returns the session that has begun. */
  #changeSession(request: UnaryRequest, status: Status): UnarySession | undefined {
    if (status === Status.loggedIn || status === Status.loggedInUnread) {
      this.#session?.end();
      this.#session = this.#beginSession(request);
      return this.#session;
    }
    if (request.endsSession && endsSession(status)) {
      this.#session?.end();
      this.#session = undefined;
      this.#sessionEnd = undefined;
    }
    if (this.#sessionEnd !== undefined) this.#connection.fail(this.#sessionEnd);
    return undefined;
  }

  #beginSession({ request, token }: UnaryRequest): UnarySession | undefined {
    if (token === undefined) {
      this.#connection.fail(this.#connection.failures.noToken());
      return undefined;
    }
    const username = 'username' in request ? request.username : '';
    const session: UnarySession = new UnarySession(username, token, this.#connection, {
      incoming: (message) => {
        if (session === this.#session) this.#incoming(message);
      },
      acknowledgeAnswered: () => this.#acknowledgeAnswered(),
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
    if (this.#error === undefined) this.#listener.incoming(message);
  }

  /** Answers that waited for it are given now, in the order in which they came. */
  #acknowledgeAnswered(): void {
    const answers = this.#unconfirmed;
    this.#unconfirmed = [];
    for (const answer of answers) this.#confirm(answer);
    this.#advance();
  }

  #streamEnded(end: CallEnd | undefined): void {
    const { failures } = this.#connection;
    if (end !== undefined && end.code !== GrpcStatus.OK) this.#callFailed('Subscribe', end);
    // The answer that the session is over may come after the end of its stream.
    else if (this.#turns.changing?.endsSession) this.#sessionEnd = failures.sessionEnded();
    else this.#connection.fail(failures.sessionEnded());
    this.#advance();
  }

  #callFailed(name: string, end: CallEnd): void {
    const error = this.#connection.failures.callFailed(name, end);
    // The server takes no more calls, but still answers those that it has read.
    if (end.code === GrpcStatus.UNAVAILABLE) this.#leave(error);
    else this.#connection.fail(error);
  }

  #broken(what: string): void {
    this.#connection.fail(this.#connection.failures.protocolError(what));
  }

  #leave(reason: ChatError): void {
    if (!this.#isStopped) this.#reasonToLeave = reason;
    this.#advance();
  }

  get #isStopped(): boolean {
    return this.#reasonToLeave?.code === 'server-stopped';
  }

  /** Whether the session's stream will say why the connection ends. */
  get #hearsMore(): boolean {
    const subscribed = this.#session?.subscribed === true;
    return subscribed && !this.#isStopped && this.#connection.state === 'leaving';
  }

  #ended(error: ChatError): void {
    this.#error = error;
    this.#timer.stop();
    this.#turns.reject(error);
    this.#listener.ended();
  }

  #cut(): void {
    this.#turns.cancel();
    this.#session?.end();
  }
}
