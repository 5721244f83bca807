import { Metadata, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import {
  type Asker,
  type Chat,
  type ClientAgent,
  type LoginResult,
  type Origin,
  type Receiver,
  smallListMax,
  type Trace,
} from '@tandem/chat';
import { frameContentBytesMax, Status } from '@tandem/core';
import type {
  AcknowledgeRequest__Output,
  BlockRequest__Output,
  ChangeSecretRequest__Output,
  MessageRequest__Output,
  MessageServiceHandlers,
  ResumableResponse,
  ResumeRequest__Output,
  SearchRequest__Output,
  SearchResponse,
  SecretRequest__Output,
  StatusCodeResponse,
  UsernameRequest__Output,
} from '@tandem/protos';
import { onOver } from '../calls/call-hooks.ts';
import { letGoOfCall } from '../calls/let-go.ts';
import {
  alreadySubscribed,
  badOperation,
  type CallError,
  callErrorOf,
  internalError,
  shuttingDown,
} from '../calls/refusal.ts';
import type { DirectWriters } from '../calls/writer.ts';
import { type Connection, notReading } from '../connections/connection.ts';
import type { Connections } from '../connections/connections.ts';
import type { GrpcServerLimits } from '../options.ts';
import type { CompletedCalls } from './completed-calls.ts';
import { type FoundResponse, foundBytes } from './found-response.ts';
import { RefusedCall, resumableResponse, shortResponse, statusResponse } from './responses.ts';
import { type SubscribeCall, UnarySession } from './session.ts';
import type { Sessions } from './sessions.ts';
import { type UnreadResponse, unreadResponse } from './unread-response.ts';

type LoginResponse = ResumableResponse | UnreadResponse;
type UnaryCall<Request> = ServerUnaryCall<Request, unknown>;

/** The things that a fault of the server can end. */
export type Fault = 'calls' | 'sessions' | 'streams';

/** The options of the unary calls. */
export interface UnaryServiceOptions {
  readonly service: Chat;
  readonly limits: GrpcServerLimits;
  readonly connections: Connections;
  readonly sessions: Sessions;
  readonly writers: DirectWriters;
  readonly completed: CompletedCalls;
  /** Called when a fault of the server ends a call or a session. */
  readonly onFault: (kind: Fault, error: unknown) => void;
  /** Called for the operations of calls without a session. */
  readonly trace: Trace | undefined;
  /** Tells whether the server is stopping: calls come too late then. */
  readonly isStopping: () => boolean;
}

/** The metadata key of the session's token in the response of Login. */
const sessionTokenKey = 'session-token';

// The number of shorter responses is bounded by the calls of a connection.
const longResponseBytes = 4_096;

/** Receives nothing: there is no session. */
const noReceiver: Receiver = {
  push: () => {},
  mailboxFailed: () => {},
  resumedElsewhere: () => {},
  dismissed: () => {},
};

/** The handlers of unary calls and Subscribe. Each call is one chat operation, in the session of its client. */
export class UnaryService {
  readonly #options: UnaryServiceOptions;
  /** The agent of calls without a session, for the operations that need none. */
  readonly #nobody: ClientAgent;

  constructor(options: UnaryServiceOptions) {
    this.#options = options;
    this.#nobody = options.service.connect(noReceiver, undefined, options.trace);
  }

  /** The handlers, as grpc-js takes them. */
  get handlers(): Omit<MessageServiceHandlers, 'Converse'> {
    return {
      Register: this.#unary((call) => this.#register(call)),
      Login: this.#unary((call) => this.#login(call)),
      RegisterWithSecret: this.#unary((call) => this.#register(call)),
      LoginWithSecret: this.#unary((call) => this.#loginWithSecret(call)),
      Resume: this.#unary((call) => this.#resume(call)),
      ChangeSecret: this.#unary((call) => this.#changeSecret(call)),
      Block: this.#unary((call) => this.#setBlocked(call, true)),
      Unblock: this.#unary((call) => this.#setBlocked(call, false)),
      Search: this.#unary((call) => this.#search(call)),
      Send: this.#unary((call) => this.#send(call)),
      Logout: this.#unary((call) => this.#leave(call, 'logout')),
      Delete: this.#unary((call) => this.#leave(call, 'delete')),
      Acknowledge: this.#unary((call) => this.#acknowledge(call)),
      Subscribe: (call: SubscribeCall) => this.#subscribe(call),
    };
  }

  async #register(
    call: UnaryCall<{ readonly username: string; readonly secret?: string }>,
  ): Promise<StatusCodeResponse> {
    const { username, secret } = call.request;
    return shortResponse(await this.#agentOf(call).register(username, secret));
  }

  #login(call: UnaryCall<UsernameRequest__Output>): Promise<LoginResponse> {
    return this.#begin(call, false, (agent) => agent.login(call.request.username));
  }

  #loginWithSecret(call: UnaryCall<SecretRequest__Output>): Promise<LoginResponse> {
    const { username, secret } = call.request;
    return this.#begin(call, true, (agent) => agent.loginWithSecret(username, secret));
  }

  #resume(call: UnaryCall<ResumeRequest__Output>): Promise<LoginResponse> {
    const { username, token, count } = call.request;
    return this.#begin(call, true, (agent) => agent.resume(username, token, count));
  }

  async #changeSecret(call: UnaryCall<ChangeSecretRequest__Output>): Promise<ResumableResponse> {
    const { username, current, secret } = call.request;
    const session = this.#identify(call, username);
    const agent = session?.agent ?? this.#nobody;
    const result = await agent.changeSecret(username, current, secret);
    const given = result.status === Status.secretChanged && secret !== '';
    if (session !== undefined && given) this.#options.sessions.needsToken(session);
    return resumableResponse(result);
  }

  async #setBlocked(
    call: UnaryCall<BlockRequest__Output>,
    blocked: boolean,
  ): Promise<StatusCodeResponse> {
    const { username, name } = call.request;
    const agent = this.#agentAs(call, username);
    const { status } = await agent.setBlocked(username, name, blocked);
    return statusResponse(status);
  }

  /**
   * Begins a session, by whatever login.
   *
   * @param proven true when the login takes a secret or a token of its user
   */
  async #begin(
    call: UnaryCall<{ readonly username: string; readonly acknowledges: boolean }>,
    proven: boolean,
    login: (agent: ClientAgent) => Promise<LoginResult>,
  ): Promise<LoginResponse> {
    const { connections, sessions, completed } = this.#options;
    if (sessions.ofToken(call.metadata) !== undefined) return { statusCode: Status.sessionInUse };
    const connection = connections.get(call.getPeer());
    const { metadata: received } = call;
    const session = this.#newSession(connection, call.request.acknowledges);
    onOver(call, () => {
      if (completed.has(received)) session.loginIsComplete();
      else session.end();
    });
    const result = await session.login(login);
    if (!('session' in result)) {
      session.end();
      if (result.status === Status.badOperation) throw new RefusedCall(badOperation);
      return resumableResponse(result);
    }
    // Also when it is short: a session whose response is not read is of no use.
    this.#hold(call, connection, session.unreadBytesMax);
    const pages = await session.readUnread();
    // Another client has resumed it meanwhile, say, or the call was cancelled: nobody is to find a session.
    if (session.endedFor !== undefined) throw new RefusedCall(session.endedFor);
    if (session.ended) return statusResponse(Status.unknownError);
    sessions.add(session, proven);
    const metadata = new Metadata();
    metadata.set(sessionTokenKey, session.token);
    call.sendMetadata(metadata);
    const response = resumableResponse(result);
    return pages.length === 0 ? response : unreadResponse(response, pages);
  }

  async #search(call: UnaryCall<SearchRequest__Output>): Promise<SearchResponse | FoundResponse> {
    const agent = this.#agentOf(call);
    const outcome = await agent.search(
      call.request.query,
      new CallAsker(call, agent, this.#options.connections),
    );
    if (!('usernames' in outcome)) return shortResponse(outcome);
    const { status, usernames } = outcome;
    const bytes = foundBytes(usernames);
    if (bytes >= longResponseBytes) {
      // To look the connection up takes time, so only here. Without one nobody reads the response.
      const connection = this.#options.connections.get(call.getPeer());
      this.#hold(call, connection, bytes);
      if (usernames.length > smallListMax) {
        const pages = Math.ceil(bytes / frameContentBytesMax);
        const isGone = () => call.cancelled;
        await agent.scheduler.turnForNames(connection ?? agent.origin, pages, isGone);
        if (isGone()) return statusResponse(status);
      }
    }
    return { statusCode: status, results: usernames };
  }

  async #send(call: UnaryCall<MessageRequest__Output>): Promise<StatusCodeResponse> {
    const { sender, recipient, body } = call.request;
    const agent = this.#agentAs(call, sender);
    return shortResponse(await agent.send(sender, recipient, body));
  }

  /** Ends a session, by a logout or with its account. */
  async #leave(
    call: UnaryCall<UsernameRequest__Output>,
    operation: 'logout' | 'delete',
  ): Promise<StatusCodeResponse> {
    const { username } = call.request;
    const session = this.#identify(call, username);
    const { status } = await (session?.agent ?? this.#nobody)[operation](username);
    session?.end();
    return statusResponse(status);
  }

  async #acknowledge(call: UnaryCall<AcknowledgeRequest__Output>): Promise<StatusCodeResponse> {
    const session = this.#identify(call, call.request.username);
    if (session === undefined) return statusResponse(Status.notLoggedIn);
    if (!session.agent.acknowledge(call.request.count)) {
      session.end(badOperation);
      throw new RefusedCall(badOperation);
    }
    return statusResponse((await session.agent.confirm()).status);
  }

  #subscribe(call: SubscribeCall): void {
    const { connections, writers, isStopping } = this.#options;
    const connection = connections.get(call.getPeer());
    const session = this.#identify(call, call.request.username);
    if (isStopping()) {
      call.emit('error', shuttingDown);
    } else if (session === undefined) {
      call.emit('error', callErrorOf(Status.notLoggedIn));
    } else if (session.subscribed) {
      call.emit('error', alreadySubscribed);
    } else {
      const cut = () => connection?.destroy(notReading);
      session.subscribe(call, writers.of(call.metadata), cut, connection?.account);
    }
  }

  #newSession(connection: Connection | undefined, acknowledges: boolean): UnarySession {
    const { service, limits, sessions, onFault } = this.#options;
    return new UnarySession({
      service,
      connection,
      acknowledges,
      subscribeWithinMs: limits.subscribeWithinMs,
      sessionMs: limits.sessionMs,
      drainTimeoutMs: limits.drainTimeoutMs,
      onFailed: (error) => onFault('sessions', error),
      onEnded: (session) => sessions.delete(session),
    });
  }

  /** Returns the agent of the session whose token a call carries, or that of its connection for calls without one. */
  #agentOf(call: UnaryCall<unknown>): ClientAgent {
    const session = this.#options.sessions.ofToken(call.metadata);
    if (session !== undefined) return session.agent;
    const connection = this.#options.connections.get(call.getPeer());
    if (connection === undefined) return this.#nobody;
    connection.stranger ??= this.#options.service.connect(noReceiver, connection, connection.trace);
    return connection.stranger;
  }

  /** Returns the agent of the session in which a call acts as `username`, or that of calls without one. */
  #agentAs(call: UnaryCall<unknown>, username: string): ClientAgent {
    return this.#identify(call, username)?.agent ?? this.#nobody;
  }

  /** Returns the session in which a call acts as `username`. The connection is looked up now: later it may be unknown. */
  #identify(
    call: Pick<UnaryCall<unknown>, 'metadata' | 'getPeer'>,
    username: string,
  ): UnarySession | undefined {
    const connectionOf = () => this.#options.connections.get(call.getPeer());
    return this.#options.sessions.identify(call.metadata, connectionOf, username);
  }

  /** Takes memory for a response until its call is over, or refuses the call. */
  #hold(call: UnaryCall<unknown>, connection: Connection | undefined, bytes: number): void {
    // A cancelled call has no response, and its end was told already.
    if (call.cancelled || connection === undefined) return;
    const release = connection.responses.hold(bytes);
    if (release === undefined) throw new RefusedCall(callErrorOf(Status.tooBusy) as CallError);
    onOver(call, release);
  }

  /** Returns the handler of an operation, which gives a response, or a refusal that gRPC has a status for. */
  #unary<Request, Response extends StatusCodeResponse>(
    carryOut: (call: UnaryCall<Request>) => Promise<Response>,
  ): (call: ServerUnaryCall<Request, never>, callback: sendUnaryData<never>) => void {
    return (call, callback) => {
      if (this.#options.isStopping()) {
        callback(shuttingDown);
        return;
      }
      const answer = (error: CallError | null, response?: Response) => {
        callback(error, response as never);
        letGoOfCall(call);
      };
      carryOut(call as UnaryCall<Request>).then(
        (response) => answer(callErrorOf(response.statusCode as Status) ?? null, response),
        (error: unknown) => answer(this.#errorOf(error)),
      );
    };
  }

  #errorOf(error: unknown): CallError {
    if (error instanceof RefusedCall) return error.error;
    this.#options.onFault('calls', error);
    return internalError;
  }
}

/** The client of a call. Looks its connection up only when the search has to wait: the look-up takes time. */
class CallAsker implements Asker {
  readonly #call: UnaryCall<unknown>;
  readonly #agent: ClientAgent;
  readonly #connections: Connections;

  constructor(call: UnaryCall<unknown>, agent: ClientAgent, connections: Connections) {
    this.#call = call;
    this.#agent = agent;
    this.#connections = connections;
  }

  get origin(): Origin {
    return this.#connections.get(this.#call.getPeer()) ?? this.#agent.origin;
  }

  isGone(): boolean {
    return this.#call.cancelled;
  }
}
