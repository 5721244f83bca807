import { constants, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  bothTraces,
  type ClientAgent,
  type Origin,
  type Scheduler,
  type Trace,
} from '@tandem/chat';
import {
  type AdmissionLimits,
  ConnectionLog,
  type MemoryAccount,
  type MemoryBudget,
  type MemoryOwner,
  PlacedSet,
  socketTeardownUnits,
  type TableConnection,
  type TeardownQueue,
} from '@tandem/core/server';
import { ResetWatch, tlsDetails } from '@tandem/tls/server';
import type { Logger } from 'pino';
import type { CallAllowance, CallAllowances } from '../calls/call-allowance.ts';
import { callTeardownUnits, type OpenCall } from '../calls/open-call.ts';
import type { TurnCount } from '../calls/turn-count.ts';
import type { GrpcServerLimits } from '../options.ts';
import { FloodMeter, type Offenders } from './flood.ts';
import { keepStreamsApart, putOffDestroy } from './http2-server.ts';
import { PacedSocket } from './paced-socket.ts';
import { PendingResponses } from './pending-responses.ts';

/** A session that began on a connection. */
export interface ConnectionSession {
  /** Called when the connection is gone. */
  connectionClosed(): void;
}

/**
 * One TCP connection, which may carry many calls and several sessions.
 *
 * Its object, and not its address and port, identifies calls without a token: another client may use the
 * same port later.
 */
export class Connection implements Origin, TableConnection, MemoryOwner {
  /** The one that came in, or TLS over it. */
  socket: Socket;
  /** Its address and port, as grpc-js names them in a call. */
  readonly peer: string;
  /** The account of its memory. */
  readonly account: MemoryAccount;
  /** Says when it, and its calls, may do the work of their end. */
  readonly teardown: TeardownQueue;
  /** The calls that HTTP/2 has not forgotten. */
  readonly calls = new PlacedSet<OpenCall>();
  callsWaiting = 0;
  callsStaying = 0;
  tookAtMs = 0;
  /** The number of calls that it may have. */
  readonly allowance: CallAllowance;
  /** The measure of what it sends that is of no use. */
  readonly flood: FloodMeter;
  /** Its HTTP/2, once that has begun. */
  http2: ServerHttp2Session | undefined;
  /** True when HTTP/2 gets its bytes in small parts, since its address has offended lately. */
  readonly paced: boolean;
  readonly #limits: ConnectionLimits;
  readonly #offenders: Offenders;
  readonly #scheduler: Pick<Scheduler, 'isUser'>;
  readonly #log: ConnectionLog;
  readonly #trace: Trace | undefined;
  /** The number of streams that are, or may become, a session. */
  streams = 0;
  /** The agent of its calls outside any session, once there was one; it leaves with the connection. */
  stranger: ClientAgent | undefined;
  #destroyHttp2: ServerHttp2Session['destroy'] = () => {};
  #ending = false;
  /** The memory that is paid for headers without an end. */
  #headerBytes = 0;
  #begun = false;
  /** Present over TLS. */
  #resets: ResetWatch | undefined;
  // Most connections, those of Converse among them, never have either.
  #sessions: Set<ConnectionSession> | undefined;
  #responses: PendingResponses | undefined;
  #pacedSocket: PacedSocket | undefined;

  constructor(socket: Socket, address: string, options: ConnectionOptions) {
    this.socket = socket;
    this.#log = ConnectionLog.begin(options.logger, 'grpc', socket);
    socket.on('error', this.#failed);
    this.#trace = options.trace;
    this.#offenders = options.offenders;
    this.#scheduler = options.scheduler;
    this.paced = options.offenders.has(address, performance.now());
    this.peer = `${socket.remoteAddress ?? ''}:${socket.remotePort}`;
    this.#limits = options.limits;
    this.teardown = options.teardown;
    this.allowance = options.allowances.open(this);
    this.flood = new FloodMeter(this, options.parts);
    this.account = options.budget.open(address, this);
  }

  /** The network that it comes from; see `networkOf`. */
  get address(): string {
    return this.account.address;
  }

  giveWayForMemory(): void {
    this.calmDown('others need the memory that it holds');
  }

  readonly #failed = (error: NodeJS.ErrnoException): void => {
    this.#log.ends(`the client is gone: ${error.code ?? error.message}`);
  };

  /** The unary sessions that began on this connection. */
  get sessions(): Set<ConnectionSession> {
    this.#sessions ??= new Set();
    return this.#sessions;
  }

