import { type ClientReadableStream, Metadata, type ServiceError } from '@grpc/grpc-js';
import { type Message, Status } from '@tandem/core';
import { loadMessageService } from '@tandem/protos';
import type { Connection } from '../connection.ts';
import { type CallStatus, isRefusedStream } from '../failures.ts';
import { attemptsMax, methodOf, refusedEachTime, UnaryCall } from './call.ts';

/** The exchange of a session. */
export interface UnarySessionListener {
  /** Called when a message came on the session's stream. */
  incoming(message: Message): void;
  /** Called when an acknowledgement has its response: {@link UnarySession.confirmationOf} may have changed. */
  acknowledgeDone(): void;
  /** Called when an acknowledgement ended without a response. */
  acknowledgeFailed(end: CallStatus): void;
  /** Called when the stream ended. @param end undefined when it ended OK */
  streamEnded(end: CallStatus | undefined): void;
}

/**
 * The state of an acknowledgement: the server has removed the messages, or failed to when it was last
 * asked, or has not responded yet.
 */
export type Confirmation = 'confirmed' | 'failed' | 'awaited';

/**
 * A session over unary calls and one Subscribe stream: its token, its messages and its
 * acknowledgements.
 */
export class UnarySession {
  /** The metadata of every call of this session. */
  readonly metadata = new Metadata();
  readonly #username: string;
  readonly #connection: Connection;
  readonly #listener: UnarySessionListener;
  readonly #acknowledge = methodOf(loadMessageService(), 'Acknowledge');
  #stream: ClientReadableStream<Message> | undefined;
  #taken = 0;
  #confirmed = 0;
  /** The count that the server failed to confirm when it was last asked; 0 once it is asked again. */
  #failed = 0;
  #acknowledging: UnaryCall | undefined;

  constructor(
    username: string,
    token: string,
    connection: Connection,
    listener: UnarySessionListener,
  ) {
    this.#username = username;
    this.#connection = connection;
    this.#listener = listener;
    this.metadata.set('authorization', `Bearer ${token}`);
  }

  /** The number of messages that were acknowledged. */
  get taken(): number {
    return this.#taken;
  }

  /** Returns the state of the acknowledgement of the first `taken` messages. */
  confirmationOf(taken: number): Confirmation {
    if (taken <= this.#confirmed) return 'confirmed';
    return taken <= this.#failed ? 'failed' : 'awaited';
  }

  /** True while an acknowledgement is under way. */
  get acknowledging(): boolean {
    return this.#acknowledging !== undefined;
  }

  /** True while its stream is open. */
  get subscribed(): boolean {
    return this.#stream !== undefined;
  }

  /**
   * Opens the stream of messages, unless the server is going: then there will be none. It is opened
   * again when the server refuses to begin it.
   *
   * @param attempt how often it was tried, with this time
   */
  subscribe(attempt = 1): void {
    if (!this.#connection.carriesCalls) return;
    const { path, requestSerialize, responseDeserialize } = loadMessageService().Subscribe;
    const stream = this.#connection.client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      { username: this.#username },
      this.metadata,
    );
    stream.on('data', (message: Message) => this.#listener.incoming(message));
    const ended = (end: CallStatus | undefined) => {
      if (stream === this.#stream) this.#streamEnded(end, attempt);
    };
    stream.on('error', (error) => ended(error as ServiceError));
    stream.on('end', () => ended(undefined));
    this.#stream = stream;
  }

  /** Cancels its calls. The end of the stream ends the session on the server, too. */
  end(): void {
    // The response that ended it confirms all acknowledgements. [P-5.2]
    this.#confirmed = this.#taken;
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.cancel();
    this.#acknowledging?.cancel();
  }

  /** Acknowledges the first `taken` messages. One call is under way at a time; a later one covers all. [P-5.2] */
  acknowledge(taken: number): void {
    this.#taken = taken;
    if (!this.acknowledging) this.#callAcknowledge();
  }

  /** Repeats the acknowledgement that the server failed to confirm, if there is one. */
  acknowledgeAgain(): void {
    if (this.#failed > 0 && !this.acknowledging) this.#callAcknowledge();
  }

  #callAcknowledge(): void {
    if (!this.#connection.carriesCalls) return;
    const count = this.#taken;
    if (count === this.#failed) this.#failed = 0;
    this.#acknowledging = new UnaryCall(
      this.#connection,
      this.#acknowledge,
      { username: this.#username, count },
      this.metadata,
      (end, response) => {
        this.#acknowledging = undefined;
        if (end === null) this.#acknowledgeReceived(count, response?.statusCode as number);
        else this.#listener.acknowledgeFailed(end);
      },
    );
  }

  #acknowledgeReceived(count: number, status: number): void {
    switch (status) {
      case Status.acknowledged:
        this.#confirmed = count;
        this.#failed = 0;
        break;
      // Its store has failed. An attempt at once would most likely fail, too.
      case Status.unknownError:
        this.#failed = count;
        break;
      default: {
        const { failures } = this.#connection;
        this.#connection.fail(failures.protocolError(`answered Acknowledge with status ${status}`));
        this.#listener.acknowledgeDone();
        return;
      }
    }
    if (this.#taken > count) this.#callAcknowledge();
    this.#listener.acknowledgeDone();
  }

  #streamEnded(end: CallStatus | undefined, attempt: number): void {
    this.#stream = undefined;
    const isRefused = end !== undefined && isRefusedStream(end) && this.#connection.carriesCalls;
    if (!isRefused) this.#listener.streamEnded(end);
    else if (attempt < attemptsMax) this.subscribe(attempt + 1);
    else this.#listener.streamEnded(refusedEachTime);
  }
}
