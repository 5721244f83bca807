import type { ServerDuplexStream } from '@grpc/grpc-js';
import {
  type Chat,
  Conversation,
  type ConversationEnd,
  type FoundOutcome,
  type NameList,
  type Page,
  type Receiver,
  type Request,
  type ResponseDetail,
  type Wire,
} from '@tandem/chat';
import { type Message, messageBytes, Status } from '@tandem/core';
import { batchFramesOf, batchMetadata, type ServerFrame } from '@tandem/protos';
import { onOver } from '../calls/call-hooks.ts';
import {
  badOperation,
  type CallError,
  dismissed,
  internalError,
  resumedElsewhere,
  saidNothing,
  shuttingDown,
} from '../calls/refusal.ts';
import { type DirectWriter, FrameWriter } from '../calls/writer.ts';
import type { Connection } from '../connections/connection.ts';
import { BatchWriter } from './batch-writer.ts';
import type { DirectReader, ReaderOwner } from './reader.ts';
import { RequestReader } from './request.ts';

// A message counts as useful with what is around it on the wire, and with what acknowledges its responses: as so
// many bytes, or as its own and these, of which its own have counted when they came.
const usefulBytes = 512;
const overheadBytes = 64;

/** The call of a Converse. Its messages are read by a {@link DirectReader}, as their bytes. */
export type ConverseCall = ServerDuplexStream<Buffer, ServerFrame>;

/** The options of a Converse stream. */
export interface ConverseOptions {
  readonly call: ConverseCall;
  readonly reader: DirectReader;
  readonly direct: DirectWriter<ServerFrame>;
  readonly service: Chat;
  /** Called when a fault of the server ends the stream. */
  readonly onFault: (error: unknown) => void;
  readonly drainTimeoutMs: number;
  /** The connection of the call; undefined when that is gone already. */
  readonly connection: Connection | undefined;
  /** Called when nothing has drained for too long: its connection is to be cut. */
  readonly onStuck: () => void;
}

/**
 * A whole session on one stream: frames in, chat operations, frames out, by the rules of the framed
 * dialect. The stream identifies the client; there is no token. [P-6.6] [P-6.7]
 */
export class Converse implements Receiver, ReaderOwner, Wire<ServerFrame> {
  readonly #call: ConverseCall;
  readonly #reader: DirectReader;
  readonly #connection: Connection | undefined;
  readonly #onFault: (error: unknown) => void;
  readonly #writer: FrameWriter<ServerFrame>;
  readonly #batches: BatchWriter;
  readonly #requests = new RequestReader();
  readonly #conversation: Conversation<ServerFrame>;
  #receivedAt = performance.now();
  #ended = false;

  constructor(options: ConverseOptions) {
    const { call, connection, direct, reader, service, drainTimeoutMs, onStuck } = options;
    this.#call = call;
    this.#reader = reader;
    this.#connection = connection;
    this.#onFault = options.onFault;
    const owner = { drained: () => this.#conversation.work(), stuck: onStuck };
    this.#writer = new FrameWriter(direct, drainTimeoutMs, owner, connection?.account);
    const framesMax = batchFramesOf(call.metadata);
    this.#batches = new BatchWriter(this.#writer, framesMax, () =>
      call.sendMetadata(batchMetadata()),
    );
    const agent = service.connect(this, connection, connection?.trace);
    this.#conversation = new Conversation(agent, this, connection?.account);
    onOver(call, () => {
      this.#end(undefined, 'the client cancelled it, or is gone');
      this.#writer.close();
    });
    connection?.note('Converse opened');
    reader.begin(this);
  }

  arrived(): void {
    this.#receivedAt = performance.now();
    this.#conversation.received();
  }

  ended(): void {
    this.#conversation.endInput();
  }

  /** Carries out the requests that have come, then ends the stream, as the server shuts down. [P-6.9] */
  stop(): void {
    this.#reader.stop();
    this.#conversation.stop();
  }

