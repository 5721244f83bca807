import type { Socket } from 'node:net';
import {
  bothTraces,
  type Chat,
  type ClientAgent,
  Conversation,
  type ConversationEnd,
  type Trace,
} from '@tandem/chat';
import { clockMs, framedVersion, isFramedVersion } from '@tandem/core';
import {
  ConnectionLog,
  type MemoryAccount,
  type MemoryOwner,
  smallReadBytesMax,
  socketTeardownUnits,
  type TableConnection,
  type TeardownQueue,
} from '@tandem/core/server';
import { tlsDetails } from '@tandem/tls/server';
import type { Logger } from 'pino';
import { FramedWire } from './framed-wire.ts';
import type { SocketServerLimits } from './options.ts';
import { SeedWire } from './seed-wire.ts';
import { deliverEnd, deliverEvents, forgetAddress, type SocketEvents } from './socket-events.ts';
import type { SocketWire, WireOutput, WireOwner } from './socket-wire.ts';
import { Writer, type WriterOwner } from './writer.ts';

/** The options of a connection, which all of a server share. */
export interface ConnectionOptions {
  readonly service: Chat;
  readonly limits: SocketServerLimits;
  readonly logger: Logger;
  /** Told of each operation; undefined for nothing. */
  readonly trace?: Trace | undefined;
  /** Takes the error when a mailbox could not be read. */
  readonly onMailboxFailed: (error: unknown) => void;
  /** Says when a connection may do the work of its end. */
  readonly teardown: TeardownQueue;
}

/**
 * - `arriving`: it is not settled whether it speaks TLS
 * - `greeting`: no byte has come, so the dialect is not known
 * - `open`: requests are answered
 * - `lingering`: everything is written, and this side has ended. Bytes that still come are dropped
 *   until the client ends its side: to close with unread bytes would reset the connection, and lose
 *   the last response
 * - `closed`: gone
 */
type State = 'arriving' | 'greeting' | 'open' | 'lingering' | 'closed';

const lingerMs = 1_000;

// A longest request, which the memory of an idle connection has room for. Otherwise many users who each ask for
// something at the same moment would hold more than there is.
const freeBytesMax = 512;

const greeting = Buffer.of(framedVersion);

/**
 * One client's connection. The first byte decides on the wire; from then on a conversation goes on
 * over it. What stays here is the greeting, the timeouts and the end.
 */
