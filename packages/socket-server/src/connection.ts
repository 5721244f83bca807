import type { Socket } from 'node:net';
import {
  type ChatService,
  Conversation,
  type ConversationEnd,
  type FoundOutcome,
  type LoginResult,
  type Peer,
  type Receiver,
  type Request,
  shortListMax,
  type Wire,
} from '@tandem/chat';
import {
  ConnectionLog,
  framedVersion,
  isFramedVersion,
  type MemoryAccount,
  type Message,
  type SearchOutcome,
  Status,
  unreadPageMemoryBytes,
  usernamesMemoryBytes,
} from '@tandem/core';
import type { Logger } from 'pino';
import type { Dialect } from './dialect.ts';
import { FramedDialect } from './framed-dialect.ts';
import type { SocketServerLimits } from './options.ts';
import { otherProtocol } from './other-protocol.ts';
import type { Pacer } from './pacer.ts';
import { SeedDialect } from './seed-dialect.ts';
import { deliverEvents, type SocketEvents } from './socket-events.ts';
import { Writer, type WriterOwner } from './writer.ts';

/** What a connection is made of. */
export interface ConnectionOptions {
  readonly socket: Socket;
  /** The network that it comes from; see `networkOf`. */
  readonly address: string;
  readonly service: ChatService;
  readonly limits: SocketServerLimits;
  readonly logger: Logger;
  /** One for all connections. */
  readonly pacer: Pacer;
  /** Told what a mailbox could not be read for. */
  readonly onMailboxFailed: (error: unknown) => void;
  /** What it holds in memory; closed with it. */
  readonly account: MemoryAccount;
}

/**
 * - `greeting`: not one byte has come, so the dialect is not known
 * - `open`: the conversation goes on
 * - `lingering`: everything is said; what still comes is thrown away until the client closes too,
 *   because closing on unread bytes would reset the connection and take our last answer with it
 * - `closed`: gone
 */
type State = 'greeting' | 'open' | 'lingering' | 'closed';

const lingerMs = 1_000;

// What Node reads at most at once, and a connection holds while its requests have to wait.
const readBytesMax = 64 * 1024;

/** One client's connection: bytes in, a conversation in its dialect, bytes out. */
export class Connection implements Receiver, SocketEvents, WriterOwner, Wire<Uint8Array> {
  readonly address: string;
  readonly #socket: Socket;
  readonly #limits: SocketServerLimits;
  readonly #log: ConnectionLog;
  readonly #onMailboxFailed: (error: unknown) => void;
  readonly #peer: Peer;
  readonly #account: MemoryAccount;
  readonly #writer: Writer;
  readonly #conversation: Conversation<Uint8Array>;
  #dialect: Dialect | undefined;
  #state: State = 'greeting';
  #receivedAt = performance.now();
  /** Bytes that the kernel had accepted when it was last seen to accept any, and when that was. */
  #acceptedBytes = -1;
  #acceptedAt = 0;
  /** Chat messages that the kernel accepted, for a dialect without acknowledgements. */
  #messagesAccepted = 0;
  /** How many of them belong to the sessions before this one. */
  #messagesBefore = 0;
  #lingerTimer: NodeJS.Timeout | undefined;

  constructor(options: ConnectionOptions) {
    const { socket, address, service, limits, logger, pacer, account } = options;
    this.#account = account;
    this.#socket = socket;
    this.address = address;
    this.#limits = limits;
    this.#log = new ConnectionLog(logger, 'socket', socket);
    this.#onMailboxFailed = options.onMailboxFailed;
    this.#peer = service.connect(this, this, this.#log.trace);
    this.#writer = new Writer(socket, this, pacer, account);
    this.#conversation = new Conversation(this.#peer, this);
    deliverEvents(socket, this);
  }

  /** Whether somebody is logged in here. */
  get hasSession(): boolean {
    return this.#peer.username !== undefined;
  }

