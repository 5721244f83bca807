import { constants, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Origin, Trace, Turns } from '@tandem/chat';
import {
  type AdmissionLimits,
  ConnectionLog,
  ConnectionTable,
  type MemoryAccount,
  type MemoryBudget,
  type TableConnection,
} from '@tandem/core';
import type { Logger } from 'pino';
import type { GrpcServerLimits } from '../options.ts';
import { WaitingAnswers } from '../unary/pending-responses.ts';
import type { UnarySession } from '../unary/session.ts';
import type { CallAllowance, CallAllowances } from './call-allowance.ts';
import { FloodMeter } from './flood-meter.ts';
import type { Offenders } from './offenders.ts';
import type { OpenCall } from './open-call.ts';
import { PacedSocket } from './paced-socket.ts';

// What an idle connection takes in memory, roughly: its socket, and its state of HTTP/2.
const connectionBytes = 32 * 1024;

/**
 * One TCP connection, which may carry many calls and several sessions.
 *
 * A call without a token is known by its connection: it may act for the users who logged in on it.
 * That ends with the connection, since its address and port will be used again by somebody else.
 */
export class GrpcConnection implements Origin, TableConnection {
  readonly socket: Socket;
  /** The network that it comes from; see `networkOf`. */
  readonly address: string;
  /** What it holds in memory. */
  readonly account: MemoryAccount;
  /** The calls that HTTP/2 has not forgotten. */
  readonly calls = new Set<OpenCall>();
  /** How many of them it may have. */
  readonly allowance: CallAllowance;
  /** What it says that is of no use. */
  readonly flood: FloodMeter;
  /** Its HTTP/2, once that has begun. */
  http2: ServerHttp2Session | undefined;
  /** Whether HTTP/2 is given its bytes bit by bit, since its address has offended lately. */
  readonly paced: boolean;
  readonly #limits: ConnectionLimits;
  readonly #offenders: Offenders;
  readonly #log: ConnectionLog;
  /** How many streams it has that are, or may become, a session. */
  streams = 0;
  #ending = false;
  // Most connections, those of Converse among them, never have either.
  #sessions: Map<string, UnarySession> | undefined;
  #answers: WaitingAnswers | undefined;

