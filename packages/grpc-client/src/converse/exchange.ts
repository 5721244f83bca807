import { type ClientDuplexStream, Metadata, type ServiceError } from '@grpc/grpc-js';
import {
  type ClientRequest,
  type ExchangeListener,
  messageBytes,
  Operation,
  OrderedExchange,
  type ResponseContent,
  Status,
} from '@tandem/core';
import {
  batchFramesMax,
  batchFramesOf,
  batchMetadata,
  type ClientFrame,
  loadMessageService,
  type ServerFrame__Output,
} from '@tandem/protos';
import { Connection, type ConnectionOptions } from '../connection.ts';
import { BatchWriter } from './batch-writer.ts';

type ConverseStream = ClientDuplexStream<ClientFrame, ServerFrame__Output>;

/** The options of a Converse exchange. */
interface ConverseOptions extends ConnectionOptions {
  /** False to neither send nor take batches. */
  readonly batches?: boolean | undefined;
}

/**
 * Requests and responses in frames on one Converse stream, which is the whole session. Messages may
 * stand between the responses. [P-6.6] [P-6.7]
 */
export class ConverseExchange extends OrderedExchange {
  protected readonly connection: Connection;
  readonly #over = Promise.withResolvers<void>();
  readonly #takesBatches: boolean;
  readonly #writer = new BatchWriter((message, onAccepted) =>
    this.#stream?.write(message, onAccepted),
  );
  #stream: ConverseStream | undefined;
  /** True when the last message from the server was a batch. */
  #batchCame = false;

  constructor(attempt: ConverseOptions, listener: ExchangeListener) {
    super(listener, attempt.responseTimeoutMs);
    this.#takesBatches = attempt.batches ?? true;
    this.connection = new Connection(attempt, {
      opened: () => this.#open(),
      // The stream goes on for as long as the server lets it, and says why it ends.
      draining: () => {},
      ended: (error) => this.ended(error),
      cancelCalls: () => this.#stream?.cancel(),
    });
  }

  acknowledge(count: number): void {
    this.#writer.write({ acknowledge: { count } }, false);
  }

  close(): Promise<void> {
    return this.connection.close(() => this.#endStream());
  }

  protected send(request: ClientRequest): void {
    // The responses of a batch bring about requests together.
    const alone = this.pending.length === 1 && !this.#batchCame;
    this.#writer.write(frameOf(request), alone);
  }

  #open(): void {
    const { path, requestSerialize, responseDeserialize } = loadMessageService().Converse;
    const stream = this.connection.client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      this.#takesBatches ? batchMetadata() : new Metadata(),
    );
    stream.on('metadata', (metadata) => this.#writer.takesBatches(batchFramesOf(metadata)));
    stream.on('data', (frame: ServerFrame__Output) => this.#received(frame));
    stream.on('error', (error) => this.#streamFailed(error as ServiceError));
    stream.on('end', () => this.#streamEnded());
    this.#stream = stream;
  }

  #received(message: ServerFrame__Output): void {
    if (this.error !== undefined) return;
    this.pending.heard();
    this.#batchCame = message.detail === 'batch';
    if (!message.batch) {
      this.#take(message);
      return;
    }
    const { frames } = message.batch;
    const framesMax = this.#takesBatches ? batchFramesMax : 0;
    if (frames.length === 0 || frames.length > framesMax) {
      this.broken(
        `sent a batch of ${frames.length} frames where at most ${framesMax} are taken, and no empty one`,
      );
    }
    for (const frame of frames) {
      // A frame may have broken the rules, or closed the client.
      if (this.error !== undefined) return;
      this.#take(frame);
    }
  }

  #take(frame: ServerFrame__Output): void {
    if (frame.statusCode === Status.incoming) this.#incoming(frame);
    else this.#respond(frame);
  }

  #incoming({ messages }: ServerFrame__Output): void {
    const [message] = messages;
    if (message === undefined || messages.length > 1) {
      this.broken('sent an incoming frame that has not one message');
    } else {
      this.incoming(message);
    }
  }

  #respond(frame: ServerFrame__Output): void {
    const content = contentOf(frame);
    this.respond(frame.statusCode as Status, content, bytesOf(content));
  }

  #streamFailed(error: ServiceError): void {
    this.#over.resolve();
    this.connection.fail(this.connection.failures.callFailed('Converse', error));
  }

  #streamEnded(): void {
    this.#over.resolve();
    this.connection.fail(this.connection.failures.lost());
  }

  /** Half-closes, and waits until the server has carried out what it read. [P-6.8] */
  async #endStream(): Promise<void> {
    if (this.#stream === undefined) return;
    this.#writer.flush();
    this.#stream.end();
    await this.#over.promise;
  }
}

/** Returns the frame of a request. */
function frameOf(request: ClientRequest): ClientFrame {
  switch (request.operation) {
    case Operation.register:
      return { register: { username: request.username } };
    case Operation.login:
      return { login: { username: request.username } };
    case Operation.search:
      return { search: { query: request.query } };
    case Operation.send:
      return { send: request };
    case Operation.logout:
      return { logout: { username: request.username } };
    case Operation.delete:
      return { delete: { username: request.username } };
    case Operation.registerWithSecret:
      return { registerWithSecret: request };
    case Operation.loginWithSecret:
      return { loginWithSecret: request };
    case Operation.resume:
      return { resume: request };
    case Operation.changeSecret:
      return { changeSecret: request };
    case Operation.block:
      return { block: request };
    case Operation.unblock:
      return { unblock: request };
  }
}

/** Returns what a frame carries besides its status; undefined when that is nothing. */
function contentOf(frame: ServerFrame__Output): ResponseContent | undefined {
  const { messages, results, resumeToken, retryAfterSeconds } = frame;
  if (resumeToken) return { messages, usernames: results, token: resumeToken };
  if (retryAfterSeconds) return { messages, usernames: results, retryAfterS: retryAfterSeconds };
  if (messages.length === 0 && results.length === 0) return undefined;
  return { messages, usernames: results };
}

/** Returns the size of a content, in bytes, as the framed dialect would carry it. [P-6.4] */
function bytesOf(content: ResponseContent | undefined): number {
  if (content === undefined) return 0;
  let bytes = 0;
  for (const message of content.messages) bytes += messageBytes(message) + 1;
  for (const username of content.usernames) bytes += username.length + 1;
  return bytes;
}
