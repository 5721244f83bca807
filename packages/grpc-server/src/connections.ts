import type { Socket } from 'node:net';
import type { Origin } from '@tandem/chat';
import { Admission, type AdmissionLimits, networkOf } from '@tandem/core';
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
  // Most connections, those of Converse among them, never have either.
  #sessions: Map<string, UnarySession> | undefined;
  #answers: WaitingAnswers | undefined;

  constructor(socket: Socket, address: string, limits: ConnectionLimits, budget: ResponseBudget) {
    this.socket = socket;
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
      onStuck: () => this.socket.destroy(),
    });
    return this.#answers;
  }

  /** It is gone, and with it who is known by it. */
  closed(): void {
    for (const session of [...(this.#sessions?.values() ?? [])]) session.connectionClosed();
  }
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
  readonly #admission: Admission;
  readonly #limits: ConnectionLimits;
  readonly #budget: ResponseBudget;
  readonly #logger: Logger;
  #onEmpty: (() => void) | undefined;

  constructor(limits: ConnectionLimits, logger: Logger) {
    this.#admission = new Admission(limits);
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
    if (!this.#admission.admit(address)) {
      this.#warnBusy();
      socket.destroy();
      return false;
    }
    const peer = `${remoteAddress}:${socket.remotePort}`;
    const connection = new GrpcConnection(socket, address, this.#limits, this.#budget);
    this.#byPeer.set(peer, connection);
    // Closing an HTTP/2 connection waits for the peer's side to close, which may never come.
    socket.on('finish', () => {
      const overdue = setTimeout(() => socket.destroy(), this.#limits.keepAliveTimeoutMs);
      socket.on('close', () => clearTimeout(overdue));
    });
    socket.on('close', () => {
      this.#admission.release(address);
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
    for (const { socket } of this.#byPeer.values()) socket.destroy();
  }

  #warnBusy(): void {
    if (!this.#admission.warns(performance.now())) return;
    this.#logger.warn(
      { connections: this.size },
      'connections are refused: the server, or one address, has as many as it may',
    );
  }
}

// One for all connections.
function ignore(): void {}