  constructor(socket: Socket, address: string, options: ConnectionsOptions) {
    this.socket = socket;
    this.#log = new ConnectionLog(options.logger, 'grpc', socket);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#log.ends(`the client is gone: ${error.code ?? error.message}`);
    });
    this.#offenders = options.offenders;
    this.paced = options.offenders.has(address, performance.now());
    this.address = address;
    this.#limits = options.limits;
    this.allowance = options.allowances.open(this);
    this.flood = new FloodMeter(socket);
    this.account = options.budget.open(address, () => {
      this.calmDown('others need the memory that it holds');
    });
  }

  /** The sessions that were begun on this connection, by username. */
  get sessions(): Map<string, UnarySession> {
    this.#sessions ??= new Map();
    return this.#sessions;
  }

  /** What waits for its client to read it. */
  get answers(): WaitingAnswers {
    this.#answers ??= new WaitingAnswers({
      account: this.account,
      drainTimeoutMs: this.#limits.drainTimeoutMs,
      onStuck: () => this.destroy(notReading),
    });
    return this.#answers;
  }

  /** Whether somebody is, or may be about to be, logged in on it. */
  get hasSession(): boolean {
    return this.streams > 0 || (this.#sessions?.size ?? 0) > 0;
  }

  /** What HTTP/2 is to read it from. To be called once. */
  socketFor(turns: Turns): Duplex {
    if (!this.paced) return this.socket;
    this.note('paced, since its address has offended lately');
    return new PacedSocket(this.socket, { turns, origin: this, account: this.account });
  }

  /** Tells of each operation on it; undefined when nobody wants to know. */
  get trace(): Trace | undefined {
    return this.#log.trace;
  }

  /** Tells the log of something on it, at `debug`. */
  note(what: string, details?: object): void {
    this.#log.note(what, details);
  }

  /** Cuts it, for a reason that the log is told. */
  destroy(reason: string): void {
    this.#log.ends(reason);
    this.socket.destroy();
  }

  /** Whether it takes no calls any more. */
  get ending(): boolean {
    return this.#ending;
  }

  /** Ends what has waited too long on it. To be called about once a second. */
  look(nowMs: number): void {
    for (const call of this.calls) call.look(nowMs, this.#limits.messageTimeoutMs);
    const overdue = nowMs - this.allowance.toldAtMs >= this.#limits.keepAliveTimeoutMs;
    if (overdue && this.http2?.pendingSettingsAck === true) {
      this.calmDown('it does not acknowledge the limits of HTTP/2');
    }
  }

  /** Ends it if it says too much that is neither a call nor a message. */
  endIfFlooding(nowMs: number): void {
    if (this.flood.tooMuch(nowMs))
      this.calmDown('it floods HTTP/2 with frames that ask for nothing');
  }

  /**
   * Ends it in the next turn, and tells the client that it asked too much (ENHANCE_YOUR_CALM). Until
   * then Node may still have calls of it to announce: their errors would be nobody's. May be called
   * again.
   */
  calmDown(reason: string): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#offenders.add(this.address, performance.now());
    this.#log.ends(reason);
    setImmediate(() => {
      if (this.http2 === undefined) this.socket.destroy();
      // Of no error at all Node takes the code for its own.
      else this.http2.destroy(null as never, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    });
  }

  /** HTTP/2 has ended it, for what its client did. */
  brokeRules(reason: string): void {
    this.#ending = true;
    this.#offenders.add(this.address, performance.now());
    this.#log.ends(`it broke the rules of HTTP/2, or flooded it: ${reason}`);
  }

  /** It is gone, and with it who is known by it. */
  closed(): void {
    this.#log.closed({ bytesRead: this.socket.bytesRead, bytesWritten: this.socket.bytesWritten });
    this.account.close();
    this.allowance.close();
    for (const session of [...(this.#sessions?.values() ?? [])]) session.connectionClosed();
  }
}

/** Why a connection is cut whose client takes nothing of what waits for it. */
export const notReading = 'it does not read what it is sent';

/** What bounds the connections; see {@link GrpcServerLimits}. */
type ConnectionLimits = AdmissionLimits &
  Pick<GrpcServerLimits, 'keepAliveTimeoutMs' | 'drainTimeoutMs' | 'messageTimeoutMs'>;

interface ConnectionsOptions {
  readonly limits: ConnectionLimits;
  readonly budget: MemoryBudget;
  readonly allowances: CallAllowances;
  readonly offenders: Offenders;
  readonly logger: Logger;
}

/** The connections of a server, known by the address that grpc-js names a call's client with: `address:port`. */
export class Connections extends ConnectionTable<Socket, GrpcConnection> {
  readonly #byPeer = new Map<string, GrpcConnection>();
  readonly #options: ConnectionsOptions;

  constructor(options: ConnectionsOptions) {
    super('grpc', options.limits, options.logger);
    this.#options = options;
  }

  /**
   * The connection of a call. Take the peer when the call begins: later it may read `unknown`, which
   * is nobody.
   */
  get(peer: string): GrpcConnection | undefined {
    return this.#byPeer.get(peer);
  }

  /** Takes a connection in, or drops it when there are too many: the client sees UNAVAILABLE. */
  accept(socket: Socket): GrpcConnection | undefined {
    socket.on('error', ignore);
    const connection = this.admit(socket, (address) => this.#connect(socket, address));
    if (connection === undefined) {
      socket.destroy();
      return undefined;
    }
    const peer = `${socket.remoteAddress ?? ''}:${socket.remotePort}`;
    this.#byPeer.set(peer, connection);
    // Closing an HTTP/2 connection waits for the peer's side to close, which may never come.
    socket.on('finish', () => {
      const overdue = setTimeout(() => socket.destroy(), this.#options.limits.keepAliveTimeoutMs);
      socket.on('close', () => clearTimeout(overdue));
    });
    socket.on('close', () => {
      if (this.#byPeer.get(peer) === connection) this.#byPeer.delete(peer);
      connection.closed();
    });
    return connection;
  }

  #connect(socket: Socket, address: string): GrpcConnection | undefined {
    const connection = new GrpcConnection(socket, address, this.#options);
    if (connection.account.take(connectionBytes)) return connection;
    connection.account.close();
    connection.allowance.close();
    return undefined;
  }
}

// One for all connections.
function ignore(): void {}