  /** The server shuts down: says so, answers what was read, and closes. [P-6.9] */
  stop(): void {
    if (this.#state === 'greeting') this.finish('stopping');
    if (this.#state !== 'open') return;
    if (this.#dialect?.shutdown !== undefined) this.write(this.#dialect.shutdown);
    this.#conversation.stop();
  }

  receive(chunk: Buffer): void {
    this.#receivedAt = performance.now();
    if (this.#state === 'greeting') this.#greet(chunk);
    else if (this.#state === 'open') this.#dialect?.push(chunk);
    if (this.#state === 'open') this.#conversation.received();
  }

  /** What was asked before is still answered. [P-6.8] */
  endInput(): void {
    if (this.#state === 'greeting') this.finish('goodbye');
    else this.#conversation.endInput();
  }

  drain(): void {
    this.#writer.drain();
    this.#conversation.work();
  }

  failed(error: Error): void {
    this.#log.ends(`the client is gone: ${(error as NodeJS.ErrnoException).code ?? error.message}`);
  }

  closed(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    const { bytesRead, bytesWritten } = this.#socket;
    this.#log.closed({ dialect: this.#dialect?.name, bytesRead, bytesWritten });
    clearTimeout(this.#lingerTimer);
    this.#conversation.end();
    this.#peer.leave();
    this.#writer.close();
    this.#account.close();
  }

  /** Closes if the client has not read, or before a login not spoken, for too long by now. */
  dropIfSilent(now: number): void {
    if (this.#writer.waiting) this.#dropIfNotReading(now);
    else if (this.#peer.username === undefined && !this.#conversation.busy) this.#dropIfIdle(now);
  }

  /** Closes at once, whatever is owed. */
  destroy(reason: string): void {
    if (this.#state === 'closed') return;
    this.#log.ends(reason);
    this.#socket.destroy();
    this.closed();
  }

  push(message: Message): void {
    if (this.#dialect === undefined || this.#state === 'closed') return;
    const counted = this.#dialect.takenWhenAccepted ? 1 : 0;
    this.#writer.write(this.#dialect.incoming(message), counted);
  }

  mailboxFailed(error: unknown): void {
    if (this.#state === 'closed') return;
    this.#onMailboxFailed(error);
    this.destroy('its mailbox could not be read');
  }

  /** Only a login's pages can fail, as they are read from the mailbox. */
  cutShort(error: unknown): void {
    this.mailboxFailed(error);
  }

  waits(): void {
    this.#conversation.work();
  }

  accepted(messages: number): void {
    this.#messagesAccepted += messages;
    const taken = this.#messagesAccepted - this.#messagesBefore;
    if (taken > 0) this.#peer.acknowledge(taken);
  }

  next(): Request | undefined {
    return this.#dialect?.next();
  }

  get blocked(): boolean {
    return this.#writer.blocked;
  }

  read(wanted: boolean): void {
    if (wanted) {
      this.#account.give(readBytesMax);
      this.#socket.resume();
    } else {
      this.#account.charge(readBytesMax);
      this.#socket.pause();
    }
  }

  write(bytes: Uint8Array): void {
    this.#writer.write(bytes);
  }

  status(status: Status): Uint8Array {
    return (this.#dialect as Dialect).status(status);
  }

  sendStatus(status: Status, toOneself: boolean): Uint8Array | undefined {
    return (this.#dialect as Dialect).sendStatus(status, toOneself);
  }

  async login(result: LoginResult): Promise<void> {
    if ('session' in result && result.session.unread > shortListMax) await this.#writer.drained();
    if ('session' in result) this.#messagesBefore = this.#writer.messagesWritten;
    if (!('session' in result) || result.session.unread <= shortListMax) {
      await this.#dialect?.login(result, this.#writer);
      return;
    }
    this.#account.charge(unreadPageMemoryBytes);
    try {
      await this.#dialect?.login(result, this.#writer);
    } finally {
      this.#account.give(unreadPageMemoryBytes);
    }
  }

  found(outcome: SearchOutcome): Uint8Array {
    return (this.#dialect as Dialect).found(outcome);
  }

  async search(outcome: FoundOutcome): Promise<void> {
    const bytes = usernamesMemoryBytes(outcome.usernames.length);
    if (!this.#account.take(bytes)) {
      this.write(this.status(Status.tooBusy));
      return;
    }
    try {
      await this.#writer.drained();
      await this.#dialect?.search(outcome, this.#writer);
    } finally {
      this.#account.give(bytes);
    }
  }

  /** Everything is said: ends our side, and waits a little for the client to end its own. [P-6.8] */
  finish(end: ConversationEnd, reason?: string): void {
    if (this.#state === 'lingering' || this.#state === 'closed') return;
    this.#logEnd(end, reason);
    this.#state = 'lingering';
    this.#conversation.end();
    this.#peer.leave();
    this.#writer.flush();
    this.#socket.end(() => this.#linger());
    this.#socket.resume();
  }

  #linger(): void {
    if (this.#state === 'closed') return;
    this.#lingerTimer = setTimeout(() => this.#socket.destroy(), lingerMs).unref();
  }

  /** The first byte says which dialect the client speaks. [P-6.1] */
  #greet(chunk: Buffer): void {
    const firstByte = chunk[0] as number;
    this.#state = 'open';
    if (!isFramedVersion(firstByte)) {
      const protocol = otherProtocol(chunk);
      if (protocol !== undefined) this.#log.note('client speaks another protocol', { protocol });
      this.#dialect = new SeedDialect();
      this.#dialect.push(chunk);
      return;
    }
    this.#dialect = new FramedDialect();
    this.write(this.#dialect.greeting as Uint8Array);
    if (firstByte === framedVersion) {
      this.#dialect.push(chunk.subarray(1));
    } else {
      this.#log.ends(`the client speaks another version, ${firstByte - 0x80}`);
      this.finish('goodbye');
    }
  }

  /** What it says meanwhile does not count: only the kernel's word that bytes have left. [P-5.1] */
  #dropIfNotReading(now: number): void {
    if (this.#writer.acceptedBytes !== this.#acceptedBytes) {
      this.#acceptedBytes = this.#writer.acceptedBytes;
      this.#acceptedAt = now;
    } else if (now - this.#acceptedAt >= this.#limits.drainTimeoutMs) {
      this.destroy('it does not read what it is sent');
    }
  }

  /** [P-6.10] */
  #dropIfIdle(now: number): void {
    if (now - this.#receivedAt >= this.#limits.idleBeforeLoginMs) this.destroy('it said nothing');
  }

  #logEnd(end: ConversationEnd, reason: string | undefined): void {
    const waiting = this.#dialect?.bufferedBytes ?? 0;
    if (end === 'broken') {
      this.#log.note('client broke the protocol', { reason });
      this.#log.ends('the client broke the protocol');
    } else if (end === 'stopping') {
      this.#log.ends('the server stops');
    } else if (waiting > 0) {
      this.#log.ends(`the client left inside a request, of which ${waiting} bytes had come`);
    }
  }
}
