import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Admission, networkOf } from '@tandem/core';
import { Connection } from './connection.ts';
import {
  defaultSocketServerLimits,
  type SocketServerLimits,
  type SocketServerOptions,
} from './options.ts';
import { Pacer } from './pacer.ts';
import { refuseBusy } from './refusal.ts';

// Clients that are being told that the server is busy; beyond them, connections are just dropped.
const refusalsMax = 100;
const silenceSweepMsMax = 1_000;
// What making long lists may take of a turn of the event loop, however many ask for them.
const paceSliceMs = 4;
const listenBacklog = 4_096;

/** A socket server that listens. */
export interface SocketServer {
  /** The address that it listens on. */
  readonly host: string;
  /** The port that it listens on, never 0. */
  readonly port: number;
  /** How many clients are connected. */
  readonly connectionCount: number;
  /**
   * Takes no more connections, tells every client, answers what was read, and closes. Resolves when
   * all are gone, by force after `stopGraceMs`. May be called again. [P-6.9]
   */
  stop(): Promise<void>;
}

/** Starts a socket server; it listens when this resolves. Rejects with Node's error when it cannot. */
export async function startSocketServer(options: SocketServerOptions): Promise<SocketServer> {
  const limits = { ...defaultSocketServerLimits, ...options.limits };
  const server = createServer({
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: limits.keepAliveMs,
  });
  const connections = new ConnectionTable(options, limits);
  server.on('connection', (socket) => connections.admit(socket));
  await listen(server, options.host, options.port);
  const silenceSweep = setInterval(
    () => connections.dropSilent(),
    Math.min(limits.idleBeforeLoginMs, limits.drainTimeoutMs, silenceSweepMsMax),
  );
  server.on('close', () => clearInterval(silenceSweep));
  server.on('error', (error) => options.logger.error({ err: error }, 'the socket server failed'));

  const { address, port } = server.address() as AddressInfo;
  let stopped: Promise<void> | undefined;
  return {
    host: address,
    port,
    get connectionCount() {
      return connections.size;
    },
    stop() {
      stopped ??= stop(server, connections, limits.stopGraceMs);
      return stopped;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: listenBacklog }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function stop(server: Server, connections: ConnectionTable, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const force = setTimeout(() => connections.destroyAll(), graceMs);
  connections.stopAll();
  await closed;
  // Node says that the server is closed before it says so of the last sockets.
  await connections.whenEmpty();
  clearTimeout(force);
}

/** The clients that are connected, and who of those that come may stay. */
class ConnectionTable {
  readonly #options: SocketServerOptions;
  readonly #limits: SocketServerLimits;
  readonly #connections = new Set<Connection>();
  readonly #admission: Admission;
  readonly #refused = new Set<Socket>();
  readonly #pacer = new Pacer(paceSliceMs);
  #onEmpty: (() => void) | undefined;

  constructor(options: SocketServerOptions, limits: SocketServerLimits) {
    this.#options = options;
    this.#limits = limits;
    this.#admission = new Admission(limits);
  }

  get size(): number {
    return this.#connections.size;
  }

  admit(socket: Socket): void {
    const address = networkOf(socket.remoteAddress ?? '');
    if (this.#admission.admit(address)) this.#accept(socket, address);
    else this.#refuse(socket);
  }

  /** Resolves when nobody is connected. For one caller. */
  whenEmpty(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  stopAll(): void {
    for (const connection of this.#connections) connection.stop();
    for (const socket of this.#refused) socket.destroy();
  }

  /** Drops who does not read, or says nothing. One timer for all: each of its own would weigh more. */
  dropSilent(): void {
    const now = performance.now();
    for (const connection of this.#connections) connection.dropIfSilent(now);
  }

  destroyAll(): void {
    for (const connection of this.#connections) connection.destroy('the server stops');
  }

  #accept(socket: Socket, address: string): void {
    const { service, logger } = this.#options;
    const connection = new Connection({
      socket,
      address,
      service,
      logger,
      limits: this.#limits,
      pacer: this.#pacer,
    });
    socket.on('close', () => {
      this.#connections.delete(connection);
      this.#admission.release(address);
      if (this.size === 0) this.#onEmpty?.();
    });
    this.#connections.add(connection);
  }

  #refuse(socket: Socket): void {
    this.#warnBusy();
    if (this.#refused.size >= refusalsMax) {
      socket.destroy();
      return;
    }
    this.#refused.add(socket);
    socket.on('close', () => this.#refused.delete(socket));
    refuseBusy(socket);
  }

  #warnBusy(): void {
    if (!this.#admission.warns(performance.now())) return;
    this.#options.logger.warn(
      { connections: this.size },
      'connections are refused: the server, or one address, has as many as it may',
    );
  }
}