export class Connection
  implements TableConnection, MemoryOwner, SocketEvents, WireOwner, WireOutput, WriterOwner
{
  readonly #options: ConnectionOptions;
  /** The one that came in, or TLS over it. */
  #socket: Socket;
  readonly #log: ConnectionLog;
  /** The account of its memory. */
  readonly account: MemoryAccount;
  /** Present while bytes are on their way: an idle connection has none. */
  #writer: Writer | undefined;
  #wire: SocketWire | undefined;
  #agent: ClientAgent | undefined;
  /** Present while something is under way: an idle connection has none. */
  #conversation: Conversation<Uint8Array> | undefined;
  #state: State = 'arriving';
  #receivedAtMs = wholeMs();
  /** The most that one read brings, in bytes. */
  #readBytesMax = 0;
  /** The bytes that the last read brought. */
  #lastReadBytes = 0;
  /** True while requests have to wait. */
  #waits = false;
  /** The memory of what was read that is paid for while requests have to wait, in bytes. */
  #heldBytes = 0;

  /**
   * @param socket the one that came in, which nobody reads
   * @param account the memory of the connection; closed with it
   */
  constructor(socket: Socket, account: MemoryAccount, options: ConnectionOptions) {
    this.#options = options;
    this.#socket = socket;
    this.account = account;
    account.owner = this;
    this.#log = ConnectionLog.begin(options.logger, 'socket', socket);
    forgetAddress(socket);
  }

  /** The network of its client; see `networkOf`. */
  get address(): string {
    return this.account.address;
  }

  tearDown(close: () => void): void {
    this.#options.teardown.run(close, socketTeardownUnits);
  }

  /**
   * Begins: reads what the client says. To be called once.
   *
   * @param socket the one that came in, or TLS over it
   */
  begin(socket: Socket): void {
    if (this.#state === 'closed') {
      socket.destroy();
      return;
    }
    this.#state = 'greeting';
    if (socket !== this.#socket) deliverEnd(socket, this);
    this.#socket = socket;
    this.#receivedAtMs = wholeMs();
    const details = tlsDetails(socket);
    if (details !== undefined) this.#log.note('TLS is agreed on', details);
    this.#readBytesMax = deliverEvents(socket, this);
    if (socket.isPaused()) socket.resume();
  }

  /** Tells if somebody is logged in here. */
  get hasSession(): boolean {
    return this.#agent?.username !== undefined;
  }

  /** Says that the server shuts down, answers what was read, and closes. [P-6.9] */
  stop(): void {
    if (this.#state === 'arriving') this.destroy('the server stops');
    if (this.#state === 'greeting') this.finish('stopping');
    if (this.#state !== 'open') return;
    if (this.#wire?.shutdown !== undefined) this.#wire.write(this.#wire.shutdown);
    this.#conversing().stop();
  }

  receive(chunk: Buffer): void {
    this.#receivedAtMs = wholeMs();
    this.#lastReadBytes = chunk.length;
    if (this.#state === 'greeting') this.#greet(chunk);
    else if (this.#state === 'open') this.#wire?.receive(chunk);
    if (this.#state !== 'open') return;
    if (this.#waits) {
      this.#hold(chunk.length);
      this.#socket.pause();
      return;
    }
    const writer = this.#writing();
    const conversation = this.#conversing();
    writer.beginResponses();
    conversation.received();
    writer.flush();
    // More waits in the system, before any end or reset. Who lingers reads on.
    const isFull = chunk.length === this.#readBytesMax;
    if (isFull && this.#waits && this.#state === 'open') this.#socket.pause();
    if (writer.resting) this.#writer = undefined;
    if (conversation.resting) this.#conversation = undefined;
  }

  /** Answers what was asked before, then closes. [P-6.8] */
  endInput(): void {
    this.#options.teardown.run(() => {
      if (this.#state === 'greeting') this.finish('goodbye');
      else if (this.#state === 'open') this.#conversing().endInput();
    });
  }

  drain(): void {
    this.#writer?.drain();
    this.#conversation?.work();
  }

  failed(error: Error): void {
    this.#log.ends(`the client is gone: ${(error as NodeJS.ErrnoException).code ?? error.message}`);
  }

  /** Until it has begun, whoever is at work on it tells why; over TLS, its own socket tells its end. */
  socketClosed(): void {
    if (this.#state !== 'arriving' && this.#socket.closed) this.closed();
  }

  closed(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    const { bytesRead, bytesWritten } = this.#socket;
    this.#log.closed({ dialect: this.#wire?.dialect, bytesRead, bytesWritten });
    this.#leave();
    this.#writer?.close();
    this.account.close();
  }

  /**
   * Closes if the client has not read for too long, whatever it sends [P-5.1], or has sent nothing before a
   * login. [P-6.10] Otherwise gives back what bytes held that the client has taken since.
   *
   * @param now see `clockMs`
   */
  dropIfSilent(now: number): void {
    const { drainTimeoutMs, idleBeforeLoginMs } = this.#options.limits;
    if (this.#waits) {
      // What Node.js has read by itself of a socket that is paused, as it does over TLS.
      this.#hold(this.#lastReadBytes + this.#socket.readableLength - this.#heldBytes);
    }
    if (this.#writer?.waiting === true) {
      if (this.#writer.stuckMs(now) >= drainTimeoutMs)
        this.#drop('it does not read what it is sent');
      return;
    }
    // Few bytes that waited, as all do over TLS, leave without a `drain` of their socket.
    this.#writer?.drain();
    if (this.#writer?.resting === true) this.#writer = undefined;
    if (!this.hasSession && this.#conversation?.busy !== true) {
      if (now - this.#receivedAtMs >= idleBeforeLoginMs) this.#drop('it said nothing');
    }
  }

  /** Closes at once, whatever is pending. */
  destroy(reason: string): void {
    if (this.#state === 'closed') return;
    this.#log.ends(reason);
    this.#socket.destroy();
    this.closed();
  }

  write(bytes: Uint8Array, messages = 0): void {
    this.#writing().write(bytes, messages);
  }

  drained(): Promise<void> {
    return this.#writing().drained();
  }

  get blocked(): boolean {
    return this.#writer?.blocked === true;
  }

  /**
   * Reads on, or stops. In small parts, one part more is read while requests wait: Node.js hears of a reset only
   * while it reads. By itself, it reads up to 64 KiB more when it is paused.
   */
  read(wanted: boolean): void {
    this.#waits = !wanted;
    if (wanted) {
      this.account.give(this.#heldBytes);
      this.#heldBytes = 0;
      this.#socket.resume();
    } else {
      this.#hold(this.#lastReadBytes);
      if (this.#readBytesMax > smallReadBytesMax) this.#socket.pause();
    }
  }

  waits(): void {
    if (this.#state === 'open') this.#conversing().work();
  }

  accepted(messages: number): void {
    this.#wire?.accepted(messages);
  }

  taken(count: number): void {
    this.#agent?.acknowledge(count);
  }

  mailboxFailed(error: unknown): void {
    if (this.#state === 'closed') return;
    this.#options.onMailboxFailed(error);
    this.destroy('its mailbox could not be read');
  }

  giveWayForMemory(): void {
    // Not at once: the end of a connection takes time, and another client waits for the memory.
    setImmediate(() => this.destroy('others need the memory that it holds'));
  }

  /** Ends this side, and waits a little for the client to end its own. [P-6.8] */
  finish(end: ConversationEnd, reason?: string): void {
    if (this.#state === 'lingering' || this.#state === 'closed') return;
    this.#logEnd(end, reason);
    this.#state = 'lingering';
    this.#leave();
    this.#writer?.flush();
    this.#socket.end(() => this.#linger());
    this.#socket.resume();
  }

  /** Has the account pay for bytes that wait, unless they are as few as those of one request. */
  #hold(bytes: number): void {
    if (bytes <= freeBytesMax) return;
    this.#heldBytes += bytes;
    this.account.charge(bytes);
  }

  #conversing(): Conversation<Uint8Array> {
    const agent = this.#agent as ClientAgent;
    this.#conversation ??= new Conversation(agent, this.#wire as SocketWire, this.account);
    return this.#conversation;
  }

  #writing(): Writer {
    this.#writer ??= new Writer(this.#socket, this);
    return this.#writer;
  }

  #leave(): void {
    this.#conversation?.end();
    this.#agent?.leave();
  }

  #linger(): void {
    if (this.#state === 'closed') return;
    const timer = setTimeout(() => this.#socket.destroy(), lingerMs).unref();
    this.#socket.once('close', () => clearTimeout(timer));
  }

  /** Begins the conversation in the dialect of the client's first byte. [P-6.1] */
  #greet(chunk: Buffer): void {
    const firstByte = chunk[0] as number;
    if (!isFramedVersion(firstByte)) {
      const protocol = otherProtocol(chunk);
      if (protocol !== undefined) this.#log.note('client speaks another protocol', { protocol });
      this.#open(SeedWire).receive(chunk);
      return;
    }
    const wire = this.#open(FramedWire);
    wire.write(greeting);
    if (firstByte === framedVersion) {
      wire.receive(chunk.subarray(1));
    } else {
      this.#log.ends(`the client speaks another version, ${firstByte - 0x80}`);
      this.finish('goodbye');
    }
  }

  #open(Wire: typeof FramedWire | typeof SeedWire): SocketWire {
    const { service, trace } = this.#options;
    const wire = new Wire(this, this);
    this.#wire = wire;
    this.#agent = service.connect(wire, this, bothTraces(trace, this.#log.trace));
    this.#state = 'open';
    return wire;
  }

  /** Closes in its turn: one look finds all that are silent. */
  #drop(reason: string): void {
    this.tearDown(() => this.destroy(reason));
  }

  #logEnd(end: ConversationEnd, reason: string | undefined): void {
    const waiting = this.#wire?.bufferedBytes ?? 0;
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

/** Returns the time in whole milliseconds, which V8 keeps without an object. */
function wholeMs(): number {
  return Math.trunc(clockMs());
}

/**
 * Names the protocol that a connection's first bytes are of, where that is one that people take this
 * port for: HTTP, or TLS. Undefined otherwise.
 */
function otherProtocol(firstBytes: Buffer): string | undefined {
  if (firstBytes[0] === 0x16 && firstBytes[1] === 0x03) return 'TLS';
  const begin = firstBytes.toString('latin1', 0, 8);
  if (begin.startsWith('PRI * HT')) return 'HTTP/2, as gRPC does, which has a port of its own';
  return /^(GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH) /.test(begin)
    ? 'HTTP'
    : undefined;
}
