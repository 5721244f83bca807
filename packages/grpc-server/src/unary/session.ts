import { randomBytes } from 'node:crypto';
import type { ServerWritableStream } from '@grpc/grpc-js';
import {
  type Chat,
  type ClientAgent,
  type LoginResult,
  type Receiver,
  readUnread,
  type Session,
  turnCost,
} from '@tandem/chat';
import { type Message, messageBytes, messageCharsMax, usernameCharsMax } from '@tandem/core';
import type { MemoryAccount } from '@tandem/core/server';
import type { UsernameRequest__Output, Message__Output as WireMessage } from '@tandem/protos';
import { onOver } from '../calls/call-hooks.ts';
import {
  type CallError,
  dismissed,
  internalError,
  resumedElsewhere,
  sessionExpired,
} from '../calls/refusal.ts';
import { type DirectWriter, FrameWriter } from '../calls/writer.ts';
import type { Connection, ConnectionSession } from '../connections/connection.ts';
import { encodeMessages } from './unread-response.ts';

/** The call of a Subscribe. */
export type SubscribeCall = ServerWritableStream<UsernameRequest__Output, WireMessage>;

/** The options of a unary session. */
export interface UnarySessionOptions {
  readonly service: Chat;
  /** The connection of its login; undefined when that is gone already. */
  readonly connection: Connection | undefined;
  /** True when the client acknowledges; if not, a message is taken once its stream has accepted it. */
  readonly acknowledges: boolean;
  readonly subscribeWithinMs: number;
  readonly sessionMs: number;
  readonly drainTimeoutMs: number;
  /** Called when a fault of the server ends the session. */
  readonly onFailed: (error: unknown) => void;
  /** Called once, when the session is over. */
  readonly onEnded: (session: UnarySession) => void;
}

// The longest Login response: a client takes no message of more than 4 MiB by default.
const loginBytesMax = 4 * 1024 * 1024 - 64 * 1024;
// The tags and lengths around the sender and body of a message.
const messageOverheadBytes = 8;
const messageBytesMax = usernameCharsMax + messageCharsMax + messageOverheadBytes;
const loginMessagesMax = Math.floor(loginBytesMax / messageBytesMax);

/**
 * A session over unary calls and one Subscribe stream.
 *
 * It ends with its Logout or Delete, when its stream ends, when its Login is not completed, or when no
 * Subscribe comes in time. Until there is a stream, messages wait in the mailbox.
 */
export class UnarySession implements Receiver, ConnectionSession {
  /** The token of this session, which later calls carry: 128 random bits. */
  readonly token = randomBytes(16).toString('hex');
  readonly agent: ClientAgent;
  readonly #options: UnarySessionOptions;
  #session: Session | undefined;
  #stream: SubscribeCall | undefined;
  #subscribeTimer: NodeJS.Timeout | undefined;
  #expiryTimer: NodeJS.Timeout | undefined;
  #writer: FrameWriter<Message> | undefined;
  #loginCompleted = false;
  #delivered = 0;
  #accepted = 0;
  #ended = false;
  #endedFor: CallError | undefined;

  constructor(options: UnarySessionOptions) {
    this.#options = options;
    const { service, connection } = options;
    this.agent = service.connect(this, connection, connection?.trace);
  }

  /** The connection of its login; undefined when that was gone already. */
  get connection(): Connection | undefined {
    return this.#options.connection;
  }

  /** The user, once logged in, also after the end. */
  get username(): string | undefined {
    return this.#session?.username;
  }

  /** The longest that its Login response can be, in bytes. */
  get unreadBytesMax(): number {
    return Math.min(loginBytesMax, (this.#session?.unread ?? 0) * messageBytesMax);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The error for which it has ended; undefined for none, and when its client has ended it. */
  get endedFor(): CallError | undefined {
    return this.#endedFor;
  }

  get subscribed(): boolean {
    return this.#stream !== undefined;
  }

  /** Logs in. @param login asks for the session */
  async login(login: (agent: ClientAgent) => Promise<LoginResult>): Promise<LoginResult> {
    const result = await login(this.agent);
    if ('session' in result) {
      this.#session = result.session;
      const expire = () => this.end(sessionExpired);
      this.#expiryTimer = setTimeout(expire, this.#options.sessionMs).unref();
      this.#options.connection?.note('session began', { user: result.session.username });
    }
    return result;
  }

  /**
   * Returns the unread messages in pages, as many as fit into a Login response. The rest, of a mailbox that is
   * larger than the default allows, comes over the stream.
   */
  async readUnread(): Promise<readonly Buffer[]> {
    if (this.#session === undefined) return [];
    const { scheduler, origin } = this.agent;
    const pages: Buffer[] = [];
    this.#delivered = await readUnread(
      this.#session,
      loginMessagesMax,
      (messages) => pages.push(encodeMessages(messages)),
      () => scheduler.turn(origin, turnCost.page, () => this.#ended),
    );
    return pages;
  }

  /** Counts the messages of the Login response as sent, and waits for the Subscribe. */
  loginIsComplete(): void {
    this.#loginCompleted = true;
    this.#countAccepted(this.#delivered);
    if (this.#stream !== undefined || this.#ended) return;
    this.#subscribeTimer = setTimeout(() => this.end(), this.#options.subscribeWithinMs);
  }

  /**
   * Sends messages to this stream from now on. The caller has checked that there is none yet.
   *
   * @param onStuck called when the stream has not drained for too long: its connection is to be cut
   * @param account pays for what waits in the stream
   */
  subscribe(
    stream: SubscribeCall,
    direct: DirectWriter<Message>,
    onStuck: () => void,
    account?: MemoryAccount,
  ): void {
    this.#stream = stream;
    clearTimeout(this.#subscribeTimer);
    const owner = { drained: () => {}, stuck: onStuck };
    const writer = new FrameWriter(direct, this.#options.drainTimeoutMs, owner, account);
    this.#writer = writer;
    if (account !== undefined) this.#session?.payFrom(account);
    onOver(stream, () => {
      this.end();
      writer.close();
    });
    this.#session?.goLive();
  }

  push({ sender, body }: Message): void {
    const message = { sender, body };
    const onAccepted = this.#options.acknowledges ? undefined : () => this.#countAccepted(1);
    this.#writer?.write(message, messageBytes(message), onAccepted);
  }

  mailboxFailed(error: unknown): void {
    this.#options.onFailed(error);
    this.end(internalError);
  }

  dismissed(): void {
    this.end(dismissed);
  }

  resumedElsewhere(): void {
    this.end(resumedElsewhere);
  }

  /** Ends the session if it has no stream, as the connection of its Login is gone. */
  connectionClosed(): void {
    if (this.#stream === undefined) this.end();
  }

  /** Ends the session, and its stream with it. May be called twice. [P-5.1] */
  end(error?: CallError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#endedFor = error;
    clearTimeout(this.#subscribeTimer);
    clearTimeout(this.#expiryTimer);
    this.#writer?.end();
    this.agent.leave();
    if (this.#session !== undefined) {
      const reason = error?.details ?? 'its client ended it, or is gone';
      this.#options.connection?.note('session ended', { user: this.username, reason });
    }
    if (error === undefined) this.#stream?.end();
    else this.#stream?.emit('error', error);
    this.#options.onEnded(this);
  }

  // A count stands for the oldest messages: those of the Login come before those of the stream.
  #countAccepted(messages: number): void {
    this.#accepted += messages;
    if (this.#loginCompleted && !this.#options.acknowledges) this.agent.acknowledge(this.#accepted);
  }
}
