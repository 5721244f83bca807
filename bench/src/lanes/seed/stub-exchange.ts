import {
  type Client,
  type ClientReadableStream,
  status as GrpcStatus,
  type requestCallback,
  type ServiceError,
} from '@grpc/grpc-js';
import {
  type ChatError,
  type ClientRequest,
  ConnectionExchange,
  conclude,
  type ExchangeListener,
  isResponseTo,
  type Message,
  Operation,
  type Outcome,
  PendingRequest,
  rejected,
  Status,
} from '@tandem/core';
import type { Target } from '../lane.ts';
import { Connection, Failures } from './connection.ts';

interface Response {
  readonly statusCode: number;
  readonly messages?: readonly Message[];
  readonly results?: readonly string[];
}

type UnaryMethod = (request: object, callback: requestCallback<Response>) => void;

/** A generated stub of the contract, as far as its names go. */
export type MessageStub = Client & {
  readonly [method in MethodName]: UnaryMethod;
} & { subscribe(request: object): ClientReadableStream<Message> };

/** The refusals that our server gives as errors of gRPC; the server of 2023 gives none. */
const refusals: ReadonlyMap<GrpcStatus, Status> = new Map<GrpcStatus, Status>([
  [GrpcStatus.UNAUTHENTICATED, Status.notLoggedIn],
  [GrpcStatus.INVALID_ARGUMENT, Status.invalidContent],
  [GrpcStatus.RESOURCE_EXHAUSTED, Status.tooBusy],
]);

type MethodName = 'register' | 'login' | 'search' | 'send' | 'logout' | 'delete';

/** The operations that there were in 2023. */
const methods: ReadonlyMap<Operation, MethodName> = new Map<Operation, MethodName>([
  [Operation.register, 'register'],
  [Operation.login, 'login'],
  [Operation.search, 'search'],
  [Operation.send, 'send'],
  [Operation.logout, 'logout'],
  [Operation.delete, 'delete'],
]);

/**
 * Requests and their responses by a generated stub, as the client of 2023 makes them: no token, no
 * acknowledgements, a Subscribe stream after each login. The server knows it by its connection.
 */
export class StubExchange extends ConnectionExchange {
  protected readonly connection: Connection;
  readonly #stub: MessageStub;
  readonly #pending = new Set<PendingRequest>();
  #stream: ClientReadableStream<Message> | undefined;

  /** @param stub connected; closed with this exchange */
  constructor(stub: MessageStub, { host, port }: Target, listener: ExchangeListener) {
    super(listener);
    this.#stub = stub;
    const failures = new Failures({ host, address: host, port }, 'gRPC');
    this.connection = new Connection(failures, (error) => {
      this.#stream?.cancel();
      this.#stub.close();
      this.ended(error);
    });
  }

  request<O extends Outcome>(request: ClientRequest): Promise<O> {
    if (this.error !== undefined) return rejected(this.error);
    const { operation, ...argument } = request;
    const method = methods.get(operation);
    if (method === undefined) throw new Error(`the contract of 2023 has no operation ${operation}`);
    const pending = new PendingRequest(operation);
    this.#pending.add(pending);
    this.#stub[method](argument, (error, response) => {
      if (!this.#pending.has(pending)) return;
      const refusal = error === null ? undefined : refusals.get(error.code);
      if (refusal !== undefined) this.#completed(pending, request, { statusCode: refusal });
      else if (error !== null) this.connection.fail(this.connection.failures.lost(error));
      else this.#completed(pending, request, response as Response);
      this.#pending.delete(pending);
    });
    // Only a status that the operation can have resolves it, so the outcome is the operation's own.
    return pending.promise as Promise<O>;
  }

  /** A message counts as taken when the stream has accepted it. */
  acknowledge(): void {}

  close(): Promise<void> {
    this.connection.end(this.connection.failures.closed());
    return Promise.resolve();
  }

  protected rejectPending(error: ChatError): void {
    for (const pending of this.#pending) pending.reject(error);
    this.#pending.clear();
  }

  #completed(pending: PendingRequest, request: ClientRequest, response: Response): void {
    const { operation } = request;
    const status = response.statusCode as Status;
    if (!isResponseTo(operation, status)) {
      this.broken(`answered operation ${operation} with status ${status}`);
      return;
    }
    if (status === Status.loggedIn || status === Status.loggedInUnread) this.#subscribe(request);
    const content = { messages: response.messages ?? [], usernames: response.results ?? [] };
    pending.resolve(conclude(operation, status, content, this.listener));
  }

  #subscribe(request: ClientRequest): void {
    const username = 'username' in request ? request.username : '';
    const stream = this.#stub.subscribe({ username });
    this.#stream = stream;
    stream.on('data', (message: Message) => this.listener.incoming(message));
    // It ends with its session, which the response to a logout or a delete ends.
    stream.on('end', () => {});
    stream.on('error', (error: ServiceError) => {
      if (stream === this.#stream) this.connection.fail(this.connection.failures.lost(error));
    });
  }
}
