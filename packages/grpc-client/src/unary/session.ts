import { type ClientReadableStream, Metadata, type ServiceError } from '@grpc/grpc-js';
import { type Message, Status } from '@tandem/core';
import { loadMessageService } from '@tandem/protos';
import type { Connection } from '../connection.ts';
import { type CallEnd, isRefusedStream } from '../failures.ts';
import { attemptsMax, methodOf, refusedEachTime, UnaryCall } from './call.ts';

/** What a session tells its exchange. */
export interface UnarySessionListener {
  /** A message came on the session's stream. */
  incoming(message: Message): void;
  /** An acknowledgement was answered: there is news of what was said to be taken. */
  acknowledgeAnswered(): void;
  /** An acknowledgement got no answer. */
  acknowledgeFailed(end: CallEnd): void;
  /** The stream ended. @param end undefined when it ended OK */
  streamEnded(end: CallEnd | undefined): void;
}

/**
 * What is known of an acknowledgement: the server has forgotten the messages, or could not when it
 * was last asked, or has not said yet.
 */
export type Confirmation = 'confirmed' | 'failed' | 'awaited';

/**
 * A session that unary calls and one Subscribe stream make up together: the token that calls carry,
 * the messages that come, and what was said to be taken.
 */
export class UnarySession {
  /** What every call of this session carries. */
  readonly metadata = new Metadata();
  readonly #username: string;
  readonly #connection: Connection;
  readonly #listener: UnarySessionListener;
  readonly #acknowledge = methodOf(loadMessageService(), 'Acknowledge');
  #stream: ClientReadableStream<Message> | undefined;
  #taken = 0;
  #confirmed = 0;
  /** The count that the server could not confirm when it was last asked; 0 once it is asked again. */
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

  /** How many messages were said to be taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether the server has forgotten the first `taken` messages. */
  confirmationOf(taken: number): Confirmation {
    if (taken <= this.#confirmed) return 'confirmed';
    return taken <= this.#failed ? 'failed' : 'awaited';
  }

  /** Whether an acknowledgement is under way. */
  get acknowledging(): boolean {
    return this.#acknowledging !== undefined;
  }

  /** Whether its stream is open. */
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
    const ended = (end: CallEnd | undefined) => {
      if (stream === this.#stream) this.#streamEnded(end, attempt);
    };
    stream.on('error', (error) => ended(error as ServiceError));
    stream.on('end', () => ended(undefined));
    this.#stream = stream;
  }

  /** Cancels its calls: with the stream ends the session, if it still goes on. */
  end(): void {
    // The answer that ended it confirms what came before. [P-5.2]
    this.#confirmed = this.#taken;
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.cancel();
    this.#acknowledging?.cancel();
  }

  /** Says how many messages were taken. One call is under way at a time, and says it for all before. [P-5.2] */
  acknowledge(taken: number): void {
    this.#taken = taken;
    if (!this.acknowledging) this.#callAcknowledge();
  }

  /** Says again what the server could not confirm, if it could not. */
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
        if (end === null) this.#acknowledgeAnswered(count, response?.statusCode as number);
        else this.#listener.acknowledgeFailed(end);
      },
    );
  }

  #acknowledgeAnswered(count: number, status: number): void {
    switch (status) {
      case Status.acknowledged:
        this.#confirmed = count;
        this.#failed = 0;
        break;
      // Its store failed for the moment. Not asked again at once, as it would most likely fail again.
      case Status.unknownError:
        this.#failed = count;
        break;
      default: {
        const { failures } = this.#connection;
        this.#connection.fail(failures.protocolError(`answered Acknowledge with status ${status}`));
        this.#listener.acknowledgeAnswered();
        return;
      }
    }
    if (this.#taken > count) this.#callAcknowledge();
    this.#listener.acknowledgeAnswered();
  }

  #streamEnded(end: CallEnd | undefined, attempt: number): void {
    this.#stream = undefined;
    const isRefused = end !== undefined && isRefusedStream(end) && this.#connection.carriesCalls;
    if (!isRefused) this.#listener.streamEnded(end);
    else if (attempt < attemptsMax) this.subscribe(attempt + 1);
    else this.#listener.streamEnded(refusedEachTime);
  }
}
