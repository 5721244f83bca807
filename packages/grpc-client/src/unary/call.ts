import { type Client, status as GrpcStatus, type Metadata } from '@grpc/grpc-js';
import { type ClientRequest, Operation, type ResponseContent, Status } from '@tandem/core';
import type { MessageServiceDefinition } from '@tandem/protos';
import type { Connection } from '../connection.ts';
import { type CallStatus, isRefusedStream, isUnusable } from '../failures.ts';

/** Called when a call ends: with a response, or with a status that is not OK. */
type OnCallEnd = (
  end: CallStatus | null,
  response: CallResponse | undefined,
  headers: Metadata | undefined,
) => void;

type ChannelCall = ReturnType<ReturnType<Client['getChannel']>['createCall']>;
type ChannelListener = Parameters<ChannelCall['start']>[1];

const noMessage: CallStatus = { code: GrpcStatus.INTERNAL, details: 'No message received' };

/** The number of attempts at a call that the server refuses to begin. */
export const attemptsMax = 8;

/** The status of a call that was refused at each attempt. */
export const refusedEachTime: CallStatus = {
  code: GrpcStatus.RESOURCE_EXHAUSTED,
  details: `it refused to begin the call, ${attemptsMax} times`,
};

/**
 * One unary call, straight on the channel.
 *
 * A call that the server refuses, although the connection goes on, was not carried out [RFC 9113, 8.7]:
 * the server has lowered the number of calls that the connection may have, and this call was already on
 * its way. It is made again, and waits in HTTP/2 until the server lets it begin.
 *
 * The `makeUnaryRequest` of a stub adds interceptors, an event emitter and an error with a stack trace.
 * Without them a call takes 0.8 of the client's time. `pnpm bench --lanes grpc-echo,grpc-unary` shows
 * the difference that is left against a stub with default options.
 */
export class UnaryCall implements ChannelListener {
  readonly #connection: Connection;
  readonly #method: CallMethod;
  readonly #bytes: Buffer;
  readonly #metadata: Metadata;
  readonly #onEnd: OnCallEnd;
  #call: ChannelCall;
  #attempt = 1;
  #headers: Metadata | undefined;
  #response: CallResponse | undefined;

  constructor(
    connection: Connection,
    method: CallMethod,
    argument: object,
    metadata: Metadata,
    onEnd: OnCallEnd,
  ) {
    this.#connection = connection;
    this.#method = method;
    this.#bytes = method.requestSerialize(argument);
    this.#metadata = metadata;
    this.#onEnd = onEnd;
    this.#call = this.#begin();
  }

  cancel(): void {
    this.#call.cancelWithStatus(GrpcStatus.CANCELLED, 'Cancelled on client');
  }

  onReceiveMetadata(metadata: Metadata): void {
    this.#headers = metadata;
  }

  onReceiveMessage(bytes: Buffer): void {
    try {
      this.#response = this.#method.responseDeserialize(bytes);
    } catch (error) {
      const details = `Response message parsing error: ${error}`;
      this.#call.cancelWithStatus(GrpcStatus.INTERNAL, details);
    }
  }

