import type { Socket } from 'node:net';
import type { Origin, Trace } from '@tandem/chat';
import {
  Admission,
  type AdmissionLimits,
  type AdmissionRefusal,
  ConnectionLog,
  logRefusal,
  networkOf,
  Tally,
} from '@tandem/core';
import type { Logger } from 'pino';
import type { GrpcServerLimits } from './options.ts';
import { ResponseBudget } from './response-budget.ts';
import type { UnarySession } from './unary-session.ts';
import { WaitingAnswers } from './waiting-answers.ts';

/**
 * One TCP connection, which may carry many calls and several sessions.
 *
 * A call without a token is known by its connection: it may act for the users who logged in on it.
 * That ends with the connection, since its address and port will be used again by somebody else.
 */
export class GrpcConnection implements Origin {
  readonly socket: Socket;
  /** The network that it comes from; see `networkOf`. */
  readonly address: string;
  readonly #limits: ConnectionLimits;
  readonly #budget: ResponseBudget;
  readonly #log: ConnectionLog;
  /** How many streams it has that are, or may become, a session. */
  streams = 0;
  // Most connections, those of Converse among them, never have either.
  #sessions: Map<string, UnarySession> | undefined;
  #answers: WaitingAnswers | undefined;

  constructor({ socket, address, limits, budget, logger }: GrpcConnectionOptions) {
    this.socket = socket;
    this.#log = new ConnectionLog(logger, 'grpc', socket);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#log.ends(`the client is gone: ${error.code ?? error.message}`);
    });
    this.address = address;
    this.#limits = limits;
    this.#budget = budget;
  }

  /** The sessions that were begun on this connection, by username. */
  get sessions(): Map<string, UnarySession> {
    this.#sessions ??= new Map();
    return this.#sessions;
  }

  /** What waits for its client to read it. */
  get answers(): WaitingAnswers {
    this.#answers ??= new WaitingAnswers({
      budget: this.#budget,
      bytesMax: this.#limits.responseBytesWaitingPerConnectionMax,
      drainTimeoutMs: this.#limits.drainTimeoutMs,
      onStuck: () => this.destroy(notReading),
    });
    return this.#answers;
  }

  /** Whether somebody is, or may be about to be, logged in on it. */
  get hasSession(): boolean {
    return this.streams > 0 || (this.#sessions?.size ?? 0) > 0;
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

  /** It is gone, and with it who is known by it. */
  closed(): void {
    this.#log.closed({ bytesRead: this.socket.bytesRead, bytesWritten: this.socket.bytesWritten });
    for (const session of [...(this.#sessions?.values() ?? [])]) session.connectionClosed();
  }
}

/** Why a connection is cut whose client takes nothing of what waits for it. */
export const notReading = 'it does not read what it is sent';

/** What a connection is made of. */
interface GrpcConnectionOptions {
  readonly socket: Socket;
  readonly address: string;
  readonly limits: ConnectionLimits;
  readonly budget: ResponseBudget;
  readonly logger: Logger;
}

/** What bounds the connections; see {@link GrpcServerLimits}. */
type ConnectionLimits = AdmissionLimits &
  Pick<
    GrpcServerLimits,
    | 'keepAliveTimeoutMs'
    | 'drainTimeoutMs'
    | 'responseBytesWaitingMax'
    | 'responseBytesWaitingPerConnectionMax'
  >;

/** The connections, by the peer that grpc-js names them with: `address:port`. */
export class Connections {
  readonly #byPeer = new Map<string, GrpcConnection>();
  readonly #bySocket = new Map<Socket, GrpcConnection>();
  readonly #admission: Admission<Socket>;
  readonly #turnedAway: Tally<AdmissionRefusal | 'displaced'>;
  readonly #limits: ConnectionLimits;
  readonly #budget: ResponseBudget;
  readonly #logger: Logger;
  #onEmpty: (() => void) | undefined;

  constructor(limits: ConnectionLimits, logger: Logger) {
    this.#admission = new Admission(limits, {
      hasSession: (socket) => this.#bySocket.get(socket)?.hasSession === true,
      displace: (socket) => {
        this.#turnedAway.add('displaced');
        this.#bySocket.get(socket)?.destroy('another address has its place');
      },
    });
    this.#turnedAway = new Tally((counts) =>
      logger.warn({ transport: 'grpc', connections: this.size, ...counts }, turnedAway),
    );
    this.#limits = limits;
    this.#budget = new ResponseBudget(limits.responseBytesWaitingMax);
    this.#logger = logger;
  }

  /** How many there are. */
  get size(): number {
    return this.#byPeer.size;
  }

  /**
   * The connection of a call. Take the peer when the call begins: later it may read `unknown`, which
   * is nobody.
   */
  get(peer: string): GrpcConnection | undefined {
    return this.#byPeer.get(peer);
  }

  /** Takes a connection in, or drops it when there are too many: the client sees UNAVAILABLE. */
  admit(socket: Socket): boolean {
    const { remoteAddress = '' } = socket;
    const address = networkOf(remoteAddress);
    socket.on('error', ignore);
    const refusal = this.#admission.enter(address, socket);
    if (refusal !== undefined) {
      this.#refuse(socket, refusal);
      return false;
    }
    const peer = `${remoteAddress}:${socket.remotePort}`;
    const connection = new GrpcConnection({
      socket,
      address,
      limits: this.#limits,
      budget: this.#budget,
      logger: this.#logger,
    });
    this.#bySocket.set(socket, connection);
    this.#byPeer.set(peer, connection);
    // Closing an HTTP/2 connection waits for the peer's side to close, which may never come.
    socket.on('finish', () => {
      const overdue = setTimeout(() => socket.destroy(), this.#limits.keepAliveTimeoutMs);
      socket.on('close', () => clearTimeout(overdue));
    });
    socket.on('close', () => {
      this.#admission.leave(address, socket);
      this.#bySocket.delete(socket);
      if (this.#byPeer.get(peer) === connection) this.#byPeer.delete(peer);
      connection.closed();
      if (this.size === 0) this.#onEmpty?.();
    });
    return true;
  }

  /** Resolves when nobody is connected. For one caller. */
  whenEmpty(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  /** Cuts every connection, whatever is under way on it. */
  destroyAll(): void {
    for (const connection of this.#byPeer.values()) connection.destroy('the server stops');
  }

  /** Tells the log what it was not yet told. */
  flushLog(): void {
    this.#turnedAway.flush();
  }

  #refuse(socket: Socket, reason: AdmissionRefusal): void {
    this.#turnedAway.add(reason);
    logRefusal(this.#logger, 'grpc', socket, reason);
    socket.destroy();
  }
}

const turnedAway =
  'connections are refused, or closed for those of other addresses: the server, or one address, has as many as it may';

// One for all connections.
function ignore(): void {}
