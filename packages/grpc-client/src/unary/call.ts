import { type Client, status as GrpcStatus, type Metadata } from '@grpc/grpc-js';
import { type ClientRequest, Operation, Status } from '@tandem/core';
import type { MessageServiceDefinition } from '@tandem/protos';
import type { Connection } from '../connection.ts';
import { type CallEnd, isRefusedStream, isUnusable } from '../failures.ts';

/** Told how a call ends: with a response, or with a status that is not OK. */
type OnCallEnd = (
  end: CallEnd | null,
  response: CallResponse | undefined,
  headers: Metadata | undefined,
) => void;

type ChannelCall = ReturnType<ReturnType<Client['getChannel']>['createCall']>;
type ChannelListener = Parameters<ChannelCall['start']>[1];

const noMessage: CallEnd = { code: GrpcStatus.INTERNAL, details: 'No message received' };

/** How often a call is begun that the server refuses to begin. */
export const attemptsMax = 8;

/** How a call ends that was refused each time. */
export const refusedEachTime: CallEnd = {
  code: GrpcStatus.RESOURCE_EXHAUSTED,
  details: `it refused to begin the call, ${attemptsMax} times`,
};

/**
 * One unary call, straight on the channel.
 *
 * A call that the server refuses, although the connection goes on, was not carried out [RFC 9113, 8.7]:
 * the server has lowered how many calls the connection may have while this one was on its way. It is
 * made again, and waits in HTTP/2 until the server lets it begin.
 *
 * A stub's `makeUnaryRequest` puts interceptors, an event emitter and an error with a stack trace in
 * between, which this client has no use for: without them a call takes 0.8 of the client's time.
 * `pnpm bench --lanes grpc-echo,grpc-unary` shows what is left against a stub with default options.
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

  onReceiveStatus(status: CallEnd): void {
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

/** What the response of any call has; each has its own lists, or none. */
export interface CallResponse {
  readonly statusCode: number;
  readonly messages?: { readonly sender: string; readonly body: string }[];
  readonly results?: string[];
}

/** A method of the contract as far as a call of any of them goes. */
interface CallMethod {
  readonly path: string;
  readonly requestSerialize: (request: object) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => CallResponse;
}

/** The call that asks for something: its name in the contract and its request. */
interface Call {
  readonly name: 'Register' | 'Login' | 'Search' | 'Send' | 'Logout' | 'Delete';
  readonly argument: object;
}

/** The call for a request. */
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
  }
}

/** A method of the contract, its codec ready to be used. */
export function methodOf(
  service: MessageServiceDefinition,
  name: Call['name'] | 'Acknowledge',
): CallMethod {
  return service[name] as CallMethod;
}

/** The refusals that a unary call ends with as gRPC errors. They change nothing. */
const refusals: ReadonlyMap<GrpcStatus, Status> = new Map<GrpcStatus, Status>([
  [GrpcStatus.UNAUTHENTICATED, Status.notLoggedIn],
  [GrpcStatus.INVALID_ARGUMENT, Status.invalidContent],
  [GrpcStatus.RESOURCE_EXHAUSTED, Status.tooBusy],
]);

/** The refusal that an error of a unary call is; undefined for what is none, and breaks the client. */
export function refusalOf(end: CallEnd): Status | undefined {
  return isUnusable(end) ? undefined : refusals.get(end.code);
}