  /** The responses that wait for the client to read them. */
  get responses(): PendingResponses {
    this.#responses ??= new PendingResponses({
      account: this.account,
      drainTimeoutMs: this.#limits.drainTimeoutMs,
      onStuck: () => this.destroy(notReading),
    });
    return this.#responses;
  }

  took(): void {
    this.tookAtMs = performance.now();
    this.#responses?.took();
  }

  tearDown(close: () => void): void {
    this.#tearDown(close, (call) => call.tearDown(constants.NGHTTP2_CANCEL));
  }

  /** Node would end all calls with it in one turn. */
  #tearDown(close: () => void, endCall: (call: OpenCall) => void): void {
    for (const call of this.calls) this.teardown.run(() => endCall(call), callTeardownUnits);
    this.teardown.run(close, socketTeardownUnits);
  }

  get isUser(): boolean {
    return this.#scheduler.isUser(this);
  }

  /** True while somebody is logged in on it, or may be about to be. */
  get hasSession(): boolean {
    return this.streams > 0 || (this.#sessions?.size ?? 0) > 0;
  }

  /** The bytes that came on it, without those of TLS, and those that wait for their turn. */
  get bytesRead(): number {
    return this.socket.bytesRead - (this.#pacedSocket?.waitingBytes ?? 0);
  }

  /**
   * Takes the socket that HTTP/2 is to read. To be called once.
   *
   * @param socket the one that came in, or TLS over it
   */
  begin(socket: Socket): void {
    const details = tlsDetails(socket);
    if (details !== undefined) {
      this.note('TLS is agreed on', details);
      socket.on('error', this.#failed);
      this.#resets = new ResetWatch(socket);
    }
    this.socket = socket;
    this.#begun = true;
    // HTTP/2 has no use for one side alone.
    socket.on('end', () => this.teardown.run(() => socket.end()));
    // To close an HTTP/2 connection waits for the client to close its side, which it may never do.
    socket.on('finish', () => {
      const overdue = setTimeout(() => socket.destroy(), this.#limits.keepAliveTimeoutMs);
      socket.on('close', () => clearTimeout(overdue));
    });
  }

  /** Takes its HTTP/2, whose end is put off to its turn: Node ends all calls with it. To be called once. */
  beginHttp2(session: ServerHttp2Session): void {
    this.http2 = session;
    keepStreamsApart(session);
    this.#destroyHttp2 = putOffDestroy(session, (destroy, error, code) => {
      this.#ending = true;
      if (error !== undefined) this.#brokeRules(error);
      this.#tearDown(destroy, (call) => call.tearDown(code, error));
    });
    // Its end has told already.
    session.on('error', () => {});
    this.allowance.begin();
  }

  /** Returns the socket for HTTP/2. To be called once. */
  socketFor(scheduler: Scheduler): Duplex {
    if (!this.paced) return this.socket;
    this.note('paced, since its address broke a limit lately');
    this.#pacedSocket = new PacedSocket(this.socket, {
      scheduler,
      origin: this,
      account: this.account,
      headersTooLong: () => this.calmDown(headersTooLong),
    });
    return this.#pacedSocket;
  }

  /** The trace of operations on it; undefined when nobody wants it. */
  get trace(): Trace | undefined {
    return bothTraces(this.#trace, this.#log.trace);
  }

  /** Logs something about it, at `debug`. */
  note(what: string, details?: object): void {
    this.#log.note(what, details);
  }

  /** Cuts it in its turn, and logs the reason. Until then it takes no more calls. */
  destroy(reason: string): void {
    this.#ending = true;
    this.#log.ends(reason);
    this.tearDown(() => this.socket.destroy());
  }

  /** True when it takes no calls any more. */
  get ending(): boolean {
    return this.#ending;
  }

  /** Ends calls that have waited too long, and itself after a reset or when it is not read. To be called about once a second. */
  look(nowMs: number): void {
    if (this.#resets?.look()) this.destroy('the client is gone: TCP has ended below TLS');
    const { messageTimeoutMs, drainTimeoutMs } = this.#limits;
    for (const call of this.calls) {
      call.look(nowMs, messageTimeoutMs);
      if (!call.isUnread(nowMs, drainTimeoutMs)) continue;
      this.destroy(notReading);
      return;
    }
    const overdue = nowMs - this.allowance.toldAtMs >= this.#limits.keepAliveTimeoutMs;
    if (overdue && this.http2?.pendingSettingsAck === true) {
      this.calmDown('it does not acknowledge the limits of HTTP/2');
    }
  }

  /**
   * Ends it if it sends too much that is neither a call nor a message; pays for headers that do not end.
   *
   * @param busy true when the event loop has no time left
   */
  endIfFlooding(nowMs: number, busy: boolean): void {
    if (this.flood.tooMuch(nowMs, busy))
      this.calmDown('it floods HTTP/2 with frames that ask for nothing');
    const { unfinishedBytes } = this.flood;
    const bytes = unfinishedBytes > headerBytesFree ? memoryPerHeaderByte * unfinishedBytes : 0;
    const more = Math.round(bytes - this.#headerBytes);
    this.#headerBytes += more;
    if (more > 0) this.account.charge(more);
    else if (more < 0) this.account.give(-more);
  }

  /** Counts bytes of messages as useful. */
  messageBytesCame(bytes: number): void {
    this.flood.useful(bytes);
  }

  /** Counts a part of a message that is not whole, and ends the connection at once if it is one too many. */
  partCame(): void {
    if (this.flood.part()) this.endAtOnce('it sends messages in too many parts', true);
  }

  /**
   * Ends it in one of the next turns, with ENHANCE_YOUR_CALM. Until then Node may still announce calls of it,
   * whose errors nobody would handle. May be called again.
   */
  calmDown(reason: string): void {
    if (!this.#endsFor(reason, true)) return;
    setImmediate(() => {
      if (this.http2 === undefined) this.socket.destroy();
      // Without an error, Node keeps the code.
      else this.http2.destroy(null as never, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    });
  }

  /**
   * Ends it with ENHANCE_YOUR_CALM, and at once. HTTP/2 drops what is left of the bytes that it decodes.
   * To be called while a call of it is announced.
   *
   * @param offends true when its address is to be paced for it
   */
  endAtOnce(reason: string, offends: boolean): void {
    if (!this.#endsFor(reason, offends)) return;
    this.#destroyHttp2(null as never, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  #endsFor(reason: string, offends: boolean): boolean {
    if (this.#ending) return false;
    this.#ending = true;
    if (offends) this.#offenders.add(this.address, performance.now());
    this.#log.ends(reason);
    return true;
  }

  /** Cuts it if HTTP/2 has not begun on it: that would not end it when the server stops. */
  stop(): void {
    if (!this.#begun) this.destroy('the server stops');
  }

  /** Ends it before HTTP/2 has begun, for a reason that its log is told. */
  neverBegan(reason: string): void {
    this.destroy(reason);
    this.closed();
  }

  /** Notes that HTTP/2 ends it, if that is because of its client. */
  #brokeRules({ code, message }: NodeJS.ErrnoException): void {
    if (code !== http2Error) return;
    this.#offenders.add(this.address, performance.now());
    // What has come is no beginning of HTTP/2.
    const other = message.includes('client magic') ? ' (TLS or HTTP/1, perhaps)' : '';
    this.#log.ends(`it broke the rules of HTTP/2, or flooded it: ${message}${other}`);
  }

  /** The socket that came in is gone. Until HTTP/2 has begun, whoever is at work on it says why. */
  socketClosed(): void {
    if (this.#begun) this.closed();
  }

  /** Ends the sessions that have no other connection, as it is gone. */
  closed(): void {
    this.#log.closed({ bytesRead: this.socket.bytesRead, bytesWritten: this.socket.bytesWritten });
    this.account.close();
    this.allowance.close();
    for (const session of [...(this.#sessions ?? [])]) session.connectionClosed();
    this.stranger?.leave();
  }
}

// The code of an error for which nghttp2 has ended the connection.
const http2Error = 'ERR_HTTP2_ERROR';

// HTTP/2 holds up to 128 KB of names and values whose headers have no end yet, and takes twice the room for what is
// compressed. Few bytes are part of the memory of a connection.
const headerBytesFree = 8 * 1024;
const memoryPerHeaderByte = 2;

/** The reason to end a connection whose client sends longer headers than any call has. */
export const headersTooLong = 'its headers are too large';

/** The reason to cut a connection whose client does not read. */
export const notReading = 'it does not read what it is sent';

/** The limits of connections; see {@link GrpcServerLimits}. */
type ConnectionLimits = AdmissionLimits &
  Pick<GrpcServerLimits, 'keepAliveTimeoutMs' | 'drainTimeoutMs' | 'messageTimeoutMs'>;

/** The options of a connection, which all of a server share. */
export interface ConnectionOptions {
  readonly limits: ConnectionLimits;
  readonly budget: MemoryBudget;
  readonly allowances: CallAllowances;
  readonly offenders: Offenders;
  /** The parts of messages of all connections. */
  readonly parts: TurnCount;
  readonly teardown: TeardownQueue;
  readonly scheduler: Pick<Scheduler, 'isUser'>;
  readonly logger: Logger;
  readonly trace: Trace | undefined;
}