  onReceiveStatus(status: CallStatus): void {
    if (isRefusedStream(status) && this.#connection.carriesCalls) this.#beginAgain();
    else if (status.code !== GrpcStatus.OK) this.#onEnd(status, undefined, this.#headers);
    else if (this.#response === undefined) this.#onEnd(noMessage, undefined, this.#headers);
    else this.#onEnd(null, this.#response, this.#headers);
  }

  #begin(): ChannelCall {
    const channel = this.#connection.client.getChannel();
    const forever = Number.POSITIVE_INFINITY;
    const call = channel.createCall(this.#method.path, forever, null, null, null);
    call.start(this.#metadata, this);
    call.sendMessageWithContext({}, this.#bytes);
    call.halfClose();
    call.startRead();
    return call;
  }

  #beginAgain(): void {
    if (this.#attempt === attemptsMax) {
      this.#onEnd(refusedEachTime, undefined, undefined);
    } else {
      this.#attempt++;
      this.#call = this.#begin();
    }
  }
}

/** The response of any call; each has its own lists, or none. */
export interface CallResponse {
  readonly statusCode: number;
  readonly messages?: { readonly sender: string; readonly body: string }[];
  readonly results?: string[];
  readonly resumeToken?: string;
  readonly retryAfterSeconds?: number;
}

/** Returns what a response carries besides its status. */
export function contentOf(response: CallResponse | undefined): ResponseContent {
  const { messages = [], results = [], resumeToken, retryAfterSeconds } = response ?? {};
  return {
    messages,
    usernames: results,
    ...(resumeToken ? { token: resumeToken } : {}),
    ...(retryAfterSeconds ? { retryAfterS: retryAfterSeconds } : {}),
  };
}

/** A method of the contract, whichever it is. */
interface CallMethod {
  readonly path: string;
  readonly requestSerialize: (request: object) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => CallResponse;
}

/** The call of a request: its method and its argument. */
interface Call {
  readonly name:
    | 'Register'
    | 'Login'
    | 'Search'
    | 'Send'
    | 'Logout'
    | 'Delete'
    | 'RegisterWithSecret'
    | 'LoginWithSecret'
    | 'Resume'
    | 'ChangeSecret'
    | 'Block'
    | 'Unblock';
  readonly argument: object;
}

/** Returns the call of a request. */
export function callOf(request: ClientRequest): Call {
  switch (request.operation) {
    case Operation.register:
      return { name: 'Register', argument: request };
    case Operation.login:
      return { name: 'Login', argument: { username: request.username, acknowledges: true } };
    case Operation.search:
      return { name: 'Search', argument: request };
    case Operation.send:
      return { name: 'Send', argument: request };
    case Operation.logout:
      return { name: 'Logout', argument: request };
    case Operation.delete:
      return { name: 'Delete', argument: request };
    case Operation.registerWithSecret:
      return { name: 'RegisterWithSecret', argument: request };
    case Operation.loginWithSecret:
      return { name: 'LoginWithSecret', argument: { ...request, acknowledges: true } };
    case Operation.resume:
      return { name: 'Resume', argument: { ...request, acknowledges: true } };
    case Operation.changeSecret:
      return { name: 'ChangeSecret', argument: request };
    case Operation.block:
      return { name: 'Block', argument: request };
    case Operation.unblock:
      return { name: 'Unblock', argument: request };
  }
}

/** Returns a method of the contract. */
export function methodOf(
  service: MessageServiceDefinition,
  name: Call['name'] | 'Acknowledge',
): CallMethod {
  return service[name] as CallMethod;
}

/** The refusals that gRPC has codes of its own for. They change nothing. */
const refusals: ReadonlyMap<GrpcStatus, Status> = new Map<GrpcStatus, Status>([
  [GrpcStatus.UNAUTHENTICATED, Status.notLoggedIn],
  [GrpcStatus.INVALID_ARGUMENT, Status.invalidContent],
  [GrpcStatus.RESOURCE_EXHAUSTED, Status.tooBusy],
]);

// The trailer of gRPC that says after how many milliseconds to try again. [gRFC A6]
const pushbackKey = 'grpc-retry-pushback-ms';

/** Returns what the error of a unary call says besides its refusal. */
export function contentOfRefusal({ metadata }: CallStatus): ResponseContent {
  const ms = Number(metadata?.get(pushbackKey)[0]);
  const retryAfterS = Math.ceil(ms / 1_000);
  return { messages: [], usernames: [], ...(retryAfterS > 0 ? { retryAfterS } : {}) };
}

/** Returns the refusal that the error of a unary call stands for; undefined for any other error, which breaks the client. */
export function refusalOf(end: CallStatus): Status | undefined {
  return isUnusable(end) ? undefined : refusals.get(end.code);
}