  /** Ends the stream if nobody is logged in and nothing has come for `idleMs`. [P-6.10] */
  endIfIdle(now: number, idleMs: number): void {
    const silent = this.#conversation.agent.username === undefined && !this.#conversation.busy;
    if (silent && now - this.#receivedAt >= idleMs) this.#end(saidNothing, 'it said nothing');
  }

  push(message: Message): void {
    this.#batches.write(
      { statusCode: Status.incoming, messages: [message] },
      messageBytes(message),
      false,
    );
  }

  /** From now on, the calls of its connection count as those of a user. */
  sessionBegan(): void {
    this.#connection?.allowance.update();
  }

  mailboxFailed(error: unknown): void {
    if (!this.#ended) this.#onFault(error);
    this.#end(internalError, 'its mailbox could not be read');
  }

  dismissed(): void {
    this.#end(dismissed, 'the operator ended its session');
  }

  resumedElsewhere(): void {
    this.#end(resumedElsewhere, 'its session is resumed elsewhere');
  }

  /** Only the pages of a login can fail, as they are read from the mailbox. */
  responseCutShort(error: unknown): void {
    this.mailboxFailed(error);
  }

  get blocked(): boolean {
    return this.#writer.blocked;
  }

  next(): Request | undefined {
    return this.#requests.next() ?? this.#read();
  }

  #read(): Request | undefined {
    const message = this.#reader.read();
    if (message === undefined) return undefined;
    this.#connection?.flood.credit(Math.max(usefulBytes - message.length, overheadBytes));
    return this.#requests.read(message);
  }

  // The reader reads ahead by one message while nobody takes it.
  read(_wanted: boolean): void {}

  write(frame: ServerFrame): void {
    // The rest of a login's response follows.
    const isBeginning = frame.statusCode === Status.resumable;
    this.#batches.write(frame, 0, this.#requests.alone && !isBeginning);
  }

  /** Returns the frame of a status; none for a bad operation, which the end of the stream tells. */
  status(status: Status, detail?: ResponseDetail): ServerFrame | undefined {
    if (status === Status.badOperation) return undefined;
    const { token, retryAfterS } = detail ?? {};
    if (token !== undefined) return { statusCode: status, resumeToken: token };
    if (retryAfterS !== undefined) return { statusCode: status, retryAfterSeconds: retryAfterS };
    return { statusCode: status };
  }

  sendStatus(status: Status): ServerFrame {
    return { statusCode: status };
  }

  loginPage({ items, last }: Page<readonly Message[]>): void {
    const statusCode = last ? Status.loggedInUnread : Status.loggedInMore;
    const bytes = items.reduce((sum, message) => sum + messageBytes(message), 0);
    this.#batches.write({ statusCode, messages: [...items] }, bytes, this.#requests.alone);
  }

  searchPage({ items, last }: Page<NameList>, { status }: FoundOutcome): void {
    const frame = { statusCode: last ? status : Status.foundMore, results: items.toArray() };
    this.#batches.write(frame, items.bytes, this.#requests.alone);
  }

  drained(): Promise<void> {
    this.#batches.flush();
    return this.#writer.drained();
  }

  /** A bad operation ends the stream with INVALID_ARGUMENT, a shutdown with UNAVAILABLE. */
  finish(end: ConversationEnd, reason?: string): void {
    if (end === 'broken') this.#end(badOperation, `the client broke the protocol: ${reason}`);
    else if (end === 'stopping') this.#end(shuttingDown, 'the server stops');
    else this.#end(undefined, 'the client left');
  }

  #end(error: CallError | undefined, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#connection?.note('Converse closed', { reason, user: this.#conversation.agent.username });
    this.#conversation.end();
    this.#batches.flush();
    this.#writer.end();
    if (error === undefined) this.#call.end();
    else this.#call.emit('error', error);
  }
}
