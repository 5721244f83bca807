import { type Client, status as GrpcStatus, type Metadata } from '@grpc/grpc-js';
import type { CallMethod, CallResponse } from './call.ts';
import type { CallEnd } from './call-end.ts';

/** Told how a call ends: with a response, or with a status that is not OK. */
export type OnCallEnd = (
  end: CallEnd | null,
  response: CallResponse | undefined,
  headers: Metadata | undefined,
) => void;

type Channel = ReturnType<Client['getChannel']>;
type ChannelCall = ReturnType<Channel['createCall']>;
type ChannelListener = Parameters<ChannelCall['start']>[1];

const noMessage: CallEnd = { code: GrpcStatus.INTERNAL, details: 'No message received' };

/**
 * One unary call, straight on the channel.
 *
 * A stub's `makeUnaryRequest` puts interceptors, an event emitter and an error with a stack trace in
 * between, which this client has no use for: without them a call takes 0.8 of the client's time.
 * `pnpm bench --lanes grpc-echo,grpc-unary` shows what is left against a stub with default options.
 */
export class UnaryCall implements ChannelListener {
  readonly #method: CallMethod;
  readonly #onEnd: OnCallEnd;
  readonly #call: ChannelCall;
  #headers: Metadata | undefined;
  #response: CallResponse | undefined;

  constructor(
    channel: Channel,
    method: CallMethod,
    argument: object,
    metadata: Metadata,
    onEnd: OnCallEnd,
  ) {
    this.#method = method;
    this.#onEnd = onEnd;
    this.#call = channel.createCall(method.path, Number.POSITIVE_INFINITY, null, null, null);
    this.#call.start(metadata, this);
    this.#call.sendMessageWithContext({}, method.requestSerialize(argument));
    this.#call.halfClose();
    this.#call.startRead();
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
    if (status.code !== GrpcStatus.OK) this.#onEnd(status, undefined, this.#headers);
    else if (this.#response === undefined) this.#onEnd(noMessage, undefined, this.#headers);
    else this.#onEnd(null, this.#response, this.#headers);
  }
}
